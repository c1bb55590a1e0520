# `prepare` sees the arguments first: here it is not asked.
# Resolve.fs
s/origin\.Prepare gift\.Spec\.Arguments/gift.Spec.Arguments/
