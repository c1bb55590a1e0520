# A fresh spec shares no module: here it has the same tree.
# Change/Tape.fs
s/let fresh (spec: ModuleSpec) = Spec\.forget spec/let fresh (spec: ModuleSpec) = if spec.Steps.Length < 0 then Spec.forget spec else spec/
