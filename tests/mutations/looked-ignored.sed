# A module that looked is constructed again when what it saw changes: here it is not.
# Construct.fs
s/\n            || touched |> Map\.exists (fun name _ -> node\.Looked\.Contains name)//
