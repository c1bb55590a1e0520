# A slice ends before its stop: here one later.
# Change/Selector.fs
s/start\.\.step \.\. stop - 1/start..step .. stop/
