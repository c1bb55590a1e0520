# `resolveArguments` has the last word on arguments: here it is not asked.
# Construct/Resolve.fs
s/definition\.ResolveArguments(arguments tag definition\.Id definition\.Signature valueOf)/arguments tag definition.Id definition.Signature valueOf/
