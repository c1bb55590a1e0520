"""Records what PyTorch computes by each operation of a forward pass, into operations.json beside this file.

Run with PyTorch 1.13: `python3 operations.py`. Inputs are not recorded: both sides fill them alike (`fill`, `inputs`; in
F#, OperationTests.fs). A case has the outputs' shapes, types and numbers, and the gradients of
sum(output * sin(0.3 i + 0.5)) over every output of floating-point numbers with regard to every input of such.
"""
import json
import math
import os

import torch
import torch.nn.functional as F

torch.set_num_threads(1)


def fill(shape, seed):
    """sin(0.7 i + seed) for element i."""
    count = math.prod(shape)
    values = torch.sin(0.7 * torch.arange(count, dtype=torch.float64) + seed)
    return values.to(torch.float32).reshape(shape)


def make(what, seed):
    """An input: a shape of sines; ("positive", shape): above 0; ("unit", shape): within (-0.9, 0.9); ("big", shape): times 4;
    ("mask", shape): whether a sine is above 0; ("index", below, shape): 3 i modulo `below`; ("ids", numbers)."""
    if not what or isinstance(what[0], int):
        return fill(what, seed)
    kind, *rest = what
    if kind == "positive":
        return (fill(rest[0], seed).double() + 1.5).float()
    if kind == "unit":
        return (fill(rest[0], seed).double() * 0.9).float()
    if kind == "big":
        return (fill(rest[0], seed).double() * 4).float()
    if kind == "mask":
        return fill(rest[0], seed) > 0
    if kind == "index":
        return (3 * torch.arange(math.prod(rest[1])) % rest[0]).reshape(rest[1])
    if kind == "ids":
        return torch.tensor(rest[0])
    raise ValueError(kind)


def numbers(tensor):
    if tensor.dtype == torch.bool:
        return [int(v) for v in tensor.flatten().tolist()]
    return [v if math.isfinite(v) else str(v) for v in (float("%.7g" % v) for v in tensor.detach().double().flatten().tolist())]


cases = []


def case(name, inputs, function):
    tensors = [make(what, 0.1 * i) for i, what in enumerate(inputs)]
    for tensor in tensors:
        if tensor.is_floating_point():
            tensor.requires_grad_(True)
    outputs = function(*tensors)
    outputs = list(outputs) if isinstance(outputs, (tuple, list)) else [outputs]
    loss = 0
    for output in outputs:
        if output.is_floating_point() and output.requires_grad:
            weights = torch.sin(0.3 * torch.arange(output.numel(), dtype=torch.float64) + 0.5).float()
            loss = loss + (output * weights.reshape(output.shape)).sum()
    if torch.is_tensor(loss):
        loss.backward()
    cases.append(
        {
            "name": name,
            "inputs": inputs,
            "shapes": [list(o.shape) for o in outputs],
            "types": [str(o.dtype).replace("torch.", "") for o in outputs],
            "outputs": [numbers(o) for o in outputs],
            "gradients": [None if t.grad is None else numbers(t.grad) for t in tensors],
        }
    )


def refused(name, inputs, function):
    """What PyTorch refuses for the shapes of its inputs."""
    try:
        function(*[make(what, 0.1 * i) for i, what in enumerate(inputs)])
    except (RuntimeError, IndexError, ValueError):
        cases.append({"name": name, "inputs": inputs, "refused": True})
        return
    raise AssertionError(f"{name} {inputs} is not refused")


# --- element by element: sines, numbers above 0, numbers within the unit, and times 4 ---
for name in "neg abs sign exp exp2 expm1 sin cos tan atan sinh cosh tanh asinh erf erfc floor ceil round trunc frac sigmoid square relu isnan isinf isfinite logical_not detach contiguous".split():
    case(name, [["big", [2, 3]]], getattr(torch.Tensor, name))
for name in "log log2 log10 log1p sqrt rsqrt reciprocal lgamma digamma".split():
    case(name, [["positive", [2, 3]]], getattr(torch.Tensor, name))
for name in "asin acos atanh erfinv".split():
    case(name, [["unit", [2, 3]]], getattr(torch.Tensor, name))
case("acosh", [["positive", [2, 3]]], lambda x: torch.acosh(x + 1))
for name in "logsigmoid relu6 selu silu mish gelu softplus softsign tanhshrink hardswish hardsigmoid".split():
    case(name, [["big", [3, 4]]], getattr(F, name))
case("gelu_tanh", [["big", [3, 4]]], lambda x: F.gelu(x, approximate="tanh"))
case("exp", [[0, 3]], torch.exp)
case("exp", [[]], torch.exp)
case("zeros_like", [[2, 3]], torch.zeros_like)
case("ones_like", [[2, 3]], torch.ones_like)
case("full_like", [[2, 3]], lambda x: torch.full_like(x, 2.5))
case("clamp", [["big", [2, 3]]], lambda x: x.clamp(-1.5, 2.0))
case("clamp_min", [["big", [2, 3]]], lambda x: x.clamp_min(0.5))
case("clamp_max", [["big", [2, 3]]], lambda x: x.clamp_max(0.5))
case("leaky_relu", [["big", [2, 3]]], lambda x: F.leaky_relu(x, 0.2))
case("elu", [["big", [2, 3]]], lambda x: F.elu(x, 0.7))
case("celu", [["big", [2, 3]]], lambda x: F.celu(x, 0.7))
case("hardtanh", [["big", [2, 3]]], lambda x: F.hardtanh(x, -2.0, 1.0))
case("softshrink", [["big", [2, 3]]], lambda x: F.softshrink(x, 0.7))
case("hardshrink", [["big", [2, 3]]], lambda x: F.hardshrink(x, 0.7))
case("threshold", [["big", [2, 3]]], lambda x: F.threshold(x, 0.3, -1.0))
case("nan_to_num", [[2, 3]], lambda x: torch.nan_to_num(torch.sqrt(x).detach(), 7.0))
case("to_int64", [["big", [2, 3]]], lambda x: x.to(torch.int64))
case("to_bool", [["big", [2, 3]]], lambda x: x.to(torch.bool))
case("to_float64", [["index", 5, [2, 3]]], lambda x: x.to(torch.float64))

# --- two tensors, broadcast ---
pairs = [[[2, 3], [2, 3]], [[2, 3], [3]], [[2, 1, 3], [4, 1]], [[2, 0], [1, 1]]]
for name in "add sub mul maximum minimum eq ne lt le gt ge atan2 hypot logical_and logical_or logical_xor".split():
    for a, b in pairs[:3] if name != "add" else pairs:
        case(name, [a, b], getattr(torch, name))
for name in "div remainder fmod floor_divide".split():
    function = (lambda x, y: torch.div(x, y, rounding_mode="floor")) if name == "floor_divide" else getattr(torch, name)
    for a, b in pairs[:3]:
        case(name, [["big", a], ["positive", b]], function)
case("pow", [["positive", [2, 3]], [3]], torch.pow)
case("xlogy", [[2, 3], ["positive", [3]]], torch.xlogy)
for name in "eq ne lt le gt ge remainder fmod floor_divide pow".split():
    function = {
        "floor_divide": lambda x: torch.div(x, 0.7, rounding_mode="floor"),
    }.get(name, lambda x, f=getattr(torch, name): f(x, 0.7))
    case(name + "_scalar", [["positive", [2, 3]]], function)
case("eq", [["index", 3, [4]], ["index", 2, [4]]], torch.eq)
refused("add", [[2, 3], [2]], torch.add)
refused("lt", [[4, 2], [3, 2]], torch.lt)

# --- masks and indices ---
case("where", [["mask", [2, 3]], [2, 3], [3]], torch.where)
case("where", [["mask", [3]], [2, 1], [1]], torch.where)
refused("where", [["mask", [2]], [2, 3], [2, 3]], torch.where)
case("masked_fill", [[2, 3], ["mask", [2, 3]]], lambda x, m: x.masked_fill(m, -2.5))
case("masked_fill_infinite", [[2, 3], ["mask", [3]]], lambda x, m: x.masked_fill(m, -math.inf))
case("masked_fill", [[3], ["mask", [2, 3]]], lambda x, m: x.masked_fill(m, -2.5))
case("lerp", [[2, 3], [3]], lambda a, b: torch.lerp(a, b, 0.3))
case("prelu", [[2, 3, 2], [3]], F.prelu)
case("prelu", [[2, 3], [1]], F.prelu)
refused("prelu", [[2, 3, 2], [2]], F.prelu)
case("gather", [[3, 4], ["index", 3, [2, 4]]], lambda x, i: x.gather(0, i))
case("gather_last", [[2, 3, 4], ["index", 4, [2, 3, 2]]], lambda x, i: x.gather(-1, i))
refused("gather", [[3, 4], ["index", 3, [2, 5]]], lambda x, i: x.gather(0, i))
refused("gather", [[3, 4], ["index", 3, [4]]], lambda x, i: x.gather(0, i))
case("take_along_dim", [[3, 4], ["index", 4, [3, 2]]], lambda x, i: torch.take_along_dim(x, i, 1))
case("take_along_dim", [[3, 4], ["index", 4, [1, 2]]], lambda x, i: torch.take_along_dim(x, i, 1))
case("scatter", [[3, 4], ["ids", [[0, 1, 2, 0]]], [1, 4]], lambda x, i, s: x.scatter(0, i, s))
case("scatter_add", [[3, 4], ["index", 3, [2, 4]], [2, 4]], lambda x, i, s: x.scatter_add(0, i, s))
refused("scatter_add", [[3, 4], ["index", 3, [2, 4]], [1, 4]], lambda x, i, s: x.scatter_add(0, i, s))
for reduce in "sum prod mean amax amin".split():
    # Nothing goes to the third row of x.
    case(f"scatter_{reduce}", [[3, 4], ["ids", [[0, 1, 1, 0], [1, 1, 0, 0], [0, 1, 1, 1]]], [3, 4]], lambda x, i, s: x.scatter_reduce(0, i, s, reduce, include_self=False))
    case(f"scatter_{reduce}_last", [[2, 3], ["index", 3, [2, 5]], [2, 5]], lambda x, i, s: x.scatter_reduce(-1, i, s, reduce))
    case(f"scatter_{reduce}_last", [[2, 3], ["index", 2, [2, 4]], [2, 4]], lambda x, i, s: x.scatter_reduce(-1, i, s, reduce))
refused("scatter_amax", [[3, 4], ["index", 3, [2, 4]], [1, 4]], lambda x, i, s: x.scatter_reduce(0, i, s, "amax"))
case("bincount", [["ids", [0, 2, 2, 1, 0]]], lambda x: torch.bincount(x, minlength=6))
case("bincount_of_all", [["index", 4, [7]]], torch.bincount)
refused("bincount", [["index", 4, [2, 3]]], torch.bincount)
case("index_select", [[3, 4], ["ids", [2, 0, 2, 1, 1]]], lambda x, i: x.index_select(0, i))
case("index_select_last", [[3, 4], ["ids", [3, 0]]], lambda x, i: x.index_select(-1, i))
refused("index_select", [[3, 4], ["index", 3, [2, 2]]], lambda x, i: x.index_select(0, i))
case("index_add", [[3, 2], ["ids", [2, 0, 2, 1]], [4, 2]], lambda x, i, s: x.index_add(0, i, s))
refused("index_add", [[3, 2], ["ids", [2, 0]], [4, 2]], lambda x, i, s: x.index_add(0, i, s))
case("index_copy", [[3, 2], ["ids", [2, 0]], [2, 2]], lambda x, i, s: x.index_copy(0, i, s))
case("embedding", [["index", 5, [2, 3]], [5, 4]], F.embedding)
case("embedding", [["ids", 3], [5, 4]], F.embedding)
case("one_hot", [["index", 4, [2, 3]]], lambda x: F.one_hot(x, 4))

# --- reductions ---
for name, function in {
    "sum": torch.sum,
    "mean": torch.mean,
    "amax": torch.amax,
    "amin": torch.amin,
    "logsumexp": torch.logsumexp,
    "var": torch.var,
    "std": torch.std,
}.items():
    for key, dims, keep in [("0", [0], False), ("-1", [-1], False), ("0,2", [0, 2], False), ("-1k", [-1], True), ("0,2k", [0, 2], True)]:
        case(f"{name}_{key}", [[2, 3, 4]], lambda x: function(x, dims, keepdim=keep))
    case(f"{name}_all", [[2, 3, 4]], lambda x: function(x, [0, 1, 2]))
case("sum_0", [[0, 3, 2]], lambda x: x.sum([0]))
case("sum_-1", [["index", 5, [2, 3]]], lambda x: x.sum([-1]))
case("sum_-1", [["mask", [2, 3]]], lambda x: x.sum([-1]))
refused("sum_0,2", [[2, 3]], lambda x: x.sum([0, 2]))
refused("amax_0", [[0, 3]], lambda x: x.amax([0]))
case("var_with", [[2, 3, 4]], lambda x: torch.var(x, [0, 2], correction=3))
case("std_with", [[2, 3, 4]], lambda x: torch.std(x, [0, 2], correction=0))
for p in (1.0, 2.0, 3.0, math.inf):
    case(f"norm_{p}", [[2, 3, 4]], lambda x: torch.linalg.vector_norm(x, p, [0, 2]))
case("norm_keep", [[2, 3, 4]], lambda x: torch.linalg.vector_norm(x, 2.0, [-1], True))
case("norm_all", [[2, 3]], lambda x: torch.linalg.vector_norm(x, 2.0))
for name in "prod argmax argmin".split():
    case(f"{name}_1", [["positive", [2, 3, 2]]], lambda x: getattr(torch, name)(x, 1))
    case(f"{name}_all", [["positive", [2, 3]]], lambda x: getattr(torch, name)(x))
case("argmax_keep", [[2, 3]], lambda x: x.argmax(-1, keepdim=True))
for name in "all any".split():
    case(f"{name}_1", [["mask", [2, 3]]], lambda x: getattr(torch, name)(x, 1))
    case(f"{name}_all", [["mask", [2, 3]]], lambda x: getattr(torch, name)(x))
refused("argmax_1", [[2, 0]], lambda x: x.argmax(1))

# --- along a dimension ---
for name, function in {
    "softmax": torch.softmax,
    "log_softmax": torch.log_softmax,
    "softmin": F.softmin,
    "cumsum": torch.cumsum,
    "cumprod": torch.cumprod,
    "logcumsumexp": torch.logcumsumexp,
    "normalize": lambda x, dim: F.normalize(x, dim=dim),
}.items():
    case(f"{name}_0", [[3, 4]], lambda x: function(x, 0))
    case(f"{name}_-1", [[2, 3, 2]], lambda x: function(x, -1))
    refused(f"{name}_2", [[3, 4]], lambda x: function(x, 2))
case("normalize_with", [[3, 4]], lambda x: F.normalize(x, 1.0, 0, 1e-3))
case("argsort", [[3, 4]], lambda x: x.argsort(-1, True))
case("flip", [[2, 3, 2]], lambda x: x.flip([0, -1]))
refused("flip", [[2]], lambda x: x.flip([0, -2]))
case("roll", [[3, 4]], lambda x: x.roll([1, -2], [0, 1]))
case("tril", [[3, 4]], lambda x: x.tril(1))
case("triu", [[2, 3, 3]], lambda x: x.triu(-1))
refused("tril", [[3]], lambda x: x.tril(1))

# --- several outputs ---
case("topk", [[3, 4]], lambda x: x.topk(2, -1))
case("bottomk", [[3, 4]], lambda x: x.topk(2, 0, largest=False))
refused("topk", [[3, 1]], lambda x: x.topk(2, -1))
case("sort", [[3, 4]], lambda x: x.sort(0, descending=True))
case("max", [[3, 4]], lambda x: x.max(1))
case("min", [[3, 4]], lambda x: x.min(0))
case("split", [[2, 5]], lambda x: x.split([2, 3], 1))
refused("split", [[2, 4]], lambda x: x.split([2, 3], 1))
case("chunk", [[5, 2]], lambda x: x.chunk(3, 0))
case("unbind", [[2, 3]], lambda x: x.unbind(1))
case("meshgrid", [[2], [3]], lambda a, b: torch.meshgrid(a, b, indexing="ij"))

# --- shapes ---
case("reshape", [[2, 6]], lambda x: x.reshape(3, -1))
refused("reshape", [[2, 5]], lambda x: x.reshape(3, -1))
case("unflatten", [[2, 6]], lambda x: x.unflatten(-1, (3, 2)))
case("expand", [[3, 1]], lambda x: x.expand(2, -1, 4))
refused("expand", [[3, 2]], lambda x: x.expand(2, -1, 4))
case("repeat", [[2, 3]], lambda x: x.repeat(2, 1, 2))
case("narrow", [[2, 5]], lambda x: x.narrow(1, 1, 3))
refused("narrow", [[2, 3]], lambda x: x.narrow(1, 1, 3))
case("slice", [[2, 7]], lambda x: x[:, 1:-1:2])
case("slice", [[2, 1]], lambda x: x[:, 1:-1:2])
case("slice_from", [[2, 7]], lambda x: x[:, -3::2])
case("select", [[2, 3]], lambda x: x.select(1, -1))
case("flatten", [[2, 3, 2, 2]], lambda x: x.flatten(1, -2))
case("flatten", [[2, 3, 2]], lambda x: x.flatten(1, -2))
case("transpose", [[2, 3, 4]], lambda x: x.transpose(0, -1))
case("permute", [[2, 3, 4]], lambda x: x.permute(2, 0, 1))
case("movedim", [[2, 3, 4]], lambda x: x.movedim(0, -1))
case("squeeze", [[2, 1, 3]], lambda x: x.squeeze(1))
case("squeeze", [[2, 2, 3]], lambda x: x.squeeze(1))
case("unsqueeze", [[2, 3]], lambda x: x.unsqueeze(-1))
case("cat", [[2, 3], [1, 3]], lambda a, b: torch.cat([a, b], 0))
case("cat", [[2, 3], [0]], lambda a, b: torch.cat([a, b], 0))
refused("cat", [[2, 3], [2, 2]], lambda a, b: torch.cat([a, b], 0))
case("stack", [[2, 3], [2, 3]], lambda a, b: torch.stack([a, b], -1))
refused("stack", [[2, 3], [1, 3]], lambda a, b: torch.stack([a, b], -1))
case("diagonal", [[3, 4]], lambda x: x.diagonal(1, 0, 1))
case("diagonal", [[2, 3, 4]], lambda x: x.diagonal(1, 0, 1))
case("unfold", [[2, 7]], lambda x: x.unfold(1, 3, 2))
refused("unfold", [[2, 2]], lambda x: x.unfold(1, 3, 2))
case("repeat_interleave", [[2, 3]], lambda x: x.repeat_interleave(2, 1))
case("pad", [[2, 3]], lambda x: F.pad(x, [1, 2, 0, 1], value=0.5))
case("pad", [[2, 2, 2]], lambda x: F.pad(x, [1, 2, 0, 1], value=0.5))
for mode in ("reflect", "replicate", "circular"):
    case(f"pad_{mode}", [[1, 2, 4]], lambda x: F.pad(x, [1, 2], mode=mode))
refused("pad_reflect", [[1, 2, 2]], lambda x: F.pad(x, [1, 2], mode="reflect"))
case("glu", [[2, 4]], lambda x: F.glu(x, -1))
refused("glu", [[2, 3]], lambda x: F.glu(x, -1))
case("interpolate_nearest", [[1, 2, 3, 4]], lambda x: F.interpolate(x, size=[5, 6]))
case("interpolate_bilinear", [[1, 2, 3, 4]], lambda x: F.interpolate(x, size=[5, 6], mode="bilinear", align_corners=False))
case("interpolate_linear", [[1, 2, 4]], lambda x: F.interpolate(x, size=7, mode="linear", align_corners=True))
case("interpolate_bicubic", [[1, 1, 3, 4]], lambda x: F.interpolate(x, size=[5, 6], mode="bicubic", align_corners=False))
case("interpolate_by", [[1, 2, 3, 4]], lambda x: F.interpolate(x, scale_factor=[2.0, 1.5]))
case("interpolate_area", [[1, 2, 4, 4]], lambda x: F.interpolate(x, size=[2, 2], mode="area"))
refused("interpolate_bicubic", [[1, 3, 4]], lambda x: F.interpolate(x, size=[5, 6], mode="bicubic", align_corners=False))

# --- products ---
for a, b in [[[2, 3], [3, 4]], [[2, 2, 3], [3, 4]], [[3], [3]], [[2, 1, 2, 3], [4, 3, 2]], [[3], [2, 3, 2]], [[2, 3], [3]]]:
    case("matmul", [a, b], torch.matmul)
for a, b in [[[2, 3], [2, 4]], [[3], [2]], [[2, 2, 3], [3, 3, 2]], [[], [3]]]:
    refused("matmul", [a, b], torch.matmul)
case("bmm", [[2, 3, 2], [2, 2, 4]], torch.bmm)
refused("bmm", [[2, 3, 2], [1, 2, 4]], torch.bmm)
refused("bmm", [[3, 2], [2, 4]], torch.bmm)
case("baddbmm", [[3, 1], [2, 3, 2], [2, 2, 4]], torch.baddbmm)
case("outer", [[2], [3]], torch.outer)
refused("outer", [[2, 1], [3]], torch.outer)
case("linear", [[2, 3], [4, 3], [4]], F.linear)
case("linear", [[3], [4, 3], [4]], F.linear)
refused("linear", [[2, 2], [4, 3], [4]], F.linear)
case("linear_without_bias", [[2, 2, 3], [4, 3]], F.linear)
case("einsum_bij,bjk->bik", [[2, 3, 2], [2, 2, 4]], lambda a, b: torch.einsum("bij,bjk->bik", a, b))
case("einsum_...i,i", [[2, 3, 2], [2]], lambda a, b: torch.einsum("...i,i", a, b))
case("einsum_bhqd,bhkd->bhqk", [[1, 2, 3, 2], [1, 2, 4, 2]], lambda a, b: torch.einsum("bhqd,bhkd->bhqk", a, b))
refused("einsum_bij,bjk->bik", [[2, 3, 2], [2, 3, 4]], lambda a, b: torch.einsum("bij,bjk->bik", a, b))
refused("einsum_bij,bjk->bik", [[3, 2], [2, 3, 4]], lambda a, b: torch.einsum("bij,bjk->bik", a, b))
case("cosine_similarity", [[2, 3], [3]], lambda a, b: F.cosine_similarity(a, b, -1))
case("cdist", [[2, 3, 2], [2, 4, 2]], torch.cdist)


def attention(q, k, v, mask=None, causal=False):
    """PyTorch 1.13 has no public one: as the documentation of 2.0 says it."""
    scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
    if causal:
        scores = scores.masked_fill(torch.ones(scores.shape[-2:], dtype=torch.bool).tril().logical_not(), -math.inf)
    if mask is not None:
        scores = scores.masked_fill(mask.logical_not(), -math.inf) if mask.dtype == torch.bool else scores + mask
    return torch.softmax(scores, -1) @ v


case("attention", [[2, 3, 4], [2, 5, 4], [2, 5, 2]], attention)
case("attention_causal", [[1, 2, 3, 4], [1, 2, 3, 4], [1, 2, 3, 4]], lambda q, k, v: attention(q, k, v, causal=True))
case("attention_masked", [[2, 3, 4], [2, 5, 4], [2, 5, 2], [3, 5]], attention)
case("attention_masked", [[2, 3, 4], [2, 5, 4], [2, 5, 4], ["ids", [[True, False, True, True, False]]]], attention)
refused("attention", [[2, 3, 4], [2, 5, 3], [2, 5, 2]], attention)

# --- new tensors ---
case("new_zeros", [[2, 3]], lambda x: x.new_zeros(4, 1))
case("new_full", [["index", 3, [2]]], lambda x: x.new_full((2, 2), 3))
case("arange", [[2, 3]], lambda x: torch.arange(1, 8, 3))
case("arange_size", [[2, 3]], lambda x: torch.arange(x.shape[0], 2 * x.shape[1] + 1))
case("linspace", [[2]], lambda x: torch.linspace(-1.0, 1.0, 5))
case("eye", [[2]], lambda x: torch.eye(2, 3))

# --- sizes ---
case("size_reshape", [[2, 3, 4]], lambda x: x.reshape(x.shape[0] * x.shape[1], x.shape[2] // 2, 2))
case("size_reshape", [[3, 1, 6]], lambda x: x.reshape(x.shape[0] * x.shape[1], x.shape[2] // 2, 2))
case("size_narrow", [[2, 5]], lambda x: x.narrow(1, x.shape[1] - 2, 2))
case("size_expand", [[2, 3], [1, 3]], lambda x, y: y.expand(x.shape[0], -1))

path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "operations.json")
with open(path, "w") as file:
    file.write('{"cases": [\n' + ",\n".join(json.dumps(c) for c in cases) + "\n]}\n")
print(len(cases), "cases")
