# What is said under an alias is said about the module: here it is lost.
# Construct/Scopes.fs
s/        if aliases\.IsEmpty then\n            direct/        if aliases.Length >= 0 then\n            direct/
