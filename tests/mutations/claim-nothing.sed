# What comes in through an argument is claimed for its giver: here `claim` is the identity.
# Spec/Value.fs
s/Module(claimSpec source stamp spec)/(claimSpec source stamp spec |> ignore; value)/
