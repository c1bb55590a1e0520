# An unknown field is an error: here it is passed over.
# Data/Json.fs
s/if not (List\.contains name needed || List\.contains name allowed) then/if name = "" then/
