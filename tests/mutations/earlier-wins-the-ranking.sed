# Between equal sources the later wins: here the earlier is ranked first.
# Config/Config.fs
s/| 0 -> b\.Order\.CompareTo a\.Order/| 0 -> a.Order.CompareTo b.Order/
