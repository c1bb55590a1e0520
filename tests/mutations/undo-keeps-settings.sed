# Undoing a step takes its settings away: here they stay.
# Spec/Spec.fs
s/if Order\.number item\.Order = number then/if Order.number item.Order = number + 1000 then/
