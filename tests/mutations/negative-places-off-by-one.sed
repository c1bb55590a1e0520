# -1 is the last child: here the one before it.
# Change/Selector.fs
s/if i < 0 then i + node\.Children\.Length/if i < 0 then i + node.Children.Length - 1/
