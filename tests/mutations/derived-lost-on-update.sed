# What a module derived is heard by a child that is constructed again alone: here it is lost.
# Construct/Construct.fs
s/let all = Owners\.withDerived node\.Tag node\.Particulars\.Derived scopes/let all = scopes/
