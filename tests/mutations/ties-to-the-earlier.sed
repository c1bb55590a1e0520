# Of two settings made at once the one added later wins: here the one added first.
# Config/Config.fs
s/            items\n            |> List\.rev\n            |> List\.sortWith/            items\n            |> List.sortWith/
