# Who put another module in a place is decided by priority: here by who said it last.
# Construct/Resolve.fs
s/Scopes\.candidates Aspects\.kind (outer @ own) |> ConfigItem\.ranked/Scopes.candidates Aspects.kind (outer @ own) |> List.rev/
