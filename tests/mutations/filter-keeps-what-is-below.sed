# Reconstruction drops what modules below derived: here it drops the module's own alone.
# Config/Config.fs
s/Derived source when Tag\.isWithin tag source/Derived source when tag = source/
