# A fresh spec shares no module: here it has the same tree.
# Change/Tape.fs
s/{ spec with Cache = TreeCache None }/{ spec with Group = spec.Group }/
