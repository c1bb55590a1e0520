"""PyTorch's answers for transformers: outputs and gradients of the published architectures, written with torch alone.

    python3 transformers.py > transformers.json
"""

import json
import math

import torch
import torch.nn.functional as F

from convolutions import Net, digest, numbers


def attention(net, x, memory, name, heads, causal=False):
    """Of (N, L, E) to (N, S, E)."""
    n, length, width = x.shape
    weight = net.get(name + ".in_proj_weight", 3 * width, width)
    bias = net.get(name + ".in_proj_bias", 3 * width)

    def part(y, i):
        y = F.linear(y, weight[i * width : (i + 1) * width], bias[i * width : (i + 1) * width])
        return y.reshape(n, -1, heads, width // heads).transpose(1, 2)

    scores = part(x, 0) @ part(memory, 1).transpose(2, 3) / math.sqrt(width // heads)
    if causal:
        scores = scores.masked_fill(torch.ones(length, length).triu(1).bool(), -math.inf)
    y = (scores.softmax(-1) @ part(memory, 2)).transpose(1, 2).reshape(n, length, width)
    return net.linear(y, name + ".out_proj", width)


def norm(net, x, name, eps=1e-5):
    c = x.shape[-1]
    return F.layer_norm(x, [c], net.get(name + ".weight", c), net.get(name + ".bias", c), eps)


def same(x):
    return x


def around(net, x, name, first, eps, run):
    """x + run(norm(x)), or norm(x + run(x))."""
    if first:
        return x + run(norm(net, x, name + ".normalization", eps))
    return norm(net, x + run(x), name + ".normalization", eps)


# Where the width changes, a projection comes in front of everything else.
def encoder(net, x, name, widths, heads, inside=None, first=False, eps=1e-5, acts=(F.relu, same), causal=False):
    for i, width in enumerate(widths):
        block = f"{name}blocks.{i}."
        if x.shape[-1] != width:
            x = net.linear(x, block + "multihead.layer.projection", width)
        x = around(
            net, x, block + "multihead", first, eps,
            lambda y: attention(net, y, y, block + "multihead.layer.attention", heads, causal),
        )

        def feed_forward(y):
            for k, out in enumerate([inside or width, width]):
                y = acts[k](net.linear(y, f"{block}feed_forward.layer.blocks.{k}.layer", out))
            return y

        x = around(net, x, block + "feed_forward", first, eps, feed_forward)
    return x


def sinusoids(length, width):
    """Source: Vaswani et al., 2017, section 3.5."""
    position = torch.arange(length, dtype=torch.float64)[:, None]
    angle = position / 10000 ** (torch.arange(0, width, 2, dtype=torch.float64) / width)
    return torch.stack([angle.sin(), angle.cos()], -1).flatten(1)[:, :width].float()


def patches(net, image, names, width, size):
    token, conv, positions = names
    x = F.conv2d(image, net.get(conv + ".weight", width, image.shape[1], size, size), net.get(conv + ".bias", width), size)
    x = x.flatten(2).transpose(1, 2)
    x = torch.cat([net.get(token, 1, 1, width).expand(len(x), 1, width), x], 1)
    return x + net.get(positions, 1, x.shape[1], width)


def vit(net, image):
    x = patches(net, image, ["cls_token", "patch_embedder.layer", "positional_embedder.embs"], 16, 4)
    x = encoder(net, x, "transformer_encoder.", [16, 32], 4, first=True, acts=(F.gelu, F.gelu))[:, 0]
    for i, (width, act) in enumerate([(16, F.gelu), (8, F.gelu), (3, same)]):
        x = act(net.linear(x, f"dense_top.blocks.{i}.layer", width))
    return x


# Source: torchvision, models/vision_transformer.py, whose names these are.
def vision_transformer(net, image):
    x = patches(net, image, ["class_token", "conv_proj", "encoder.pos_embedding"], 8, 4)
    for i in range(2):
        block = f"encoder.layers.encoder_layer_{i}."
        y = norm(net, x, block + "ln_1", 1e-6)
        x = x + attention(net, y, y, block + "self_attention", 2)
        y = norm(net, x, block + "ln_2", 1e-6)
        x = x + net.linear(F.gelu(net.linear(y, block + "mlp.0", 12)), block + "mlp.3", 8)
    return net.linear(norm(net, x, "encoder.ln", 1e-6)[:, 0], "heads.head", 5)


# Where norms come after the sums, and attention is causal.
def decoder(net, x, memory, widths, heads):
    for i, width in enumerate(widths):
        block = f"blocks.{i}."

        def half(x, name, run):
            return norm(net, x + run(x), f"{block}{name}.normalization")

        x = half(x, "multihead", lambda y: attention(net, y, y, block + "multihead.layer.attention", heads, True))
        x = half(x, "cross_multihead", lambda y: attention(net, y, memory, block + "cross_multihead.layer.attention", heads))

        def feed_forward(y):
            y = F.relu(net.linear(y, block + "feed_forward.layer.blocks.0.layer", width))
            return net.linear(y, block + "feed_forward.layer.blocks.1.layer", width)

        x = half(x, "feed_forward", feed_forward)
    return x


def rms_norm(net, x, name):
    """Source: Zhang and Sennrich, 2019, with the eps of a float32."""
    return x / (x.pow(2).mean(-1, keepdim=True) + torch.finfo(torch.float32).eps).sqrt() * net.get(name + "weight", x.shape[-1])


def rotary(x, base):
    """Source: Su et al., 2021: each pair of numbers, here of both halves, as a complex number that is turned."""
    half = x.shape[-1] // 2
    angles = torch.arange(x.shape[2])[:, None] * base ** (-torch.arange(half) / half)
    turned = torch.complex(x[..., :half], x[..., half:]) * torch.polar(torch.ones_like(angles), angles)
    return torch.cat([turned.real, turned.imag], -1)


def linear(net, x, name, out, bias):
    return F.linear(x, net.get(name + ".weight", out, x.shape[-1]), net.get(name + ".bias", out) if bias else None)


def grouped(net, x, name, heads, groups, bias, base):
    n, length, width = x.shape
    head = width // heads

    def part(which, count):
        return linear(net, x, name + which, count * head, bias).reshape(n, length, count, head).transpose(1, 2)

    q, k, v = part("q_proj", heads), part("k_proj", groups), part("v_proj", groups)
    if base:
        q, k = rotary(q, base), rotary(k, base)
    # Head i of the queries attends to head i // (heads / groups) of the keys.
    serving = torch.arange(heads) // (heads // groups)
    scores = q @ k[:, serving].transpose(2, 3) / math.sqrt(head)
    scores = scores.masked_fill(torch.ones(length, length).triu(1).bool(), -math.inf)
    y = (scores.softmax(-1) @ v[:, serving]).transpose(1, 2).reshape(n, length, width)
    return linear(net, y, name + "out_proj", width, bias)


def gelu_tanh(x):
    """Source: Hendrycks and Gimpel, 2016."""
    return 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


def language_blocks(net, x, layers, normalize, attend, feed):
    for i in range(layers):
        block = f"blocks.{i}."
        x = x + attend(normalize(x, block + "multihead.normalization."), block + "multihead.layer.")
        x = x + feed(normalize(x, block + "feed_forward.normalization."), block + "feed_forward.layer.")
    return normalize(x, "normalization.")


def gpt2(net, tokens):
    table = net.get("embedding", 11, 8)
    x = table[tokens] + net.get("positional_embedder.embs", 1, 6, 8)[:, : tokens.shape[1]]

    def feed(y, name):
        return linear(net, gelu_tanh(linear(net, y, name + "up", 32, True)), name + "down", 8, True)

    def normalize(y, name):
        return F.layer_norm(y, [8], net.get(name + "weight", 8), net.get(name + "bias", 8))

    x = language_blocks(net, x, 2, normalize, lambda y, name: grouped(net, y, name, 2, 2, True, None), feed)
    return x @ table.T


def llama(net, tokens):
    x = net.get("embedding.weight", 11, 8)[tokens]

    def feed(y, name):
        y = F.silu(linear(net, y, name + "gate", 12, False)) * linear(net, y, name + "up", 12, False)
        return linear(net, y, name + "down", 8, False)

    x = language_blocks(
        net, x, 2, lambda y, name: rms_norm(net, y, name), lambda y, name: grouped(net, y, name, 4, 2, False, 500.0), feed
    )
    return linear(net, x, "head", 11, False)


def sequence_first(f):
    return lambda net, x: f(net, x.transpose(0, 1)).transpose(0, 1)


# Name, the network, and the shapes of its input: with numbers for the first, with shapes for the others.
MODELS = [
    ("sinusoidal", lambda net, x: x + sinusoids(x.shape[1], x.shape[2]), [[2, 7, 6], [1, 1, 6], [3, 40, 6]]),
    ("encoder", sequence_first(lambda net, x: encoder(net, x, "", [4, 16, 4], 2)), [[5, 2, 4], [1, 3, 4], [13, 1, 4], [5, 2, 6]]),
    (
        "encoder_causal",
        lambda net, x: encoder(net, x, "", [8, 8], 2, inside=12, first=True, causal=True),
        [[2, 5, 8], [3, 1, 8], [1, 17, 8], [2, 5, 7]],
    ),
    ("decoder", lambda net, x: decoder(net, x, x.flip(1)[:, :3], [8, 8], 2), [[2, 5, 8], [1, 4, 8], [3, 17, 8], [2, 5, 7]]),
    ("rms_norm", lambda net, x: rms_norm(net, x, ""), [[2, 5, 8], [1, 8], [3, 1, 8], [2, 5, 7]]),
    ("gpt2", gpt2, [[2, 5], [1, 1], [3, 6], [2, 7]]),
    ("llama", llama, [[2, 5], [1, 1], [3, 6], [2, 33]]),
    ("vit", vit, [[2, 1, 16, 16], [1, 1, 16, 16], [5, 1, 16, 16], [2, 3, 16, 16]]),
    ("vision_transformer", vision_transformer, [[2, 3, 16, 16], [1, 3, 16, 16], [5, 3, 16, 16], [2, 1, 16, 16]]),
]


def record(name, network, shapes):
    net = Net()
    reads = name in ("gpt2", "llama")

    def start(shape):
        # Texts, or numbers.
        count = math.prod(shape)
        return (torch.arange(count) * 7 % 11).reshape(shape) if reads else numbers(shape, 1.0).float().requires_grad_()

    x = start(shapes[0])
    out = network(net, x)
    (out * torch.cos(torch.arange(out.numel()) * 0.3).reshape(out.shape)).sum().backward()

    gradients = {key: digest(p.grad) for key, p in net.parameters.items()}

    def shape_of(shape):
        try:
            found = list(network(net, start(shape)).shape)
        except RuntimeError:
            return None
        # The network has its parameters: an input that asks for more of them does not fit.
        return found if len(net.parameters) == len(gradients) else None

    return {
        "name": name,
        "sizes": [[shape, shape_of(shape)] for shape in shapes],
        "output": digest(out),
        "input_gradient": None if reads else digest(x.grad),
        "gradients": gradients,
    }


if __name__ == "__main__":
    print("[")
    print(",\n".join(json.dumps(record(*model)) for model in MODELS))
    print("]")
