"""Records what modules that an author writes compute in PyTorch, into own.json beside this file: with parameters and buffers
of their own, and sizes in their forward pass.

Run with PyTorch 1.13: `python3 own.py`. Inputs and parameters are not recorded: both sides fill them with the same sines
(see `fill` of lowering.py).
"""
import json
import math
import os

import torch
from torch import nn

torch.set_num_threads(1)


def fill(shape, seed):
    """sin(0.7 i + seed) for element i."""
    values = torch.sin(0.7 * torch.arange(math.prod(shape), dtype=torch.float64) + seed)
    return values.to(torch.float32).reshape(shape)


class RMSNorm(nn.Module):
    """Zhang and Sennrich 2019."""

    def __init__(self, dim, eps=1e-6):
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(dim))

    def forward(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.eps) * self.weight


class Tokens(nn.Module):
    """A class token and positional embeddings, as in Dosovitskiy et al. 2020."""

    def __init__(self, dim, length):
        super().__init__()
        self.cls_token = nn.Parameter(torch.zeros(1, 1, dim))
        self.pos_embedding = nn.Parameter(torch.zeros(1, length + 1, dim))
        self.proj = nn.Linear(dim, dim)

    def forward(self, x):
        batch, length = x.shape[0], x.shape[1]
        x = torch.cat([self.cls_token.expand(batch, -1, -1), self.proj(x)], 1)
        return x + self.pos_embedding[:, : length + 1]


class CausalSelfAttention(nn.Module):
    """As minGPT and its like: of any length, by a mask made of it."""

    def __init__(self, dim, heads):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(dim, 3 * dim)
        self.proj = nn.Linear(dim, dim)

    def forward(self, x):
        b, t, c = x.shape
        q, k, v = (
            y.reshape(b, t, self.heads, c // self.heads).transpose(1, 2) for y in self.qkv(x).split([c, c, c], -1)
        )
        scores = q @ k.transpose(-2, -1) / math.sqrt(c // self.heads)
        mask = torch.ones(t, t, dtype=torch.bool).tril()
        weights = scores.masked_fill(mask.logical_not(), -math.inf).softmax(-1)
        return self.proj((weights @ v).transpose(1, 2).reshape(b, t, c))


class Centered(nn.Module):
    """Takes a running mean away, which it keeps as BatchNorm1d does."""

    def __init__(self, dim, momentum=0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("running_mean", torch.zeros(dim))
        self.register_buffer("steps", torch.zeros((), dtype=torch.int64))

    def forward(self, x):
        if self.training:
            mean = x.mean(0)
            with torch.no_grad():
                self.running_mean.copy_((1 - self.momentum) * self.running_mean + self.momentum * mean)
                self.steps.add_(1)
        else:
            mean = self.running_mean
        return x - mean


def numbers(tensor):
    return [float("%.7g" % v) for v in tensor.detach().double().flatten().tolist()]


cases = []


def case(name, module, *shapes, training=True):
    for i, (_, parameter) in enumerate(module.named_parameters()):
        parameter.data.copy_(fill(parameter.shape, 1.0 + i))
    module.train(training)
    calls = []
    for i, shape in enumerate(shapes):
        x = fill(shape, 0.1 * i).requires_grad_(True)
        module.zero_grad()
        y = module(x)
        (y * fill(y.shape, 0.5)).sum().backward()
        calls.append(
            {
                "input": shape,
                "shape": list(y.shape),
                "output": numbers(y),
                "gradients": [numbers(x.grad)] + [numbers(p.grad) for p in module.parameters()],
                "buffers": [numbers(b) for b in module.buffers()],
            }
        )
    cases.append(
        {
            "name": name,
            "training": training,
            "state": [[key, list(t.shape)] for key, t in module.state_dict().items()],
            "parameters": [key for key, _ in module.named_parameters()],
            "calls": calls,
        }
    )


case("RMSNorm", RMSNorm(4), [2, 4], [3, 2, 4])
case("Tokens", Tokens(4, 5), [2, 5, 4], [1, 3, 4])
case("CausalSelfAttention", CausalSelfAttention(4, 2), [2, 3, 4], [1, 5, 4])
centered = Centered(3)
case("Centered", centered, [4, 3], [2, 3])
case("Centered", centered, [4, 3], training=False)

path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "own.json")
with open(path, "w") as file:
    file.write('{"cases": [\n' + ",\n".join(json.dumps(c) for c in cases) + "\n]}\n")
print(len(cases), "cases")
