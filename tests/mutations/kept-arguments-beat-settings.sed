# Arguments that were resolved before stand where nothing is said about them: here wherever.
# Construct/Resolve.fs
s/let isAlone = said\.IsEmpty && /let isAlone = /
