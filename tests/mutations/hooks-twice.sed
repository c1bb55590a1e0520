# After-init hooks run once per construction: here twice.
# Construct/NodeBuilder.fs
s/            onBehalf <- source, stamp\n            runHook this hook/            onBehalf <- source, stamp\n            runHook this hook\n            runHook this hook/
