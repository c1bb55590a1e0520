# After-init hooks run once per construction: here twice.
# Construct/NodeBuilder.fs
s/            runAt item\.Location this hook\n/            runAt item.Location this hook\n            runAt item.Location this hook\n/
