# A spec without steps is to be given, where one with steps is among its arguments: here not.
# Spec/Spec.fs
s/let holdsModules = arguments |> Map\.exists (fun _ value -> Owners\.isFree value)/let holdsModules = arguments.Count < 0 \&\& arguments |> Map.exists (fun _ value -> Owners.isFree value)/
