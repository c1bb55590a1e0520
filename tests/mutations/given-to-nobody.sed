# What comes in through an argument belongs to its giver: here to nobody yet.
# Spec/Owners.fs
s/        | Module spec when isFree value ->\n            let owner/        | Module spec when isFree value \&\& spec.Memory.Count < 0 ->\n            let owner/
