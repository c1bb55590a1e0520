# A new step ends what could be redone: here it stays.
# Spec/Spec.fs
s/            Undone = \[\]\n            IsFree = true/            IsFree = true/
