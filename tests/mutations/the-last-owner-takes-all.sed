# Who was given a spec earlier owns the steps made until then: here the last one owns them all.
# Spec/Owners.fs
s/                | owner :: earlier when number <= owner\.Steps -> find owner\.Source owner\.Order earlier/                | owner :: _ when number <= owner.Steps -> struct (owner.Source, owner.Order)/
