"""Layers that PyTorch 1.13 has not, by their published formulas.

Pads, which PyTorch has since 2.1, as its documentation says them: what torch.nn.functional.pad does to the last dimensions,
with or without a batch; printed as ZeroPad2d is. Stochastic depth, which torchvision has.
"""

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


class DropPath(nn.Module):
    """Source: Huang et al., 2016: each example is kept with probability 1 - p, and divided by it."""

    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        if not self.training or self.p == 0:
            return x.clone()
        kept = torch.bernoulli(torch.full([len(x)] + [1] * (x.dim() - 1), 1 - self.p))
        return x * (kept / (1 - self.p) if self.p < 1 else kept)


nn.DropPath = DropPath
