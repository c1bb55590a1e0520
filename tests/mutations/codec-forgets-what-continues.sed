# What was made by one call is one entry to undo after it was saved too: here each step is one.
# Codec/SpecWriter.fs
s/                if step\.Continues then/                if step.Continues \&\& step.Targets.IsEmpty then/
