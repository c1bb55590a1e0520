"""Records what PyTorch makes of each layer: output shapes, errors and printed forms, into layers.json.

Run with PyTorch 1.13: python3 layers.py
Each row: class, arguments by name, input shape, then the output shapes or null where PyTorch refuses, the printed
form, and the parameters with their shapes.
"""

import json
import warnings
from pathlib import Path

import torch
from torch import nn

import newer  # noqa: F401
from outputs import flat

warnings.simplefilter("ignore")

ROWS = []


def row(kind, arguments, *shapes):
    ROWS.extend((kind, arguments, list(shape)) for shape in shapes)


SPATIAL = {1: (11,), 2: (11, 9), 3: (7, 6, 5)}
BATCHED = {n: (2, 6, *SPATIAL[n]) for n in (1, 2, 3)}
SINGLE = {n: (6, *SPATIAL[n]) for n in (1, 2, 3)}

row("Linear", dict(in_features=5, out_features=3), (5,), (2, 5), (2, 3, 4, 5), (2, 4), (), (0, 5))
row("Linear", dict(in_features=5, out_features=1, bias=False), (7, 5))

for n in (1, 2, 3):
    both = (BATCHED[n], SINGLE[n])
    bad = ((2, 5, *SPATIAL[n]), (6,), (1, 2, 6, *SPATIAL[n]), (2, 6) + (1,) * n)
    conv, base = f"Conv{n}d", dict(in_channels=6, out_channels=4, kernel_size=3)
    row(conv, base, *both, *bad)
    row(conv, dict(base, stride=2, padding=1), *both)
    row(conv, dict(base, padding="same", dilation=2), *both)
    row(conv, dict(base, padding="same", stride=2), BATCHED[n])
    row(conv, dict(base, padding="valid", kernel_size=2, bias=False), *both)
    row(conv, dict(base, groups=2, padding=2, dilation=2, padding_mode="circular"), BATCHED[n])
    row(conv, dict(base, groups=4), BATCHED[n])
    row(conv, dict(base, out_channels=3, groups=2), BATCHED[n])
    row(conv, dict(base, kernel_size=9, dilation=2), BATCHED[n])
    row(conv, dict(base, kernel_size=list(range(1, n + 1)), stride=list(range(1, n + 1))), *both)
    row(conv, dict(base, kernel_size=SPATIAL[n][0], padding=0), BATCHED[n])

    conv = f"ConvTranspose{n}d"
    row(conv, base, *both, *bad)
    row(conv, dict(base, stride=2, padding=1, output_padding=1), *both)
    row(conv, dict(base, stride=3, dilation=2, groups=2, bias=False), *both)
    row(conv, dict(base, output_padding=1), BATCHED[n])
    row(conv, dict(base, output_padding=1, dilation=2), BATCHED[n])
    row(conv, dict(base, padding=8), BATCHED[n])
    row(conv, dict(base, kernel_size=2, stride=2), *both)

    pool = f"MaxPool{n}d"
    row(pool, dict(kernel_size=2), *both, (6,), (2, 6) + (1,) * n)
    row(pool, dict(kernel_size=3, stride=1), *both)
    row(pool, dict(kernel_size=3, stride=2, padding=1), *both)
    row(pool, dict(kernel_size=2, ceil_mode=True), *both, (2, 6) + (1,) * n)
    row(pool, dict(kernel_size=3, stride=4, padding=1, ceil_mode=True), *both)
    row(pool, dict(kernel_size=2, stride=5, padding=1, ceil_mode=True), *both)
    row(pool, dict(kernel_size=2, dilation=2), *both)
    row(pool, dict(kernel_size=2, padding=2), BATCHED[n])
    row(pool, dict(kernel_size=2, return_indices=True), *both)
    row(pool, dict(kernel_size=list(range(1, n + 1)), stride=[1] * n), *both)

    pool = f"AvgPool{n}d"
    row(pool, dict(kernel_size=2), *both, (6,), (2, 6) + (1,) * n)
    row(pool, dict(kernel_size=3, stride=2, padding=1), *both)
    row(pool, dict(kernel_size=3, stride=4, padding=1, ceil_mode=True), *both)
    row(pool, dict(kernel_size=2, ceil_mode=True, count_include_pad=False), *both)
    row(pool, dict(kernel_size=2, padding=2), BATCHED[n])
    if n > 1:
        row(pool, dict(kernel_size=[2] * n, divisor_override=3), *both)

    for kind in ("Avg", "Max"):
        pool = f"Adaptive{kind}Pool{n}d"
        row(pool, dict(output_size=1), *both, (6,))
        row(pool, dict(output_size=4), *both)
        row(pool, dict(output_size=13), *both)
        if n > 1:
            row(pool, dict(output_size=[3] + [None] * (n - 1)), *both)
    row(f"AdaptiveMaxPool{n}d", dict(output_size=2, return_indices=True), *both)

    norm = f"BatchNorm{n}d"
    row(norm, dict(num_features=6), *both, (2, 5, *SPATIAL[n]), (6,))
    row(norm, dict(num_features=6, affine=False, momentum=None), BATCHED[n])
    row(f"InstanceNorm{n}d", dict(num_features=6), *both, (6,))
    row(f"InstanceNorm{n}d", dict(num_features=6, affine=True, track_running_stats=True), *both)

row("BatchNorm1d", dict(num_features=6), (2, 6), (2, 4))
row("LayerNorm", dict(normalized_shape=5), (2, 5), (5,), (2, 4), (2, 3, 5))
row("LayerNorm", dict(normalized_shape=[4, 5], elementwise_affine=False), (2, 4, 5), (4, 5), (5,), (5, 4))
row("GroupNorm", dict(num_groups=2, num_channels=6), (2, 6), (2, 6, 4, 4), (2, 5), (6,))
row("GroupNorm", dict(num_groups=3, num_channels=6, affine=False), (2, 6, 4))

for kind in ("Dropout", "Dropout2d", "Dropout3d", "AlphaDropout"):
    row(kind, dict(), (2, 3, 4, 5))
    row(kind, dict(p=0.25, inplace=True), (2, 3, 4, 5))
row("Dropout1d", dict(p=0.2), (2, 3, 4), (3, 4), (2, 3, 4, 5), (3,))

row("Embedding", dict(num_embeddings=10, embedding_dim=3), (4,), (2, 4), ())
row("Embedding", dict(num_embeddings=10, embedding_dim=3, padding_idx=-1, max_norm=1.0, norm_type=1.0), (4,))
row("Embedding", dict(num_embeddings=10, embedding_dim=3, padding_idx=10), (4,))
row("Embedding", dict(num_embeddings=10, embedding_dim=3, scale_grad_by_freq=True, sparse=True), (2, 1))

for kind in ("RNN", "LSTM", "GRU"):
    base = dict(input_size=5, hidden_size=3)
    row(kind, base, (4, 2, 5), (4, 5), (4, 2, 6), (5,), (2, 4, 2, 5))
    row(kind, dict(base, num_layers=2, batch_first=True, dropout=0.5), (2, 4, 5), (4, 5))
    row(kind, dict(base, bias=False, bidirectional=True), (4, 2, 5), (4, 5))
    row(f"{kind}Cell", base, (2, 5), (5,), (2, 6), (2, 4, 5))
    row(f"{kind}Cell", dict(base, bias=False), (2, 5))
row("RNN", dict(base, nonlinearity="relu"), (4, 2, 5))
row("RNNCell", dict(base, nonlinearity="relu"), (2, 5))
for kind in ("RNN", "GRU"):
    row(kind, base, ((4, 2, 5), (1, 2, 3)), ((4, 2, 5), (1, 3, 3)), ((4, 2, 5), (1, 2, 4)), ((4, 5), (1, 3)), ((4, 5), (1, 2, 3)))
    row(f"{kind}Cell", base, ((2, 5), (2, 3)), ((2, 5), (3, 3)), ((2, 5), (2, 4)), ((5,), (3,)))

row("Upsample", dict(scale_factor=2.0), (2, 3, 4), (2, 3, 4, 5), (2, 3, 4, 5, 6), (2, 3))
row("Upsample", dict(scale_factor=1.7), (2, 3, 5, 7))
row("Upsample", dict(scale_factor=0.1), (2, 3, 5, 7))
row("Upsample", dict(scale_factor=[2.0, 3.0]), (2, 3, 4, 5), (2, 3, 4))
row("Upsample", dict(size=7), (2, 3, 4), (2, 3, 4, 5))
row("Upsample", dict(size=[7, 8], mode="bilinear", align_corners=True), (2, 3, 4, 5), (2, 3, 4))
row("Upsample", dict(scale_factor=2.0, mode="linear"), (2, 3, 4), (2, 3, 4, 5))
row("Upsample", dict(scale_factor=2.0, mode="bicubic"), (2, 3, 4, 5), (2, 3, 4))
row("Upsample", dict(scale_factor=2.0, mode="trilinear"), (2, 3, 4, 5, 6), (2, 3, 4, 5))
row("Upsample", dict(scale_factor=2.0, align_corners=True), (2, 3, 4))
row("Upsample", dict(), (2, 3, 4))
row("Upsample", dict(size=4, scale_factor=2.0), (2, 3, 4))

row("Flatten", dict(), (2, 3, 4, 5), (2, 3), (2,))
row("Flatten", dict(start_dim=0, end_dim=1), (2, 3, 4))
row("Flatten", dict(start_dim=2, end_dim=1), (2, 3, 4))
row("Flatten", dict(start_dim=-2), (2, 3, 4))
row("Unflatten", dict(dim=1, unflattened_size=[2, 3]), (4, 6), (4, 5), (6,), (4, 6, 7))
row("Unflatten", dict(dim=-1, unflattened_size=[2, -1]), (4, 6), (6,), (4, 5))
row("Identity", dict(), (2, 3), ())

row("Bilinear", dict(in1_features=5, in2_features=4, out_features=3), ((2, 5), (2, 4)), ((5,), (4,)), ((2, 6, 5), (2, 6, 4)))
row("Bilinear", dict(in1_features=5, in2_features=4, out_features=3), ((2, 5), (3, 4)), ((2, 4), (2, 4)), ((2, 5), (2, 1, 4)))
row("Bilinear", dict(in1_features=5, in2_features=4, out_features=3, bias=False), ((2, 5), (2, 4)))
row("LocalResponseNorm", dict(size=2), (2, 6, 4), (2, 6, 4, 4), (2, 6))
row("LocalResponseNorm", dict(size=3, alpha=0.5, beta=0.5, k=2.0), (6, 4, 3))
for kind in ("FeatureAlphaDropout", "Dropout2d", "Dropout3d"):
    row(kind, dict(), (2, 3, 4), (2, 3), (3,))
row("FeatureAlphaDropout", dict(p=0.25, inplace=True), (2, 3, 4, 5))
row("PixelShuffle", dict(upscale_factor=2), (2, 8, 3, 4), (8, 3, 4), (2, 3, 8, 3, 4), (2, 6, 3, 4), (8, 3))
row("PixelUnshuffle", dict(downscale_factor=2), (2, 3, 4, 6), (3, 4, 6), (3, 4, 5), (4, 6))
row("Unfold", dict(kernel_size=[2, 3]), (2, 6, 5, 4), (6, 5, 4), (2, 3, 6, 5, 4), (6, 2), (2, 6, 1, 4))
row("Unfold", dict(kernel_size=3, dilation=2, padding=1, stride=2), (2, 6, 5, 8), (2, 1, 2, 9))
row("Fold", dict(output_size=[5, 4], kernel_size=[2, 2]), (2, 8, 12), (8, 12), (2, 6, 12), (2, 8, 11), (2, 3, 8, 12))
row("Fold", dict(output_size=5, kernel_size=3, dilation=2, padding=1, stride=2), (2, 9, 4), (2, 9, 9))
row("CosineSimilarity", dict(), ((2, 6), (2, 6)), ((2, 6, 3), (1, 6, 3)), ((2, 6), (2, 5)), ((6,), (6,)))
row("CosineSimilarity", dict(dim=-1, eps=0.5), ((2, 6), (6,)), ((6,), (6,)))
row("ChannelShuffle", dict(groups=3), (2, 6, 4, 4), (2, 6, 4), (6, 4), (2, 4, 4, 4))

row("PairwiseDistance", dict(), ((2, 6), (2, 6)), ((2, 4, 6), (4, 6)), ((2, 6), (2, 5)), ((6,), (6,)))
row("PairwiseDistance", dict(p=1.0, eps=0.1, keepdim=True), ((2, 6), (1, 6)))
row("EmbeddingBag", dict(num_embeddings=10, embedding_dim=3), (2, 4), (4,), (2, 4, 3))
row("EmbeddingBag", dict(num_embeddings=10, embedding_dim=3, mode="sum"), ((4,), (2,)), ((2, 4), (2,)))
row("EmbeddingBag", dict(num_embeddings=10, embedding_dim=3, include_last_offset=True), ((4,), (3,)))
row("EmbeddingBag", dict(num_embeddings=10, embedding_dim=3, padding_idx=2, max_norm=1.0, norm_type=1.0), (2, 4))
for n in (1, 2):
    row(f"LPPool{n}d", dict(norm_type=2.0, kernel_size=2), BATCHED[n], SINGLE[n], (6,), (2, 6) + (1,) * n)
    row(f"LPPool{n}d", dict(norm_type=1.0, kernel_size=[3] * n if n > 1 else 3, stride=2, ceil_mode=True), BATCHED[n], SINGLE[n])
for n in (1, 2, 3):
    row(f"MaxUnpool{n}d", dict(kernel_size=2), (BATCHED[n],) * 2, (SINGLE[n],) * 2, (BATCHED[n], SINGLE[n]))
    row(f"MaxUnpool{n}d", dict(kernel_size=[3] * n, stride=2, padding=1), (BATCHED[n],) * 2)
for n in (2, 3):
    pool = f"FractionalMaxPool{n}d"
    row(pool, dict(kernel_size=2, output_size=4), BATCHED[n], SINGLE[n], (6,), (2, 6) + (4,) * n)
    row(pool, dict(kernel_size=3, output_ratio=0.5, return_indices=True), BATCHED[n], SINGLE[n])
    row(pool, dict(kernel_size=2, output_size=[2] * n), BATCHED[n])
    row(pool, dict(kernel_size=2), BATCHED[n])
    row(pool, dict(kernel_size=2, output_size=2, output_ratio=0.5), BATCHED[n])

for n in (1, 2, 3):
    size = (6, 5, 4)[-n:]
    both = ((2, 3, *size), (3, *size))
    sides = [2, 1, 0, 3, 1, 1][: 2 * n]
    row(f"ConstantPad{n}d", dict(padding=1, value=2.5), *both, size, size[1:])
    row(f"ConstantPad{n}d", dict(padding=sides, value=-1.0), *both)
    row(f"ConstantPad{n}d", dict(padding=[-1, -2] + sides[2:], value=0.5), *both)
    row(f"ConstantPad{n}d", dict(padding=-3, value=0.5), both[0])
    for kind in ("Reflection", "Replication", "Zero", "Circular"):
        pad = f"{kind}Pad{n}d"
        row(pad, dict(padding=1), *both, (2,) * (n + 3), (2,) * (n - 1))
        row(pad, dict(padding=sides), *both)
        row(pad, dict(padding=4), both[0])
        row(pad, dict(padding=9), both[0])
        row(pad, dict(padding=[-1, -2] + sides[2:]), *both)
        row(pad, dict(padding=-3), both[0])

ACTIVATIONS = {
    "ReLU": [dict(), dict(inplace=True)],
    "ReLU6": [dict(), dict(inplace=True)],
    "LeakyReLU": [dict(), dict(negative_slope=0.05, inplace=True)],
    "PReLU": [dict(), dict(num_parameters=3)],
    "RReLU": [dict(), dict(lower=0.25, upper=0.5)],
    "ELU": [dict(), dict(alpha=0.5)],
    "SELU": [dict()],
    "CELU": [dict(), dict(alpha=0.5, inplace=True)],
    "GELU": [dict(), dict(approximate="tanh")],
    "SiLU": [dict(), dict(inplace=True)],
    "Mish": [dict()],
    "Sigmoid": [dict()],
    "Tanh": [dict()],
    "Softmax": [dict(dim=1), dict()],
    "LogSoftmax": [dict(dim=-1)],
    "Softmin": [dict(dim=0)],
    "LogSigmoid": [dict()],
    "Softplus": [dict(beta=2.0, threshold=10.0)],
    "Softsign": [dict()],
    "Hardtanh": [dict(), dict(min_val=-2.0, max_val=2.0, inplace=True)],
    "Hardsigmoid": [dict(), dict(inplace=True)],
    "Hardswish": [dict()],
    "Hardshrink": [dict(), dict(lambd=0.25)],
    "Softshrink": [dict()],
    "Tanhshrink": [dict()],
    "Threshold": [dict(threshold=0.1, value=20.0), dict(threshold=0.1, value=20.0, inplace=True)],
}
for kind, variants in ACTIVATIONS.items():
    for arguments in variants:
        row(kind, arguments, (2, 3, 4), (3,))
row("PReLU", dict(num_parameters=4), (2, 3, 4))
row("Softmax", dict(dim=3), (2, 3))
row("Softmax2d", dict(), (2, 3, 4, 5), (3, 4, 5), (2, 3))
row("GLU", dict(), (2, 4), (2, 3), (6,))
row("GLU", dict(dim=0), (2, 3))


def given(kind, i, shape):
    """An input: whole numbers where the layer takes such."""
    if kind.startswith("Embedding"):
        return torch.zeros(shape, dtype=torch.long) if i else torch.randint(0, 9, shape)
    return torch.zeros(shape, dtype=torch.long) if kind.startswith("MaxUnpool") and i else torch.rand(shape)


def measure(kind, arguments, shape):
    arguments = {k: tuple(v) if isinstance(v, list) else v for k, v in arguments.items()}
    try:
        module = getattr(nn, kind)(**arguments)
    except (ValueError, AssertionError, RuntimeError):
        return None, None, None
    weights = [[name, list(p.shape)] for name, p in module.named_parameters()]
    module.train()
    try:
        if isinstance(shape[0], tuple) if shape else False:
            out = module(*(given(kind, i, s) for i, s in enumerate(shape)))
        else:
            out = module(given(kind, 0, shape))
    except (ValueError, RuntimeError, IndexError, NotImplementedError, AssertionError):
        return repr(module), None, weights
    out = flat(out)
    return repr(module), [list(o.shape) for o in out], weights


def main():
    lines = []
    for kind, arguments, shape in ROWS:
        printed, outputs, weights = measure(kind, arguments, shape)
        lines.append(
            json.dumps(
                {
                    "kind": kind,
                    "arguments": arguments,
                    "input": shape,
                    "outputs": outputs,
                    "repr": printed,
                    "weights": weights,
                }
            )
        )
    text = "[\n" + ",\n".join(lines) + "\n]\n"
    (Path(__file__).parent / "layers.json").write_text(text)


main()
