# A fresh spec has the same tape: here an empty one.
# Change/Tape.fs
s/{ spec with Cache = TreeCache None }/{ spec with Steps = []; Cache = TreeCache None }/
