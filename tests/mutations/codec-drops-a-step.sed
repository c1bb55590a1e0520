# A saved tape has every step: here not the first.
# Codec/SpecWriter.fs
s/(this\.Items this\.Step) (List\.rev spec\.Steps)/(this.Items this.Step) (List.tail (List.rev spec.Steps))/
