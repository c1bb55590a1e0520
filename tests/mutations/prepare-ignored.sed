# `prepare` sees the arguments first: here it is not asked.
# Construct/Resolve.fs
s/spec\.Definition\.Prepare spec\.Arguments/spec.Arguments/
