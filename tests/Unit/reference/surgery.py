"""PyTorch's answers for layers whose weight is computed from other parameters: LoRA, weight norm, spectral norm; and for
squeeze and excitation.

    python3 surgery.py > surgery.json

Parameters, in their order, and inputs are filled with sines on both sides (`fill` of LoweringHelp.fs).
"""

import json
import math

import torch
import torch.nn.functional as F
from torch import nn

torch.set_num_threads(1)


def fill(shape, seed):
    count = math.prod(shape)
    return torch.sin(0.7 * torch.arange(count, dtype=torch.float64) + seed).float().reshape(shape)


def numbers(tensor):
    return [float("%.8g" % v) for v in tensor.detach().double().flatten().tolist()]


class Lora(nn.Module):
    """Hu et al., 2021, section 4.1: W x + (alpha / rank) B A x. For convolutions A has the kernel of W, and B one of 1."""

    def __init__(self, kind, arguments, rank, alpha):
        super().__init__()
        plain = getattr(nn, kind)(**arguments)
        self.kind, self.plain, self.scaling = kind, [plain], alpha / rank
        self.weight, self.bias = plain.weight, plain.bias
        groups, shape = getattr(plain, "groups", 1), list(plain.weight.shape)
        if "Transpose" in kind:
            a, outputs = [shape[0], rank // groups] + shape[2:], plain.out_channels
        else:
            a, outputs = [rank] + shape[1:], shape[0]
        self.lora_A = nn.Parameter(torch.empty(a))
        self.lora_B = nn.Parameter(torch.empty([outputs, rank // groups] + [1] * (len(shape) - 2)))
        self.weight.requires_grad_(False)
        if self.bias is not None:
            self.bias.requires_grad_(False)

    def forward(self, x):
        plain = self.plain[0]
        if self.kind == "Linear":
            low = F.linear(F.linear(x, self.lora_A), self.lora_B)
        else:
            n = self.weight.dim() - 2
            one = getattr(F, f"conv{n}d")
            if "Transpose" in self.kind:
                call = getattr(F, f"conv_transpose{n}d")
                y = call(x, self.lora_A, None, plain.stride, plain.padding, plain.output_padding, plain.groups,
                         plain.dilation)
            else:
                y = plain._conv_forward(x, self.lora_A, None)
            low = one(y, self.lora_B, groups=plain.groups)
        return plain(x) + self.scaling * low


cases = []


def case(kind, arguments, edit, given, shape, steps=1):
    arguments = {k: tuple(v) if isinstance(v, list) else v for k, v in arguments.items()}
    if edit == "lora":
        layer = Lora(kind, arguments, given["rank"], given["alpha"])
    else:
        layer = getattr(nn.utils, edit)(getattr(nn, kind)(**arguments), **given)
    record(layer, dict(kind=kind, arguments=arguments, edit=edit, given=given, shape=shape), shape, steps)


def record(layer, said, shape, steps=1):
    parameters = list(layer.named_parameters())
    with torch.no_grad():
        for i, (_, p) in enumerate(parameters):
            p.copy_(fill(list(p.shape), 1.0 + i))
        for i, (_, b) in enumerate(layer.named_buffers()):
            b.copy_(F.normalize(fill(list(b.shape), 11.0 + i), dim=0))
    x = fill(shape, 0.1).requires_grad_()
    layer.train()
    outputs = []
    for _ in range(steps):
        for p in [x] + [p for _, p in parameters]:
            p.grad = None
        y = layer(x)
        outputs.append(numbers(y))
        (y * torch.cos(0.3 * torch.arange(y.numel())).reshape(y.shape)).sum().backward()
    buffers = [[n, list(b.shape), numbers(b)] for n, b in layer.named_buffers()]
    layer.eval()
    cases.append(
        dict(
            said,
            parameters=[[n, list(p.shape)] for n, p in parameters],
            outputs=outputs,
            output_shape=list(y.shape),
            input_gradient=numbers(x.grad),
            gradients={n: numbers(p.grad) for n, p in parameters if p.grad is not None},
            buffers=buffers,
            evaluated=numbers(layer(x)),
        )
    )


class SqueezeExcitation(nn.Module):
    """Hu et al., 2018, section 3; the names are torchvision's."""

    def __init__(self, channels, reduction, n):
        super().__init__()
        convolution = getattr(nn, f"Conv{n}d")
        self.n = n
        self.fc1 = convolution(channels, channels // reduction, 1)
        self.fc2 = convolution(channels // reduction, channels, 1)

    def forward(self, x):
        means = x.mean(list(range(2, 2 + self.n)), keepdim=True)
        return x * torch.sigmoid(self.fc2(F.relu(self.fc1(means))))


low = dict(rank=2, alpha=3.0)
case("Linear", dict(in_features=5, out_features=4), "lora", low, [3, 5])
case("Linear", dict(in_features=5, out_features=4, bias=False), "lora", dict(rank=1, alpha=2.0), [2, 3, 5])
case("Conv1d", dict(in_channels=2, out_channels=3, kernel_size=[3], padding=[1]), "lora", low, [2, 2, 6])
case("Conv2d", dict(in_channels=4, out_channels=6, kernel_size=[3, 2], stride=[2, 1], padding=[1, 1], groups=2,
                    padding_mode="reflect"), "lora", low, [2, 4, 5, 4])
case("Conv3d", dict(in_channels=2, out_channels=2, kernel_size=[2, 2, 2]), "lora", low, [1, 2, 3, 3, 3])
case("ConvTranspose2d", dict(in_channels=4, out_channels=6, kernel_size=[3, 3], stride=[2, 2], padding=[1, 1],
                             output_padding=[1, 1], groups=2), "lora", low, [2, 4, 3, 2])
case("ConvTranspose1d", dict(in_channels=2, out_channels=3, kernel_size=[3], stride=[2]), "lora", low, [2, 2, 4])
case("ConvTranspose3d", dict(in_channels=2, out_channels=2, kernel_size=[2, 2, 2]), "lora", low, [1, 2, 2, 2, 2])

case("Linear", dict(in_features=5, out_features=4), "weight_norm", {}, [3, 5])
case("Linear", dict(in_features=5, out_features=4), "weight_norm", dict(dim=None), [3, 5])
case("Conv2d", dict(in_channels=2, out_channels=3, kernel_size=[3, 3], bias=False), "weight_norm", dict(dim=1),
     [2, 2, 4, 5])
case("Conv1d", dict(in_channels=2, out_channels=3, kernel_size=[4], padding="same"), "weight_norm", dict(dim=2),
     [2, 2, 5])
case("ConvTranspose2d", dict(in_channels=2, out_channels=3, kernel_size=[3, 3]), "weight_norm", {}, [1, 2, 3, 3])

case("Linear", dict(in_features=5, out_features=4), "spectral_norm", {}, [3, 5], 3)
case("Linear", dict(in_features=5, out_features=4), "spectral_norm", dict(n_power_iterations=2, dim=1), [3, 5], 2)
case("Conv2d", dict(in_channels=2, out_channels=3, kernel_size=[3, 3], padding=[1, 2], padding_mode="circular"),
     "spectral_norm", {}, [2, 2, 4, 5], 3)
case("Conv3d", dict(in_channels=1, out_channels=2, kernel_size=[2, 2, 2], padding="valid"), "spectral_norm", {},
     [1, 1, 3, 3, 3], 2)
case("ConvTranspose2d", dict(in_channels=2, out_channels=3, kernel_size=[3, 3], stride=[2, 2]), "spectral_norm", {},
     [1, 2, 3, 3], 3)

for n, shape in [(1, [2, 6, 5]), (2, [2, 6, 3, 4]), (3, [2, 6, 2, 3, 2])]:
    said = dict(kind=f"SqueezeExcitation{n}d", arguments=dict(in_channels=6, reduction=2), edit=None, given={},
                shape=shape)
    record(SqueezeExcitation(6, 2, n), said, shape)

print("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]")
