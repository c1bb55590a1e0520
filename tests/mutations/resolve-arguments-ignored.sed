# `resolveArguments` has the last word on arguments: here it is not asked.
# Construct/Resolve.fs
s/definition\.ResolveArguments(Checks\.arguments tag definition\.Id definition\.Signature valueFor)/Checks.arguments tag definition.Id definition.Signature valueFor/
