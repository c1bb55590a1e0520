# A saved tape has every step: here not the first.
# Codec/SpecWriter.fs
s/spec\.Steps |> List\.rev |> List\.iter this\.Step/spec.Steps |> List.rev |> List.tail |> List.iter this.Step/
