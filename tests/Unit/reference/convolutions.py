"""PyTorch's answers for the convolutional networks: outputs and gradients of the published architectures, written with
torch alone. Weights are a formula of a parameter's name, so that nobody has to keep them.

    python3 convolutions.py > convolutions.json
"""

import json
import math

import torch
import torch.nn.functional as F

torch.set_num_threads(2)


def seed(name):
    return sum(ord(c) * (i + 1) for i, c in enumerate(name)) % 101


def numbers(shape, start):
    count = math.prod(shape)
    return torch.sin(torch.arange(count, dtype=torch.float64) * 0.7 + start).reshape(shape)


def parameter(name, shape):
    wave = numbers(shape, seed(name))
    if len(shape) > 1:
        values = wave * math.sqrt(2.0 / math.prod(shape[1:]))
    elif name.endswith("weight"):
        values = 1 + 0.1 * wave
    else:
        values = 0.1 * wave
    return values.float().requires_grad_()


class Net:
    """Parameters, made when they are first asked for."""

    def __init__(self, n=2):
        self.n = n
        self.parameters = {}

    def get(self, name, *shape):
        if name not in self.parameters:
            self.parameters[name] = parameter(name, shape)
        return self.parameters[name]

    def conv(self, x, name, out, kernel=3, stride=1, padding=1, bias=True, mirrored=False):
        weight = self.get(name + ".weight", out, x.shape[1], *[kernel] * self.n)
        shift = self.get(name + ".bias", out) if bias else None
        if mirrored:
            x, padding = F.pad(x, [padding] * (2 * self.n), mode="reflect"), 0
        return [F.conv1d, F.conv2d, F.conv3d][self.n - 1](x, weight, shift, stride, padding)

    def transposed(self, x, name, out, kernel=2, stride=2, padding=0, more=0):
        weight = self.get(name + ".weight", x.shape[1], out, *[kernel] * self.n)
        shift = self.get(name + ".bias", out)
        f = [F.conv_transpose1d, F.conv_transpose2d, F.conv_transpose3d][self.n - 1]
        return f(x, weight, shift, stride, padding, more)

    def pool(self, x):
        return [F.max_pool1d, F.max_pool2d, F.max_pool3d][self.n - 1](x, 2, 2)

    def norm(self, x, name):
        c = x.shape[1]
        return F.batch_norm(x, None, None, self.get(name + ".weight", c), self.get(name + ".bias", c), training=True)

    def linear(self, x, name, out):
        return F.linear(x, self.get(name + ".weight", out, x.shape[-1]), self.get(name + ".bias", out))

    def block(self, x, name, out, pool=False, up=False, norm=False, act=F.relu):
        if pool:
            x = self.pool(x)
        x = act(self.conv(x, name + ".layer", out))
        if up:
            x = self.transposed(x, name + ".upsample", out)
        return self.norm(x, name + ".normalization") if norm else x

    def chain(self, x, name, widths, **how):
        last = len(widths) - 1
        for i, width in enumerate(widths):
            x = self.block(x, f"{name}blocks.{i}", width, **{key: f(i, last) for key, f in how.items()})
        return x


class Exact(Net):
    """Parameters of float32 as float64: norms and attention make much of what rounding leaves."""

    def get(self, name, *shape):
        if name not in self.parameters:
            self.parameters[name] = super().get(name, *shape).detach().double().requires_grad_()
        return self.parameters[name]


def same(x):
    return x


def cnn(net, x):
    return net.chain(
        x, "", [4, 4, 3], pool=lambda i, last: i > 0, norm=lambda i, last: True, act=lambda i, last: F.relu if i < last else same
    )


def encoder_decoder(net, x, encoder, bottleneck, decoder, out):
    x = net.chain(x, "encoder.", encoder, pool=lambda i, last: i > 0)
    x = net.chain(x, "bottleneck.", bottleneck, pool=lambda i, last: i == 0, up=lambda i, last: i == last)
    return net.chain(
        x, "decoder.", decoder + [out], up=lambda i, last: i < last, act=lambda i, last: F.relu if i < last else same
    )


def unet(net, x, widths, out, join):
    kept = []
    for i, width in enumerate(widths):
        x = net.block(x, f"encoder.blocks.{i}", width, pool=i > 0)
        kept.append(x)
    x = net.block(x, "bottleneck.blocks.0", widths[-1], pool=True, up=True)
    up = widths[-2::-1] + [out]
    for i, width in enumerate(up):
        last = i == len(up) - 1
        x = net.block(join(kept.pop(), x), f"decoder.blocks.{i}", width, up=not last, act=same if last else F.relu)
    return x


def joined(a, b):
    return torch.cat([a, b], 1)


def added(a, b):
    return a + b


def residual(net, x, name, out):
    past = net.conv(x, name + "shortcut_start.layer", out, 1, 1, 0)
    for i in range(2):
        x = F.relu(net.conv(x, f"{name}blocks.{i}.layer", out))
        x = net.norm(x, f"{name}blocks.{i}.normalization")
    return x + past


# Source: Vaswani et al., 2017, section 3.2, over all places of an image.
def attention(net, x, heads):
    n, c, h, w = x.shape
    x = x.permute(0, 2, 3, 1).reshape(n, h * w, c)
    y = F.layer_norm(x, [c], net.get("normalization.weight", c), net.get("normalization.bias", c))
    y = F.linear(y, net.get("layer.attention.in_proj_weight", 3 * c, c), net.get("layer.attention.in_proj_bias", 3 * c))
    q, k, v = [part.reshape(n, h * w, heads, c // heads).transpose(1, 2) for part in y.chunk(3, -1)]
    y = (q @ k.transpose(-2, -1) / math.sqrt(c // heads)).softmax(-1) @ v
    y = net.linear(y.transpose(1, 2).reshape(n, h * w, c), "layer.attention.out_proj", c)
    return (x + y).reshape(n, h, w, c).permute(0, 3, 1, 2)


# Source: He et al., 2016; the names and the strides are torchvision's.
def resnet(net, x, counts, bottleneck, classes):
    x = F.relu(net.norm(net.conv(x, "conv1", 64, 7, 2, 3, False), "bn1"))
    x = F.max_pool2d(x, 3, 2, 1)
    for stage, count in enumerate(counts):
        width = 64 * 2**stage
        out = width * (4 if bottleneck else 1)
        for i in range(count):
            name = f"layer{stage + 1}.{i}"
            stride = 2 if stage > 0 and i == 0 else 1
            plan = [(width, 1, 1, 0), (width, 3, stride, 1), (out, 1, 1, 0)] if bottleneck else [(width, 3, stride, 1), (out, 3, 1, 1)]
            past, y = x, x
            for k, (channels, kernel, step, padding) in enumerate(plan, 1):
                y = net.norm(net.conv(y, f"{name}.conv{k}", channels, kernel, step, padding, False), f"{name}.bn{k}")
                y = F.relu(y) if k < len(plan) else y
            if stride > 1 or x.shape[1] != out:
                past = net.norm(net.conv(x, f"{name}.downsample.0", out, 1, stride, 0, False), f"{name}.downsample.1")
            x = F.relu(y + past)
    return net.linear(x.mean([2, 3]), "fc", classes)


def leaky(x):
    return F.leaky_relu(x, 0.2)


def dcgan_generator(net, x, features, out):
    widths = [16 * features, 8 * features, 4 * features, 2 * features]
    for i, width in enumerate(widths):
        x = F.relu(net.transposed(x, f"blocks.{i}.layer", width, 4, 2 if i else 1, 1 if i else 0))
        x = net.norm(x, f"blocks.{i}.normalization")
    return torch.tanh(net.transposed(x, "blocks.4.layer", out, 4, 2, 1))


def dcgan_discriminator(net, x, features):
    for i in range(4):
        x = leaky(net.conv(x, f"blocks.{i}.layer", features * 2**i, 4, 2, 1))
        x = net.norm(x, f"blocks.{i}.normalization") if i else x
    return torch.sigmoid(net.conv(x, "blocks.4.layer", 1, 4, 2, 0))


def conditioned_generator(net, x, y, features, embedding):
    y = F.embedding(y, net.get("label_embedding.weight", 10, embedding)).view(-1, embedding, 1, 1)
    return dcgan_generator(net, joined(x, y), features, 1)


def conditioned_discriminator(net, x, y, features, embedding):
    y = F.embedding(y, net.get("label_embedding.embedding.weight", 10, embedding))
    y = leaky(net.linear(y, "label_embedding.layer", 64 * 64)).view(-1, 1, 64, 64)
    return dcgan_discriminator(net, joined(x, y), features)


# Source: Zhu et al., 2017, appendix; Deeplay's blocks have an activation at the end of each residual block, too.
def cyclegan_generator(net, x, blocks):
    x = F.relu(F.instance_norm(net.conv(x, "encoder.blocks.0.layer", 64, 7, 1, 3, mirrored=True)))
    x = F.relu(F.instance_norm(net.conv(x, "encoder.blocks.1.layer", 128, 3, 2, 1)))
    x = F.relu(F.instance_norm(net.conv(x, "encoder.blocks.2.layer", 256, 3, 2, 1)))
    for i in range(blocks):
        y = x
        for k in range(2):
            y = F.relu(F.instance_norm(net.conv(y, f"bottleneck.blocks.{i}.blocks.{k}.layer", 256)))
        x = x + y
    x = F.relu(F.instance_norm(net.transposed(x, "decoder.blocks.0.layer", 128, 3, 2, 1, 1)))
    x = F.relu(F.instance_norm(net.transposed(x, "decoder.blocks.1.layer", 64, 3, 2, 1, 1)))
    return torch.tanh(net.conv(x, "decoder.blocks.2.layer", 1, 7, 1, 3, mirrored=True))


def cyclegan_discriminator(net, x):
    for i, (width, stride) in enumerate([(64, 2), (128, 2), (256, 2), (512, 1)]):
        x = net.conv(x, f"blocks.{i}.layer", width, 4, stride, 1)
        x = leaky(F.instance_norm(x) if i else x)
    return torch.sigmoid(net.conv(x, "blocks.4.layer", 1, 4, 1, 1))


def convnext(net, x, widths, depths, classes):
    def norm(x, name):
        width = x.shape[-1]
        return F.layer_norm(x, (width,), net.get(name + ".weight", width), net.get(name + ".bias", width), 1e-6)

    def norm2d(x, name):
        return norm(x.permute(0, 2, 3, 1), name).permute(0, 3, 1, 2)

    def linear(x, name, out):
        return F.linear(x, net.get(name + ".weight", out, x.shape[-1]), net.get(name + ".bias", out))

    x = norm2d(net.conv(x, "features.0.0", widths[0], 4, 4, 0), "features.0.1")
    for i, (width, depth) in enumerate(zip(widths, depths)):
        if i:
            x = net.conv(norm2d(x, f"features.{2 * i}.0"), f"features.{2 * i}.1", width, 2, 2, 0)
        for j in range(depth):
            name = f"features.{2 * i + 1}.{j}"
            kernel, shift = net.get(name + ".block.0.weight", width, 1, 7, 7), net.get(name + ".block.0.bias", width)
            y = F.conv2d(x, kernel, shift, padding=3, groups=width)
            y = norm(y.permute(0, 2, 3, 1), name + ".block.2")
            y = linear(F.gelu(linear(y, name + ".block.3", 4 * width)), name + ".block.5", width).permute(0, 3, 1, 2)
            x = net.get(name + ".layer_scale", width, 1, 1) * y + x
    return linear(norm(x.mean((2, 3)), "classifier.0"), "classifier.2", classes)


BASIC, DEEP = [2, 2, 2, 2], [3, 4, 6, 3]

# Name, spatial dimensions, the network, and the shapes of its input: with numbers for the first, with shapes for the others.
MODELS = [
    ("cnn", 2, cnn, [[2, 3, 16, 16], [1, 3, 13, 9], [2, 3, 7, 30]]),
    ("residual", 2, lambda net, x: residual(net, x, "", 8), [[2, 3, 8, 8], [1, 3, 5, 7], [3, 3, 1, 11]]),
    ("encoder_decoder", 2, lambda net, x: encoder_decoder(net, x, [4, 8], [8, 8], [4], 2), [[2, 3, 16, 16], [1, 3, 17, 13], [1, 3, 8, 23]]),
    ("encoder_decoder_1d", 1, lambda net, x: encoder_decoder(net, x, [4, 8], [8], [4], 2), [[2, 3, 16], [1, 3, 21], [1, 3, 7]]),
    ("encoder_decoder_3d", 3, lambda net, x: encoder_decoder(net, x, [2, 4], [4], [2], 1), [[2, 1, 8, 8, 8], [1, 1, 9, 8, 5], [1, 1, 4, 12, 7]]),
    ("unet", 2, lambda net, x: unet(net, x, [4, 8], 2, joined), [[2, 1, 16, 16], [1, 1, 8, 20], [1, 1, 15, 16]]),
    ("unet_add", 2, lambda net, x: unet(net, x, [4, 8, 8], 2, added), [[2, 1, 16, 16], [1, 1, 8, 24], [1, 1, 8, 12]]),
    ("unet_1d", 1, lambda net, x: unet(net, x, [4, 8], 2, joined), [[2, 1, 16], [1, 1, 12], [1, 1, 13]]),
    ("unet_3d", 3, lambda net, x: unet(net, x, [2, 4], 1, joined), [[2, 1, 8, 8, 8], [1, 1, 4, 8, 12], [1, 1, 4, 4, 7]]),
    ("spatial_self_attention", 2, lambda net, x: attention(net, x, 2), [[2, 8, 5, 6], [1, 8, 3, 7], [2, 8, 1, 1]]),
    ("resnet18", 2, lambda net, x: resnet(net, x, BASIC, False, 10), [[4, 3, 64, 64], [2, 3, 65, 47], [2, 3, 33, 100]]),
    ("resnet34", 2, lambda net, x: resnet(net, x, DEEP, False, 10), [[2, 3, 64, 64], [2, 3, 33, 47]]),
    ("resnet50", 2, lambda net, x: resnet(net, x, DEEP, True, 10), [[4, 3, 64, 64], [2, 3, 65, 47], [2, 3, 33, 100]]),
    ("resnet101", 2, lambda net, x: resnet(net, x, [3, 4, 23, 3], True, 10), [[2, 3, 64, 64], [2, 3, 33, 47]]),
    ("convnext", 2, lambda net, x: convnext(net, x, [8, 12], [2, 1], 10), [[2, 3, 32, 32], [1, 3, 37, 45], [2, 3, 19, 64]]),
    ("dcgan_generator", 2, lambda net, x: dcgan_generator(net, x, 4, 1), [[3, 10, 1, 1], [2, 10, 2, 3], [2, 10, 5, 1]]),
    ("dcgan_generator_cond", 2, lambda net, x, y: conditioned_generator(net, x, y, 4, 4), [[3, 10, 1, 1], [2, 10, 1, 1], [5, 10, 1, 1]]),
    ("dcgan_discriminator", 2, lambda net, x: dcgan_discriminator(net, x, 4), [[3, 1, 64, 64], [2, 1, 65, 97], [2, 1, 71, 64]]),
    ("dcgan_discriminator_cond", 2, lambda net, x, y: conditioned_discriminator(net, x, y, 4, 4), [[3, 1, 64, 64], [2, 1, 64, 64], [5, 1, 64, 64]]),
    ("cyclegan_generator", 2, lambda net, x: cyclegan_generator(net, x, 1), [[1, 1, 16, 16], [1, 1, 17, 21], [2, 1, 12, 10]]),
    ("cyclegan_discriminator", 2, cyclegan_discriminator, [[1, 1, 64, 64], [1, 1, 41, 55], [2, 1, 33, 40]]),
]


def digest(tensor):
    """A sum over all elements that no two of them cancel out of, and how large its terms are."""
    flat = tensor.detach().double().flatten()
    weights = torch.cos(torch.arange(len(flat), dtype=torch.float64) * 0.3)
    return [float((flat * weights).sum()), float((flat * weights).abs().sum())]


# Where a hundred norms follow each other, rounding grows a thousandfold.
EXACT = ("resnet50", "resnet101")


def record(name, n, network, shapes):
    net = Exact(n) if name in EXACT else Net(n)
    x = numbers(shapes[0], 1.0).float()
    x = (x.double() if name in EXACT else x).requires_grad_()
    labels = [torch.arange(shapes[0][0])] if name.endswith("_cond") else []
    out = network(net, x, *labels)
    (out * torch.cos(torch.arange(out.numel(), dtype=out.dtype) * 0.3).reshape(out.shape)).sum().backward()

    def shape_of(shape):
        try:
            labels = [torch.zeros(shape[0], dtype=torch.long)] if name.endswith("_cond") else []
            return list(network(Net(n), torch.zeros(shape), *labels).shape)
        except RuntimeError:
            return None

    return {
        "name": name,
        "sizes": [[shape, shape_of(shape)] for shape in shapes],
        "output": digest(out),
        "input_gradient": digest(x.grad),
        "gradients": {key: digest(p.grad) for key, p in net.parameters.items()},
        "count": sum(p.numel() for p in net.parameters.values()),
    }


if __name__ == "__main__":
    print("[")
    print(",\n".join(json.dumps(record(*model)) for model in MODELS))
    print("]")
