# A new step ends what could be redone: here it stays.
# Spec/Spec.fs
s/let record (step: Step) (spec: ModuleSpec) = recordWith \[\] step spec/let record (step: Step) (spec: ModuleSpec) = recordWith spec.Undone step spec/
