# A saved step knows its group: here not.
# Codec/SpecReader.fs
s/| true, group -> Some(Json\.text (path + \"\.group\") group)/| true, group -> (Json.text (path + \".group\") group |> ignore; None)/
