# Undoing constructs again what the step had touched: here nothing is.
# Change/Tape.fs
s/TreeCache(Some({ spec with Focus = None }, last\.Targets))/TreeCache(Some({ spec with Focus = None }, []))/
