# After-init hooks run once per construction: here twice.
# Construct/NodeBuilder.fs
s/            Stages\.afterInit item\.Location this hook\n/            Stages.afterInit item.Location this hook\n            Stages.afterInit item.Location this hook\n/
