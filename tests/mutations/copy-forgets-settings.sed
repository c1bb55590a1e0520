# A copy brings what was said of the module and what is below it: here not.
# Construct/NodeBuilder.fs
s/(heard @ List\.rev edits)/(List.truncate 0 heard @ List.rev edits)/
