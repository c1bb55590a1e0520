# Another kind keeps the arguments given to the old one: here it drops them.
# Construct/Resolve.fs
s/if gift\.Spec\.Arguments\.IsEmpty then\n                gift\.Spec\.Arguments/if not (Object.ReferenceEquals(origin, definition)) then\n                Map.empty/
