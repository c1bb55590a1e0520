# In a union the later settings come after the earlier: here before.
# Config/Config.fs
s/after @ before/before @ after/
