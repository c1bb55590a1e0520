# A copy brings the edits that were made: here not.
# Construct/NodeBuilder.fs
s/(heard @ List\.rev edits)/(heard @ List.truncate 0 edits)/
