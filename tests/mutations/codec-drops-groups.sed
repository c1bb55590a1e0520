# A saved step knows its group: here not.
# Codec/SpecReader.fs
s/| true, group -> Some(Json\.text (Field(path, "group")) group)/| true, group -> (Json.text (Field(path, "group")) group |> ignore; None)/
