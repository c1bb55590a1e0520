# The arguments of a spec are its first giver's: here those of whoever attaches it.
# Spec/Owners.fs
s/        | \[\] -> struct (attachment\.Source, attachment\.Order)\n        | owners ->/        | owners when owners.Length >= 0 -> struct (attachment.Source, attachment.Order)\n        | owners ->/
