# A fresh spec has the same tape: here an empty one.
# Change/Tape.fs
s/Spec\.forget spec/Spec.forget (Spec.origin spec)/
