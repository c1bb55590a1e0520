# A saved tape has every step: here not the first.
# Codec/SpecWriter.fs
s/spec\.Steps |> List\.rev |> List\.iter (writeStep writer)/spec.Steps |> List.rev |> List.tail |> List.iter (writeStep writer)/
