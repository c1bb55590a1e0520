# Undoing constructs again what the step had touched: here nothing is.
# Tape.fs
s/TreeCache(Some({ spec with Focus = None }, last\.Targets))/TreeCache(Some({ spec with Focus = None }, []))/
