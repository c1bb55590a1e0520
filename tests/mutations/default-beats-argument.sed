# An argument beats the default: here it does not.
# Resolve.fs
s/match prepared\.TryGetValue parameter\.Name with\n        | true, value ->/match prepared.TryGetValue parameter.Name with\n        | true, value when parameter.Default = Unset ->/
