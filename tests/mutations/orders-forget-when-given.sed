# A setting that travels inside a spec counts as made when the spec was given: here when it was made.
# Spec/Owners.fs
s/Order = Order\.inside order item\.Order }/Order = (if number < 0 then order else item.Order) }/
