"""PyTorch's answers for autoencoders and diffusion: outputs and gradients of the networks, and the formulas, with torch alone.

    python3 generative.py > generative.json
"""

import json
import math

import torch
import torch.nn.functional as F

from convolutions import Exact, Net, digest, numbers, same
from transformers import attention, norm


def vae(net, x):
    """Decoded from the mean."""
    x = net.chain(
        x, "encoder.", [4, 8, 8], pool=lambda i, last: i > 0, act=lambda i, last: F.relu if i < last else same
    )
    x = net.linear(net.linear(x.flatten(1), "fc_mu", 3), "fc_dec", 32).reshape(-1, 8, 2, 2)
    return net.chain(
        x, "decoder.", [8, 4, 1], up=lambda i, last: i < last, act=lambda i, last: F.relu if i < last else torch.sigmoid
    )


def wae(net, x):
    for i, width in enumerate([4, 6, 8]):
        x = net.conv(x, f"encoder.blocks.{i}.layer", width, stride=1 if i == 0 else 2)
        x = net.norm(F.relu(x) if i < 2 else x, f"encoder.blocks.{i}.normalization")
    x = net.linear(net.linear(x.flatten(1), "fc_enc", 3), "fc_dec", 32).reshape(-1, 8, 2, 2)
    for i, width in enumerate([6, 4]):
        x = F.relu(net.transposed(x, f"decoder.blocks.{i}.layer", width, 3, 2, 1, 1))
        x = net.norm(x, f"decoder.blocks.{i}.normalization")
    return torch.sigmoid(net.conv(x, "decoder.blocks.2.layer", 1))


def gelu(x):
    """Source: Hendrycks and Gimpel, 2016. The gradient of PyTorch 1.13's own is wrong where channels come last in memory."""
    return 0.5 * x * (1 + torch.erf(x / math.sqrt(2)))


def block(net, x, name, width):
    x = net.conv(x, name + ".layer", width)
    c = name + ".normalization."
    # Source: Wu and He, 2018, with one group.
    y = x.flatten(1)
    y = (y - y.mean(1, keepdim=True)) / (y.var(1, unbiased=False, keepdim=True) + 1e-5).sqrt()
    weight, bias = net.get(c + "weight", width), net.get(c + "bias", width)
    return gelu(y.reshape(x.shape) * weight[:, None, None] + bias[:, None, None])


def attending(net, x, name, heads, context):
    n, c, h, w = x.shape
    x = norm(net, x.flatten(2).transpose(1, 2), name + "layer_norm1")
    x = x + attention(net, x, x, name + "self_attention", heads)
    if context is not None:
        seen = net.linear(context, name + "context_projection", c)
        x = x + attention(net, norm(net, x, name + "layer_norm2"), seen, name + "cross_attention", heads)
    y = gelu(net.linear(norm(net, x, name + "layer_norm3"), name + "feed_forward.0", c))
    x = x + net.linear(y, name + "feed_forward.2", c)
    return x.transpose(1, 2).reshape(n, c, h, w)


def features(net, x, t, context, name, width, heads):
    h = block(net, x, name + "blocks.0", width)
    h = h + net.linear(t, name + "feed_forward_position_embedding", width)[:, :, None, None]
    h = block(net, h, name + "blocks.1", width) + net.conv(x, name + "res_block", width, 1, 1, 0)
    return attending(net, h, name + "attention_layer.", heads, context) if heads else h


# Source: Deeplay, AttentionUNet.
def attention_unet(net, x, t, y=None, context=None, widths=(8, 16), inside=(12,), heads=(2, 2)):
    if y is not None:
        t = t + net.get("class_embedding.weight", 5, 6)[y]
    maps = []
    for i, width in enumerate(widths):
        if i > 0:
            x = net.pool(x)
        x = features(net, x, t, context, f"encoder.blocks.{i}.", width, heads[i])
        maps.append(x)
    for i, width in enumerate(list(inside) + [widths[-1]]):
        x = block(net, x, f"base_blocks.{i}", width)
    for i, width in enumerate(widths[-2::-1]):
        x = net.transposed(x, f"decoder.blocks.{i}.0", width)
        x = torch.cat([x, maps[-2 - i]], 1)
        x = features(net, x, t, context, f"decoder.blocks.{i}.1.", width, heads[-2 - i])
    return net.conv(x, "output", 1, 1, 1, 0)


def time_of(x):
    return numbers([len(x), 6], 2.0).float().double()


def conditioned(net, x):
    return attention_unet(net, x, time_of(x), torch.arange(len(x)) % 5, numbers([len(x), 3, 5], 3.0).float().double())


MODELS = [
    ("vae", vae, [[2, 1, 8, 8], [1, 1, 8, 8], [5, 1, 8, 8], [2, 1, 10, 8]]),
    ("wae", wae, [[2, 1, 8, 8], [1, 1, 8, 8], [5, 1, 8, 8], [2, 2, 8, 8]]),
    (
        "attention_unet",
        lambda net, x: attention_unet(net, x, time_of(x), heads=(0, 2)),
        [[2, 1, 8, 8], [1, 1, 4, 6], [3, 1, 2, 2], [2, 1, 7, 8], [2, 1, 8, 5]],
    ),
    ("attention_unet_three", lambda net, x: attention_unet(net, x, time_of(x), widths=(8, 8, 16), inside=(12, 8), heads=(1, 1, 1)),
     [[2, 1, 8, 8], [1, 1, 4, 12], [2, 1, 6, 8]]),
    ("attention_unet_cond", conditioned, [[2, 1, 8, 8], [1, 1, 4, 6], [3, 1, 2, 2], [2, 1, 7, 8]]),
]


def record(name, network, shapes):
    net = Exact()
    x = numbers(shapes[0], 1.0).float().double().requires_grad_()
    out = network(net, x)
    (out * torch.cos(torch.arange(out.numel(), dtype=torch.float64) * 0.3).reshape(out.shape)).sum().backward()
    sizes = {key: p.shape for key, p in net.parameters.items()}

    def shape_of(shape):
        try:
            found = list(network(net, numbers(shape, 1.0)).shape)
        except RuntimeError:
            return None
        return found if {key: p.shape for key, p in net.parameters.items()} == sizes else None

    return {
        "name": name,
        "sizes": [[shape, shape_of(shape)] for shape in shapes],
        "output": digest(out),
        "input_gradient": digest(x.grad),
        "gradients": {key: digest(p.grad) for key, p in net.parameters.items()},
    }


def graded(loss, *inputs):
    inputs = [x.clone().requires_grad_() for x in inputs]
    found = loss(*inputs)
    found.backward()
    return {"value": found.item(), "gradients": [x.grad.flatten().tolist() for x in inputs]}


# torch's own divergence of two normal distributions.
def kl(mean, log_variance):
    q = torch.distributions.Normal(mean, (0.5 * log_variance).exp())
    return torch.distributions.kl_divergence(q, torch.distributions.Normal(0.0, 1.0)).sum()


# Pair by pair. Source: Tolstikhin et al., 2018, algorithm 2.
def mmd(prior, codes, variance=1.5):
    n, d = codes.shape
    c = 2 * d * variance

    def k(x, y):
        return c / (c + (x - y).pow(2).sum())

    apart = [(i, j) for i in range(n) for j in range(n) if i != j]
    within = sum(k(prior[i], prior[j]) + k(codes[i], codes[j]) for i, j in apart) / (n * (n - 1))
    return within - 2 * sum(k(p, z) for p in prior for z in codes) / n**2


def schedules():
    linear = torch.linspace(1e-4, 0.02, 1000, dtype=torch.float64)
    t = torch.arange(11, dtype=torch.float64) / 10
    left = torch.cos((t + 0.008) / 1.008 * math.pi / 2) ** 2
    left = left / left[0]
    cosine = (1 - left[1:] / left[:-1]).clamp(max=0.999)
    return {
        "linear": torch.cumprod(1 - linear, 0)[[0, 1, 10, 500, 999]].tolist(),
        "cosine": cosine.tolist(),
        "cosine_left": torch.cumprod(1 - cosine, 0).tolist(),
    }


# Bayes' rule for normal distributions: what x before a step is, given x after it and the image. Step 4 of ten.
def posterior(step=4):
    betas = torch.linspace(0.05, 0.4, 10, dtype=torch.float64)
    left = torch.cumprod(1 - betas, 0)
    image, x, noise = [numbers([6], s) for s in (0.1, 0.5, 0.9)]
    told = (x - left[step].sqrt() * image) / (1 - left[step]).sqrt()
    precision = 1 / (1 - left[step - 1]) + (1 - betas[step]) / betas[step]
    mean = (left[step - 1].sqrt() * image / (1 - left[step - 1]) + (1 - betas[step]).sqrt() * x / betas[step]) / precision
    # The image is at the right place of a line from it to the noise, without new noise. Source: Song et al., 2021, section 4.1.
    direct = left[1].sqrt() * image + (1 - left[1]).sqrt() * told
    return {
        "told": told.tolist(),
        "ddpm": (mean + noise / precision.sqrt()).tolist(),
        "ddim": direct.tolist(),
        "noised": (left[step].sqrt() * image + (1 - left[step]).sqrt() * noise).tolist(),
    }


# Source: Deeplay, test_attention_unet.py, whose formula this is, in float64.
def times(features=6):
    t = torch.tensor([0.0, 1.0, 10.0, 999.0], dtype=torch.float64)[:, None]
    angles = t / 10000 ** (torch.arange(0, features, 2, dtype=torch.float64) / features)
    return torch.cat([angles.sin(), angles.cos()], 1).flatten().tolist()


if __name__ == "__main__":
    a, b = numbers([4, 3], 0.2), numbers([4, 3], 1.7)
    print(
        json.dumps(
            {
                "models": [record(*model) for model in MODELS],
                "kl": graded(kl, a, b),
                "mmd": graded(mmd, a, b),
                "schedules": schedules(),
                "steps": posterior(),
                "times": times(),
            }
        )
    )
