"""Pads that PyTorch has since 2.1 and 1.13 has not, as its documentation says them: what torch.nn.functional.pad does to
the last dimensions, with or without a batch; printed as ZeroPad2d is."""

import torch
from torch import nn


def pad(kind, n, mode):
    def init(self, padding):
        nn.Module.__init__(self)
        self.padding = (padding,) * (2 * n) if isinstance(padding, int) else tuple(padding)

    def forward(self, x):
        if mode == "constant" or x.dim() == n + 2:
            return nn.functional.pad(x, self.padding, mode)
        if x.dim() != n + 1:
            raise ValueError(f"{x.dim()} dimensions")
        return nn.functional.pad(x[None], self.padding, mode)[0]

    def extra_repr(self):
        return str(self.padding)

    name = f"{kind}Pad{n}d"
    setattr(nn, name, type(name, (nn.Module,), {"__init__": init, "forward": forward, "extra_repr": extra_repr}))


for n in (1, 2, 3):
    if n != 2:
        pad("Zero", n, "constant")
    pad("Circular", n, "circular")
