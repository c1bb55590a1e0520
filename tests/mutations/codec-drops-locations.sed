# A saved step knows where it was made: here not.
# Codec/SpecWriter.fs
s/                step\.Location\n                |> Option\.iter/                step.Location\n                |> Option.filter (fun at -> at.Line < 0)\n                |> Option.iter/
