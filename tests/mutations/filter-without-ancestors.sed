# Reconstruction keeps what strict ancestors derived: here it drops all that is derived.
# Config/Config.fs
s/Derived source when Tag\.isWithin tag source -> None/Derived _ when tag.Depth >= 0 -> None/
