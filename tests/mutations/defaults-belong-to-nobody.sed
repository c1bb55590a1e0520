# A spec that is a default belongs to the module with the default: here to nobody.
# Construct/Resolve.fs
s/            Owners\.give (Derived tag) (Order\.within Order\.start) parameter\.Default/            (if (tag: Tag).Depth < 0 then Owners.give (Derived tag) (Order.within Order.start) parameter.Default else parameter.Default)/
