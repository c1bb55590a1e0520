# Who put another module in a place is decided by priority: here by who said it last.
# Construct/Resolve.fs
s/candidates Spec\.IdentityKey (outer @ own) |> ConfigItem\.ranked/candidates Spec.IdentityKey (outer @ own) |> List.rev/
