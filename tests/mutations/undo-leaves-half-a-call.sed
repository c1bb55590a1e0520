# A call is undone as one: here only its last step is.
# Change/Tape.fs
s/| last :: _ when last\.Continues -> back (Spec\.undo spec)/| last :: _ when last.Continues \&\& last.Targets.IsEmpty -> back (Spec.undo spec)/
