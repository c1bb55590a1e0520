# Between equal sources the later wins: here the earlier is ranked first.
# Config/Config.fs
s/0 -> compare b\.Stamp a\.Stamp/0 -> compare a.Stamp b.Stamp/
