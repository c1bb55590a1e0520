# Another kind keeps the arguments given to the old one: here it drops them.
# Construct/Resolve.fs
s/if spec\.Arguments\.IsEmpty then spec\.Arguments/if not (Object.ReferenceEquals(spec.Definition, definition)) then Map.empty/
