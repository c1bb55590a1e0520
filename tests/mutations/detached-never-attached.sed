# Attaching a spec makes its detached settings the attaching module's: here they stay nobody's.
# Spec/Owners.fs
s/Source = source; Order = Order\.inside order item\.Order/Source = (if number < 0 then source else item.Source); Order = Order.inside order item.Order/
