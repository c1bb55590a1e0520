# A slice ends before its stop: here one later.
# Change/Slice.fs
s/start\.\.step \.\. stop - 1/start..step .. stop/
