# Between equal sources the later wins: here `beats` says the earlier.
# Config/Config.fs
s/compare a\.Stamp b\.Stamp >= 0/compare a.Stamp b.Stamp <= 0/
