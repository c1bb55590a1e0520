# What a twin contains has tags below its own: here it keeps those of the first.
# Spec/Types.fs
s/Child(Twin(child, tag, child\.Name))/child/
