# In a copy what was made earlier stays earlier: here the number of the step stands in its place.
# Config/Order.fs
s/fun (Path original) -> Path(original @ \[ 0; mark \])/fun (Path _) -> Path [ 0; mark ]/
