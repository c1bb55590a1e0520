# Between equal sources the later wins: here `beats` says the earlier.
# Config/Config.fs
s/a\.Order\.CompareTo b\.Order >= 0/a.Order.CompareTo b.Order <= 0/
