"""Records what PyTorch refuses and takes beyond shapes: arguments that do not go together, too few values to normalize,
and losses, into checks.json.

Run with PyTorch 1.13: python3 checks.py
A row: class, arguments by name, whether it trains, the shapes of its inputs, and PyTorch's message or null where it takes
them; then the numbers of a loss. Inputs are filled as lowering.py does; the targets of classes are 2 i + 1 modulo 3, and
where a target is a probability, prediction and target are sigmoids.
"""

import json
import warnings
from pathlib import Path

import torch
from torch import nn

warnings.simplefilter("ignore")
ROWS = []


def fill(shape, seed):
    count = 1
    for size in shape:
        count *= size
    return torch.sin(0.7 * torch.arange(count, dtype=torch.float64) + seed).to(torch.float32).reshape(shape)


def record(kind, arguments, training, shapes, inputs):
    message, output = None, None
    try:
        several = torch.tensor if kind.endswith("Loss") else tuple
        made = {k: several(v) if isinstance(v, list) else v for k, v in arguments.items()}
        with torch.no_grad():
            out = getattr(nn, kind)(**made).train(training)(*inputs)
        output = [float("%.6g" % v) for v in out.double().flatten().tolist()] if len(shapes) == 2 else None
    except (ValueError, RuntimeError, AssertionError, TypeError, IndexError) as error:
        message = f"{type(error).__name__}: {error}".split("\n")[0]
    row = {"kind": kind, "arguments": arguments, "training": training, "inputs": shapes, "message": message}
    ROWS.append({**row, "output": output})


def layer(kind, *shapes, training=True, **arguments):
    for shape in shapes:
        record(kind, arguments, training, [shape], [fill(shape, 0.0)])


def loss(kind, shape, target, classes=0, **arguments):
    x, y = fill(shape, 0.0), fill(target, 1.0)
    if classes:
        y = ((2 * torch.arange(y.numel()) + 1) % classes).reshape(target)
    elif kind in ("BCELoss", "BCEWithLogitsLoss", "KLDivLoss", "CrossEntropyLoss"):
        x, y = torch.sigmoid(x), torch.sigmoid(y)
    record(kind, arguments, True, [shape, target], [x, y])


# --- one value to normalize ---
for n in (1, 2, 3):
    ones = [1] * n
    batch = f"BatchNorm{n}d"
    layer(batch, [1, 3] + ones, [2, 3] + ones, [1, 3] + ones[1:] + [2], num_features=3)
    layer(batch, [1, 3] + ones, training=False, num_features=3)
    layer(batch, [1, 3] + ones, training=False, num_features=3, track_running_stats=False)
    layer(batch, [2, 3] + ones, training=False, num_features=3, track_running_stats=False)
    instance = f"InstanceNorm{n}d"
    layer(instance, [4, 3] + ones, [3] + ones, [4, 3] + ones[1:] + [2], [3] + ones[1:] + [2], num_features=3)
    layer(instance, [4, 3] + ones, training=False, num_features=3)
    layer(instance, [4, 3] + ones, [3] + ones, training=False, num_features=3, track_running_stats=True)
layer("BatchNorm1d", [1, 3], [2, 3], num_features=3)
layer("GroupNorm", [1, 3], [2, 3], [1, 3, 2], num_groups=3, num_channels=3)
layer("GroupNorm", [1, 3], training=False, num_groups=3, num_channels=3)
layer("GroupNorm", [1, 6], num_groups=3, num_channels=6)

# --- arguments that do not go together ---
layer("GroupNorm", [2, 3], num_groups=2, num_channels=3)
for n in (1, 2, 3):
    x = [1, 4] + [7] * n
    conv = dict(in_channels=4, out_channels=8, kernel_size=3)
    layer(f"Conv{n}d", x, groups=4, **conv)
    layer(f"Conv{n}d", x, groups=3, **conv)
    layer(f"Conv{n}d", x, in_channels=4, out_channels=6, kernel_size=3, groups=4)
    layer(f"Conv{n}d", x, padding="same", stride=2, **conv)
    layer(f"Conv{n}d", x, padding="same", stride=1, dilation=2, **conv)
    layer(f"ConvTranspose{n}d", x, groups=3, **conv)
    layer(f"ConvTranspose{n}d", x, output_padding=2, stride=2, **conv)
    layer(f"ConvTranspose{n}d", x, output_padding=1, stride=2, **conv)
    layer(f"ConvTranspose{n}d", x, output_padding=2, dilation=3, **conv)
    layer(f"ConvTranspose{n}d", x, padding_mode="reflect", **conv)
    for mode in ("reflect", "circular", "replicate"):
        for padding in (6, 7, 8):
            if n < 3 or mode != "reflect":
                layer(f"Conv{n}d", x, padding=padding, padding_mode=mode, **conv)
    for pool in (f"MaxPool{n}d", f"AvgPool{n}d"):
        layer(pool, x, kernel_size=3, padding=1)
        layer(pool, x, kernel_size=3, padding=2)
        layer(pool, x, kernel_size=4, padding=2)
for divisor in (3, -2, 0):
    layer("AvgPool2d", [1, 1, 4, 4], kernel_size=2, divisor_override=divisor)
layer("Hardtanh", [2, 3], min_val=1.0, max_val=1.0)
layer("Hardtanh", [2, 3], min_val=1.0, max_val=0.5)
layer("Hardtanh", [2, 3], min_val=0.0, max_val=0.5)
layer("RReLU", [2, 3], lower=0.5, upper=0.2)
layer("RReLU", [2, 3], lower=0.5, upper=0.5)
layer("Softshrink", [2, 3], lambd=-0.5)
layer("Softshrink", [2, 3], lambd=0.0)
layer("CELU", [2, 3], alpha=0.0)
layer("CELU", [2, 3], alpha=-0.5)
for kind in ("Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout", "FeatureAlphaDropout"):
    for p in (-0.1, 0.0, 1.0, 1.1):
        layer(kind, [2, 3, 4], p=p)
layer("Unflatten", [2, 6], dim=1, unflattened_size=[-2, 3])
layer("Unflatten", [2, 6], dim=1, unflattened_size=[-1, -1])
layer("Unflatten", [2, 6], dim=1, unflattened_size=[])
layer("Unflatten", [2, 6], dim=1, unflattened_size=[-1, 3])
layer("Unflatten", [2, 6], dim=1, unflattened_size=[0, -1])
layer("PixelShuffle", [1, 4, 2, 2], upscale_factor=0)
layer("PixelUnshuffle", [1, 4, 2, 2], downscale_factor=0)
layer("ChannelShuffle", [1, 4, 2, 2], groups=0)
layer("LocalResponseNorm", [1, 4, 2, 2], size=0)
layer("Linear", [2, 3], in_features=3, out_features=-1)
layer("Upsample", [1, 1, 4], size=3, recompute_scale_factor=True)
layer("Upsample", [1, 1, 4], scale_factor=2.0, recompute_scale_factor=True)
for index in (-4, -3, 2, 3):
    arguments = dict(num_embeddings=3, embedding_dim=2, padding_idx=index)
    record("Embedding", arguments, True, [[2]], [torch.tensor([0, 1])])

# --- losses ---
for reduction in ("mean", "sum", "none", "batchmean", "average"):
    loss("CrossEntropyLoss", [2, 3], [2], 3, reduction=reduction)
    loss("KLDivLoss", [2, 3], [2, 3], reduction=reduction)
    loss("L1Loss", [2, 3], [2, 3], reduction=reduction)
    loss("MSELoss", [2, 3], [3], reduction=reduction)
    loss("NLLLoss", [2, 3], [2], 3, reduction=reduction)
    loss("BCELoss", [2, 3], [2, 3], reduction=reduction)
    loss("BCEWithLogitsLoss", [2, 3], [2, 3], reduction=reduction)
    loss("HuberLoss", [2, 3], [2, 3], reduction=reduction, delta=0.5)
    loss("SmoothL1Loss", [2, 3], [2, 3], reduction=reduction, beta=0.5)
for smoothing in (0.0, 0.1, 1.0, 1.1):
    loss("CrossEntropyLoss", [4, 3], [4], 3, label_smoothing=smoothing)
loss("CrossEntropyLoss", [4, 3], [4, 3], label_smoothing=0.1)
loss("CrossEntropyLoss", [4, 3, 2], [4, 2], 3, reduction="none")
loss("CrossEntropyLoss", [4, 3], [4], 3, ignore_index=0)
loss("CrossEntropyLoss", [3], [], 3)
loss("CrossEntropyLoss", [4, 3], [3], 3)
loss("CrossEntropyLoss", [4, 3, 2], [4], 3)
loss("NLLLoss", [4, 3], [3], 3)
loss("KLDivLoss", [2, 3], [2, 3], log_target=True, reduction="batchmean")
weights = [0.5, 1.0, 2.0]
for reduction in ("mean", "sum", "none"):
    loss("CrossEntropyLoss", [4, 3], [4], 3, weight=weights, ignore_index=1, reduction=reduction)
    loss("NLLLoss", [4, 3], [4], 3, weight=weights, ignore_index=1, reduction=reduction)
    loss("NLLLoss", [4, 3, 2], [4, 2], 3, ignore_index=2, reduction=reduction)
    loss("BCELoss", [2, 3], [2, 3], weight=weights, reduction=reduction)
    loss("BCEWithLogitsLoss", [2, 3], [2, 3], weight=weights, pos_weight=[3.0, 0.2, 1.0], reduction=reduction)
loss("CrossEntropyLoss", [4, 3], [4, 3], weight=weights, label_smoothing=0.1)
loss("CrossEntropyLoss", [4, 3, 2], [4, 2], 3, weight=weights, label_smoothing=0.1)
loss("CrossEntropyLoss", [3], [], 3, weight=weights)
loss("BCEWithLogitsLoss", [2, 3], [2, 3], pos_weight=[2.0])
for kind in ("CrossEntropyLoss", "NLLLoss"):
    loss(kind, [4, 3], [4], 3, weight=[1.0, 2.0])
for kind in ("BCELoss", "BCEWithLogitsLoss"):
    loss(kind, [2, 3], [2, 3], weight=[1.0, 2.0])
loss("BCEWithLogitsLoss", [2, 3], [2, 3], pos_weight=[1.0, 2.0])
for delta in (-1.0, 0.0, 2.0):
    loss("HuberLoss", [2, 3], [2, 3], delta=delta)
for beta in (-1.0, 0.0, 2.0):
    loss("SmoothL1Loss", [2, 3], [2, 3], beta=beta)
for kind in ("BCELoss", "BCEWithLogitsLoss"):
    loss(kind, [2, 3], [3])
    loss(kind, [2, 1], [2])
for kind in ("MSELoss", "L1Loss", "HuberLoss", "SmoothL1Loss", "KLDivLoss"):
    loss(kind, [2, 3], [2, 1])
    loss(kind, [2, 3], [4])

lines = ",\n".join(json.dumps(row) for row in ROWS)
(Path(__file__).parent / "checks.json").write_text(f"[\n{lines}\n]\n")
print(len(ROWS), "rows")
