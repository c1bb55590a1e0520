# In a union the later settings come after the earlier: here before.
# Config/Config.fs
s/all\.With(key, after @ all\.Latest key)/all.With(key, all.Latest key @ after)/
