# An argument beats the default: here it does not.
# Construct/Resolve.fs
s/        | true, value -> value\n        | _ when Value\.isFree parameter\.Default/        | true, value when parameter.Default = Unset -> value\n        | _ when Value.isFree parameter.Default/
