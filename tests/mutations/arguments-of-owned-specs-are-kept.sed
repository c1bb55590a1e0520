# Arguments are resolved once where they are the same in every place: here also where something in them is somebody's.
# Construct/Resolve.fs
s/isAlone && not (Array\.exists Owners\.isOwned values)/isAlone/
