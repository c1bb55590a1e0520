# An argument beats the default: here it does not.
# Construct/Resolve.fs
s/        | true, value -> value\n        | _ when/        | true, value when parameter.Default = Unset -> value\n        | _ when/
