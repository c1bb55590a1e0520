"""Records what PyTorch computes, one case a line, into lowering.json beside this file.

Run with PyTorch 1.13: `python3 lowering.py`. Inputs and parameters are not recorded: both sides fill them with the
same sines (see `fill`; in F#, `fill` of LoweringHelp.fs).
"""
import json
import math
import os

import torch

import newer  # noqa: F401
import standard  # noqa: F401
from outputs import flat

torch.set_num_threads(1)


def fill(shape, seed):
    """sin(0.7 i + seed) for element i."""
    count = 1
    for size in shape:
        count *= size
    values = torch.sin(0.7 * torch.arange(count, dtype=torch.float64) + seed)
    return values.to(torch.float32).reshape(shape)


def indices(shape, below):
    """3 i modulo `below` for element i."""
    count = 1
    for size in shape:
        count *= size
    return (3 * torch.arange(count) % below).reshape(shape)


def numbers(tensor):
    return [float("%.6g" % v) for v in tensor.detach().double().flatten().tolist()]


def cosines(tensor):
    """The sum over all elements, each times a cosine of its place."""
    return (tensor * torch.cos(torch.arange(tensor.numel()) * 0.3).reshape(tensor.shape)).sum()


def digest(tensor):
    """The same in float64, and how large the terms are; null for no gradient."""
    if tensor is None:
        return None
    terms = tensor.double().flatten() * torch.cos(torch.arange(tensor.numel(), dtype=torch.float64) * 0.3)
    return [float("%.9g" % terms.sum()), float("%.4g" % terms.abs().sum())]


def places(shape, n):
    """For element i of each map of `n` dimensions 2 i + i modulo 2: places in a map of twice the size."""
    size = math.prod(shape[-n:])
    i = torch.arange(size)
    return (2 * i + i % 2).expand(math.prod(shape) // size, size).reshape(shape)


def unpooled(n):
    return lambda i, shape, arguments: places(shape, n) if i else fill(shape, 0.1 * i)


# Kinds that do not take sines alone: the input of each place. Bags begin at every second number.
READERS = {
    "Embedding": lambda i, shape, arguments: indices(shape, arguments["num_embeddings"]),
    "EmbeddingBag": lambda i, shape, arguments: 2 * torch.arange(shape[0]) if i else indices(shape, arguments["num_embeddings"]),
    **{f"MaxUnpool{n}d": unpooled(n) for n in (1, 2, 3)},
}
cases = []


def shuffled(layer, x):
    """Source: Zhang et al., 2018, ShuffleNet, section 3.1. PyTorch's own has no derivative."""
    y = x.unflatten(1, (layer.groups, -1)).transpose(1, 2).flatten(1, 2)
    assert torch.equal(y, layer(x.detach()))
    return y


def call(layer, inputs):
    """The outputs of a layer for these inputs. PyTorch holds the two states of an LSTM together."""
    if isinstance(layer, torch.nn.ChannelShuffle):
        return [shuffled(layer, *inputs)]
    if isinstance(layer, (torch.nn.LSTM, torch.nn.LSTMCell)) and len(inputs) == 3:
        inputs = [inputs[0], tuple(inputs[1:])]
    return flat(layer(*inputs))


def case(kind, shape, training=False, has_gradient=True, **arguments):
    """One layer, called with inputs of these shapes (one shape, or a list of them)."""
    layer = getattr(torch.nn, kind)(
        **{k: tuple(v) if isinstance(v, list) else v for k, v in arguments.items()}
    )
    layer.train(training)
    parameters = list(layer.named_parameters())
    with torch.no_grad():
        for i, (_, parameter) in enumerate(parameters):
            parameter.copy_(fill(parameter.shape, 1.0 + i))
    shapes = shape if isinstance(shape[0], list) else [shape]
    if kind in READERS:
        before = [READERS[kind](i, s, arguments) for i, s in enumerate(shapes)]
    else:
        before = [fill(s, 0.1 * i) for i, s in enumerate(shapes)]
    for x in before:
        x.requires_grad_(x.is_floating_point())
    # A leaf can't be overwritten.
    inputs = [x.clone() for x in before]
    output, *more = call(layer, inputs)
    loss = sum(cosines(x) for x in [output, *more] if x.is_floating_point() and x.requires_grad)
    if torch.is_tensor(loss):
        loss.backward()
    cases.append(
        {
            "kind": kind,
            "arguments": arguments,
            "training": training,
            "inputs": shapes,
            "parameters": [[name, list(p.shape)] for name, p in parameters],
            "overwrites": any(not torch.equal(x, y) for x, y in zip(inputs, before)),
            "shape": list(output.shape),
            "output": numbers(output),
            **({"more": [[list(x.shape), numbers(x)] for x in more]} if more else {}),
            **({"gradients": [digest(x.grad) for x in before + [p for _, p in parameters]]} if has_gradient else {}),
            "buffers": [[name, list(b.shape), numbers(b)] for name, b in layer.named_buffers()],
        }
    )


# --- linear ---
case("Linear", [2, 3], in_features=3, out_features=4)
case("Linear", [2, 2, 3], in_features=3, out_features=2, bias=False)
case("Bilinear", [[2, 3], [2, 2]], in1_features=3, in2_features=2, out_features=2)
case("Bilinear", [[2, 3], [2, 2]], in1_features=3, in2_features=2, out_features=2, bias=False)
case("Embedding", [2, 3], num_embeddings=5, embedding_dim=2)
case("Embedding", [4], num_embeddings=5, embedding_dim=2, padding_idx=3, max_norm=0.5, norm_type=1.0)

case("EmbeddingBag", [2, 3], num_embeddings=5, embedding_dim=2)
case("EmbeddingBag", [[4], [3]], num_embeddings=5, embedding_dim=2, mode="sum", include_last_offset=True)
case("EmbeddingBag", [[5], [3]], num_embeddings=5, embedding_dim=2, mode="max")
case("EmbeddingBag", [2, 3], num_embeddings=5, embedding_dim=2, max_norm=0.5, norm_type=1.0, padding_idx=3)

# --- recurrent: three steps, a batch of two ---
case("RNN", [3, 2, 4], input_size=4, hidden_size=3)
case("RNN", [[2, 3, 4], [2, 2, 3]], input_size=4, hidden_size=3, num_layers=2, nonlinearity="relu", batch_first=True)
case("RNN", [3, 4], input_size=4, hidden_size=3, bias=False, bidirectional=True)
case("LSTM", [3, 2, 4], input_size=4, hidden_size=3)
case("LSTM", [[2, 3, 4], [4, 2, 3], [4, 2, 3]], input_size=4, hidden_size=3, num_layers=2, batch_first=True, bidirectional=True)
case("LSTM", [[3, 4], [1, 3], [1, 3]], input_size=4, hidden_size=3, bias=False, batch_first=True)
case("GRU", [3, 2, 4], input_size=4, hidden_size=3, num_layers=2, dropout=0.5)
case("GRU", [[3, 2, 4], [2, 2, 3]], input_size=4, hidden_size=3, bidirectional=True)
case("GRU", [[3, 4], [2, 3]], input_size=4, hidden_size=3, num_layers=2)
for kind in ("RNNCell", "GRUCell"):
    case(kind, [2, 4], input_size=4, hidden_size=3)
    case(kind, [[4], [3]], input_size=4, hidden_size=3, bias=False)
case("RNNCell", [[2, 4], [2, 3]], input_size=4, hidden_size=3, nonlinearity="relu")
case("LSTMCell", [2, 4], input_size=4, hidden_size=3)
case("LSTMCell", [[2, 4], [2, 3], [2, 3]], input_size=4, hidden_size=3, bias=False)
case("LSTMCell", [[4], [3], [3]], input_size=4, hidden_size=3)
case("Identity", [2, 3])

# --- convolutions ---
for n in (1, 2, 3):
    size = [7, 6, 5][:n]
    channels = dict(in_channels=2, out_channels=2)
    case(f"Conv{n}d", [1, 2] + size, kernel_size=3, **channels)
    case(f"Conv{n}d", [1, 2] + size, kernel_size=3, stride=2, padding=1, dilation=2, groups=2, bias=False, **channels)
    case(f"Conv{n}d", [1, 2] + size, kernel_size=3, padding="same", **channels)
    case(f"Conv{n}d", [1, 2] + size, kernel_size=2, stride=2, padding="valid", **channels)
    for mode in ["reflect", "replicate", "circular"]:
        if not (n == 3 and mode == "reflect"):
            case(f"Conv{n}d", [1, 2] + size, kernel_size=3, padding=1, padding_mode=mode, **channels)
    case(f"Conv{n}d", [1, 2] + size, kernel_size=3, padding="same", padding_mode="circular", **channels)
    case(f"ConvTranspose{n}d", [1, 2] + size, kernel_size=2, **channels)
    case(
        f"ConvTranspose{n}d",
        [1, 2] + [3, 2, 2][:n],
        kernel_size=3,
        stride=3,
        padding=1,
        output_padding=2,
        groups=2,
        bias=False,
        dilation=2,
        **channels,
    )
case("Conv1d", [2, 7], in_channels=2, out_channels=1, kernel_size=[3], stride=[2])
case(
    "Conv2d",
    [1, 2, 6, 7],
    in_channels=2,
    out_channels=2,
    kernel_size=[3, 2],
    stride=[1, 2],
    padding=[2, 1],
    dilation=[2, 1],
)
case("Conv2d", [1, 2, 6, 7], in_channels=2, out_channels=1, kernel_size=3, padding=[2, 1], padding_mode="circular")
case("Conv2d", [1, 1, 5, 5], in_channels=1, out_channels=1, kernel_size=[2, 3], dilation=[1, 2], padding="same")
case(
    "Conv3d",
    [1, 1, 4, 5, 6],
    in_channels=1,
    out_channels=1,
    kernel_size=[1, 2, 3],
    stride=[1, 2, 1],
    padding=[0, 1, 2],
    dilation=[1, 1, 2],
)
case(
    "ConvTranspose2d",
    [1, 2, 3, 2],
    in_channels=2,
    out_channels=1,
    kernel_size=[3, 2],
    stride=[2, 3],
    padding=[1, 0],
    output_padding=[1, 2],
    dilation=[2, 1],
)
case("ConvTranspose2d", [1, 2, 2, 2], in_channels=2, out_channels=2, kernel_size=2, stride=2, output_padding=[0, 1], bias=False)
case(
    "ConvTranspose3d",
    [1, 1, 2, 3, 2],
    in_channels=1,
    out_channels=1,
    kernel_size=[1, 2, 3],
    stride=[2, 2, 3],
    padding=[0, 1, 0],
    output_padding=[1, 0, 2],
    dilation=[1, 2, 1],
)

# --- normalizations ---
for n in (1, 2, 3):
    size = [3, 2, 2][:n]
    for training in (True, False):
        case(f"BatchNorm{n}d", [2, 3] + size, training, num_features=3)
        case(f"InstanceNorm{n}d", [2, 3] + size, training, num_features=3)
    case(f"BatchNorm{n}d", [2, 3] + size, True, num_features=3, eps=0.1, momentum=0.3, affine=False)
    case(f"BatchNorm{n}d", [2, 3] + size, False, num_features=3, track_running_stats=False)
    case(f"BatchNorm{n}d", [2, 3] + size, True, num_features=3, momentum=None)
    case(
        f"InstanceNorm{n}d",
        [2, 3] + size,
        True,
        num_features=3,
        eps=0.1,
        momentum=0.3,
        affine=True,
        track_running_stats=True,
    )
case("BatchNorm1d", [4, 3], True, num_features=3)
case("LayerNorm", [2, 3, 4], normalized_shape=4)
case("LayerNorm", [2, 3, 4], normalized_shape=[3, 4], eps=0.1)
case("LayerNorm", [2, 3, 4], normalized_shape=[4], elementwise_affine=False)
case("GroupNorm", [2, 4, 3], num_groups=2, num_channels=4)
case("GroupNorm", [2, 4], num_groups=2, num_channels=4)
case("GroupNorm", [2, 4, 3], num_groups=4, num_channels=4, eps=0.1, affine=False)
case("LocalResponseNorm", [1, 4, 3], size=2)
case("LocalResponseNorm", [1, 4, 2, 2], size=3, alpha=0.5, beta=0.5, k=2.0)

for kind in ("Standardize", "Unstandardize"):
    case(kind, [2, 3], mean=[0.5, -1.0, 100.0], std=[2.0, 0.1, 50.0])
    case(kind, [2, 3, 2, 2], mean=[0.5, -1.0, 100.0], std=[2.0, 0.1, 50.0])
    case(kind, [2, 2, 3], mean=[0.5, -1.0, 100.0], std=[2.0, 0.1, 50.0], dim=-1)

# --- pools ---
for n in (1, 2, 3):
    size = [7, 6, 5][:n]
    for kind in (f"MaxPool{n}d", f"AvgPool{n}d"):
        case(kind, [1, 2] + size, kernel_size=2)
        case(kind, [1, 2] + size, kernel_size=3, stride=2, padding=1, ceil_mode=True)
    case(f"MaxPool{n}d", [1, 2] + size, kernel_size=2, stride=1, dilation=2)
    case(f"AvgPool{n}d", [1, 2] + size, kernel_size=3, stride=2, padding=1, count_include_pad=False)
    case(f"AdaptiveAvgPool{n}d", [1, 2] + size, output_size=3)
    case(f"AdaptiveMaxPool{n}d", [1, 2] + size, output_size=3)
    case(f"MaxPool{n}d", [1, 2] + size, kernel_size=3, stride=2, padding=1, return_indices=True)
    case(f"AdaptiveMaxPool{n}d", [1, 2] + size, output_size=3, return_indices=True)
case("MaxPool2d", [1, 1, 6, 7], kernel_size=[3, 2], stride=[2, 1], padding=[1, 0], dilation=[1, 2])
case("MaxPool3d", [1, 1, 4, 5, 6], kernel_size=[1, 2, 3], stride=[2, 1, 1], padding=[0, 1, 1], dilation=[2, 1, 1])
case("AvgPool2d", [1, 1, 6, 7], kernel_size=[3, 2], stride=[2, 1], padding=[1, 0], divisor_override=5)
case("AvgPool3d", [1, 1, 4, 5, 6], kernel_size=[1, 2, 3], stride=[2, 1, 1], padding=[0, 1, 1], divisor_override=3)
case("AdaptiveMaxPool3d", [2, 4, 5, 6], output_size=[3, None, 2], return_indices=True)
for kind in ("AdaptiveAvgPool", "AdaptiveMaxPool"):
    case(kind + "2d", [1, 1, 6, 7], output_size=[2, 3])
    case(kind + "3d", [1, 1, 4, 5, 6], output_size=[1, 2, 3])
    case(kind + "2d", [1, 1, 4, 5], output_size=[2, None])
    case(kind + "3d", [1, 4, 5, 6], output_size=[None, 2, 3])

for n in (1, 2):
    size = [7, 6][:n]
    case(f"LPPool{n}d", [1, 2] + size, norm_type=2.0, kernel_size=3)
    case(f"LPPool{n}d", [2] + size, norm_type=1.0, kernel_size=2, stride=1)
    case(f"LPPool{n}d", [1, 2] + size, norm_type=4.0, kernel_size=[3, 2] if n > 1 else 3, stride=2, ceil_mode=True)
for n in (1, 2, 3):
    size = [3, 2, 2][:n]
    case(f"MaxUnpool{n}d", [[1, 2] + size] * 2, kernel_size=2)
    case(f"MaxUnpool{n}d", [[2] + size] * 2, kernel_size=[3, 2, 3][:n], stride=[2, 3, 2][:n], padding=[0, 1, 0][:n])
# Windows lie at random but where their distances are whole: here at 0, 2 and 4.
for n in (2, 3):
    case(f"FractionalMaxPool{n}d", [1, 2] + [7] * n, kernel_size=3, output_size=3)
    case(f"FractionalMaxPool{n}d", [2] + [7] * n, kernel_size=3, output_ratio=0.5, return_indices=True)

# --- dropouts ---
for kind, shape in [
    ("Dropout", [2, 3]),
    ("Dropout1d", [2, 3, 2]),
    ("Dropout2d", [2, 3, 2, 2]),
    ("Dropout3d", [1, 2, 2, 2, 2]),
    ("AlphaDropout", [2, 3]),
    ("FeatureAlphaDropout", [2, 3, 2]),
]:
    case(kind, shape)
    case(kind, shape, True, p=0.0)
    case(kind, shape, True, p=1.0)
    # PyTorch takes inplace for the other two and does not heed it.
    if kind not in ("AlphaDropout", "FeatureAlphaDropout"):
        case(kind, shape, True, p=1.0, inplace=True)

case("DropPath", [3, 2], p=0.5)
case("DropPath", [3, 2, 2], True, p=0.0)
case("DropPath", [3, 2], True, p=1.0)

# --- activations ---
for kind in ["ReLU", "ReLU6", "SELU", "SiLU", "Mish", "Hardsigmoid", "Hardswish", "ELU", "CELU", "LeakyReLU", "Hardtanh"]:
    case(kind, [2, 4])
    case(kind, [2, 4], inplace=True)
for kind in ["Sigmoid", "LogSigmoid", "Tanh", "Tanhshrink", "Softsign", "GELU", "Softplus", "Softshrink", "Hardshrink"]:
    case(kind, [2, 4])
case("LeakyReLU", [2, 4], negative_slope=0.3)
case("ELU", [2, 4], alpha=0.5)
case("CELU", [2, 4], alpha=0.5)
case("GELU", [2, 4], approximate="tanh")
case("Hardtanh", [2, 4], min_val=-0.5, max_val=0.25)
case("Hardshrink", [2, 4], lambd=0.25)
case("Softshrink", [2, 4], lambd=0.25)
case("Softplus", [2, 4], beta=2.0, threshold=0.5)
case("Threshold", [2, 4], threshold=0.1, value=-3.0)
case("Threshold", [2, 4], threshold=0.1, value=-3.0, inplace=True)
case("ELU", [2, 4], alpha=0.5, inplace=True)
case("Hardtanh", [2, 4], min_val=-0.5, max_val=0.25, inplace=True)
case("PReLU", [2, 4])
case("PReLU", [2, 4], num_parameters=4)
case("RReLU", [2, 4])
case("RReLU", [2, 4], lower=0.2, upper=0.6)
case("RReLU", [2, 4], True, lower=0.25, upper=0.25)
case("RReLU", [2, 4], lower=0.2, upper=0.6, inplace=True)
case("GLU", [2, 4])
case("GLU", [2, 4], dim=0)
for kind in ["Softmax", "LogSoftmax", "Softmin"]:
    case(kind, [2, 4], dim=-1)
    case(kind, [2, 3, 2], dim=1)
    case(kind, [2, 4])
    case(kind, [2, 3, 2])
case("Softmax2d", [1, 3, 2, 2])

# --- padding ---
case("ConstantPad1d", [1, 2, 4], padding=2, value=1.5)
case("ConstantPad1d", [1, 2, 4], padding=[1, 2], value=-1.0)
case("ConstantPad2d", [1, 1, 3, 4], padding=[1, 0, 2, 3], value=0.5)
case("ConstantPad3d", [1, 1, 2, 3, 2], padding=[1, 0, 2, 1, 0, 1], value=0.5)
case("ZeroPad2d", [1, 1, 3, 4], padding=[1, 0, 2, 3])
for n in (1, 2, 3):
    size = [4, 3, 3][:n]
    for kind in ("Reflection", "Replication"):
        case(f"{kind}Pad{n}d", [1, 1] + size, padding=1)
        case(f"{kind}Pad{n}d", [1, 1] + size, padding=[2, 1, 0, 2, 1, 1][: 2 * n])

    for kind in ("Zero", "Circular"):
        case(f"{kind}Pad{n}d", [1, 1] + size, padding=1)
        case(f"{kind}Pad{n}d", [1] + size, padding=[2, 1, 0, 2, 1, -1][: 2 * n])
    for kind in ("Reflection", "Replication"):
        case(f"{kind}Pad{n}d", [1] + size, padding=[2, -1, 0, 2, 1, 1][: 2 * n])

# --- shapes ---
case("Flatten", [2, 3, 2])
case("Flatten", [2, 3, 2, 2], start_dim=0, end_dim=-2)
case("Unflatten", [2, 6], dim=1, unflattened_size=[2, 3])
case("Unflatten", [6, 2], dim=-2, unflattened_size=[2, -1])
case("PixelShuffle", [1, 8, 2, 3], upscale_factor=2)
case("PixelUnshuffle", [1, 2, 4, 6], downscale_factor=2)
case("ChannelShuffle", [1, 6, 2, 2], groups=3)
case("Unfold", [2, 2, 4, 5], kernel_size=[2, 3], dilation=[2, 1], padding=[1, 0], stride=[1, 2])
case("Unfold", [2, 4, 3], kernel_size=2)
case("Fold", [2, 12, 4], output_size=[3, 4], kernel_size=[2, 3], padding=[1, 0], stride=[2, 1], dilation=[2, 1])
case("Fold", [8, 6], output_size=[4, 3], kernel_size=2)
case("CosineSimilarity", [[2, 3, 2], [2, 3, 2]])
case("CosineSimilarity", [[2, 3], [1, 3]], dim=-1)
# Where eps counts, versions of PyTorch differ in the gradient.
case("CosineSimilarity", [[2, 3], [1, 3]], has_gradient=False, dim=-1, eps=10.0)
case("PairwiseDistance", [[2, 3], [2, 3]])
case("PairwiseDistance", [[2, 2, 3], [2, 3]], p=1.0, eps=0.1, keepdim=True)
case("Upsample", [1, 2, 3], scale_factor=2.0)
case("Upsample", [1, 2, 4], scale_factor=1.75)
case("Upsample", [1, 1, 3, 4], scale_factor=1.6, mode="bilinear")
case("Upsample", [1, 1, 3, 4], scale_factor=1.6, mode="bilinear", recompute_scale_factor=True)
case("Upsample", [1, 1, 3, 4], size=[5, 6])
case("Upsample", [1, 1, 3, 4], size=5)
case("Upsample", [1, 1, 3, 4], scale_factor=[2.0, 3.0], mode="bilinear")
case("Upsample", [1, 1, 3, 4], scale_factor=2.0, mode="bilinear", align_corners=True)
case("Upsample", [1, 1, 3, 4], size=[4, 5], mode="bicubic")
case("Upsample", [1, 2, 3], scale_factor=2.0, mode="linear", align_corners=True)
case("Upsample", [1, 1, 2, 2, 2], scale_factor=2.0, mode="trilinear")
case("Upsample", [1, 1, 2, 3, 2], scale_factor=2.0)
case("Upsample", [1, 2, 4], scale_factor=1.75, mode="nearest-exact")

path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "lowering.json")
with open(path, "w") as file:
    lines = ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases)
    file.write(f'{{"torch":"{torch.__version__}","cases":[\n{lines}\n]}}\n')
print(len(cases), "cases", os.path.getsize(path), "bytes")
