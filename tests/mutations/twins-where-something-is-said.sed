# A module about which something is said has no twins: here it has.
# Construct/Nodes.fs
s/Object\.ReferenceEquals(node\.Particulars, Particulars\.None)/true/
