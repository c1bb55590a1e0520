# `prepare` sees the arguments first: here it is not asked.
# Construct/Resolve.fs
s/origin\.Prepare gift\.Spec\.Arguments/gift.Spec.Arguments/
