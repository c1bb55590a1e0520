# Another kind keeps the arguments given to the old one: here it drops them.
# Construct/Resolve.fs
s/            if spec\.Arguments\.IsEmpty then\n                spec\.Arguments/            if not (Object.ReferenceEquals(spec.Definition, definition)) then\n                Map.empty/
