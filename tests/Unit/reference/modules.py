"""PyTorch's answers for the modules that no larger reference has inside: outputs and gradients by their published formulas,
written with torch alone.

    python3 modules.py > modules.json
"""

import json
import math

import torch
import torch.nn.functional as F

from convolutions import Net, digest, numbers


# Source: Deeplay, whose sized perceptrons have a batch norm and a leaky ReLU behind each hidden layer.
def perceptron(net, x):
    x = x.flatten(1)
    for i, width in enumerate([5, 3]):
        x = F.leaky_relu(net.linear(x, f"blocks.{i}.layer", width), 0.05)
        x = net.norm(x, f"blocks.{i}.normalization")
    return net.linear(x, "blocks.2.layer", 2)


# Source: PyTorch docs, torch.nn.RNN, LSTM, GRU, whose formulas these are.
def one_way(net, x, name, kind, width, way):
    count = {"RNN": 1, "LSTM": 4, "GRU": 3}[kind] * width
    weight, inner = net.get(f"{name}.weight_ih_l0{way}", count, x.shape[-1]), net.get(f"{name}.weight_hh_l0{way}", count, width)
    bias, shift = net.get(f"{name}.bias_ih_l0{way}", count), net.get(f"{name}.bias_hh_l0{way}", count)
    h = c = torch.zeros(x.shape[1], width)
    found = [None] * len(x)
    for t in reversed(range(len(x))) if way else range(len(x)):
        a, b = x[t] @ weight.T + bias, h @ inner.T + shift
        if kind == "RNN":
            h = torch.tanh(a + b)
        elif kind == "LSTM":
            i, f, g, o = (a + b).chunk(4, 1)
            c = f.sigmoid() * c + i.sigmoid() * g.tanh()
            h = o.sigmoid() * c.tanh()
        else:
            (ar, az, an), (br, bz, bn) = a.chunk(3, 1), b.chunk(3, 1)
            z = (az + bz).sigmoid()
            h = (1 - z) * torch.tanh(an + (ar + br).sigmoid() * bn) + z * h
        found[t] = h
    return torch.stack(found)


def recurrent(net, x, kind, widths, both=False):
    for i, width in enumerate(widths):
        ways = ["", "_reverse"] if both else [""]
        x = sum(one_way(net, x, f"blocks.{i}.layer", kind, width, way) for way in ways)
    return x


def recurrent_model(kind, both=False):
    def run(net, x):
        x = recurrent(net, x.transpose(0, 1), kind, [5, 3], both)
        return net.linear(x[-1], "head.blocks.0.layer", 2)

    return run


# Source: Hu et al., 2018; torchvision.ops.SqueezeExcitation.
def squeeze(net, x):
    scale = x.mean(list(range(2, x.dim())), keepdim=True)
    scale = F.relu(net.conv(scale, "fc1", max(1, x.shape[1] // 2), 1, 1, 0))
    return net.conv(scale, "fc2", x.shape[1], 1, 1, 0).sigmoid() * x


# Source: Vaswani et al., 2017, section 3.5: first all sines, then all cosines.
def times(net, t):
    angles = t[:, None] / 10000 ** (torch.arange(0, 6, 2) / 6)
    return torch.cat([angles.sin(), angles.cos()], 1)


def graphs(x):
    """The graph of each node: three in each, but for the last."""
    return torch.arange(len(x)) // 3


def pool(reduce):
    return lambda net, x: torch.stack([reduce(x[graphs(x) == g]) for g in range((len(x) + 2) // 3)])


# The place of each vector in its sequence counts anew.
def indexed(net, x):
    return x + net.get("embs", 4, 1, x.shape[1])[torch.arange(len(x)) % 3, 0]


def combined(net, x):
    more = numbers([len(x), 2], 2.0).float()
    return torch.tanh(net.linear(torch.cat([x, more], 1), "layer", 4))


# What a layer gave is taken up again behind others.
def logged(net, x):
    y = net.linear(x, "0", 3)
    return net.linear(y, "3", 2)


MODELS = [
    ("perceptron", 2, perceptron, [[6, 4], [3, 4], [5, 2, 2]]),
    ("recurrent_network", 1, lambda net, x: recurrent(net, x, "LSTM", [5, 3]), [[6, 2, 4], [1, 1, 4], [5, 3, 4]]),
    ("recurrent_model_lstm", 1, recurrent_model("LSTM"), [[2, 6, 4], [1, 1, 4], [3, 5, 4]]),
    ("recurrent_model_gru", 1, recurrent_model("GRU"), [[2, 6, 4], [1, 1, 4], [3, 5, 4]]),
    ("recurrent_model_rnn", 1, recurrent_model("RNN", True), [[2, 6, 4], [1, 1, 4], [3, 5, 4]]),
    ("squeeze_1d", 1, squeeze, [[2, 6, 5], [1, 6, 1], [3, 6, 7]]),
    ("squeeze_2d", 2, squeeze, [[2, 6, 4, 5], [1, 6, 1, 1], [3, 6, 7, 3]]),
    ("squeeze_3d", 3, squeeze, [[2, 6, 3, 2, 4], [1, 6, 1, 1, 1], [3, 6, 1, 3, 5]]),
    ("times", 1, times, [[4], [1], [7]]),
    ("global_mean", 1, pool(lambda own: own.mean(0)), [[7, 3]]),
    ("global_add", 1, pool(lambda own: own.sum(0)), [[7, 3]]),
    ("global_max", 1, pool(lambda own: own.amax(0)), [[7, 3]]),
    ("indexed", 1, indexed, [[7, 4], [1, 4], [3, 4]]),
    ("combined", 1, combined, [[5, 3], [1, 3], [4, 3]]),
    ("permuted", 1, lambda net, x: x.permute(1, 2, 0), [[2, 3, 4], [1, 5, 1], [3, 1, 2]]),
    ("lambda", 1, lambda net, x: x * 2 + 1, [[2, 3], [1], [4, 1]]),
    ("logged", 1, logged, [[2, 4], [1, 4], [3, 4]]),
]


def record(name, n, network, shapes):
    net = Net(n)
    x = numbers(shapes[0], 1.0).float().requires_grad_()
    out = network(net, x)
    (out * torch.cos(torch.arange(out.numel()) * 0.3).reshape(out.shape)).sum().backward()
    return {
        "name": name,
        "sizes": [[shape, list(network(net, numbers(shape, 1.0).float()).shape)] for shape in shapes],
        "output": digest(out),
        "input_gradient": digest(x.grad),
        "gradients": {key: digest(p.grad) for key, p in net.parameters.items()},
    }


if __name__ == "__main__":
    print("[")
    print(",\n".join(json.dumps(record(*model)) for model in MODELS))
    print("]")
