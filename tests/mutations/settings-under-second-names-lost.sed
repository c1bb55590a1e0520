# What is said under a second name is said about the module: here it is lost.
# Construct/Resolve.fs
s/        if aliases\.IsEmpty then\n            direct/        if aliases.Length >= 0 then\n            direct/
