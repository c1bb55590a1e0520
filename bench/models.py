"""Training steps of the networks of Steps.fs in PyTorch eager, asked for by lines on the standard input: a name of
Steps.fs. A line `done` says that the step is over. The number of threads is that of OMP_NUM_THREADS, as for libtorch.
"""
import sys

import torch
from torch import nn


def conv(given, wanted, kernel, stride, padding):
    return nn.Conv2d(given, wanted, kernel, stride, padding, bias=False)


class BasicBlock(nn.Module):
    """Source: He et al., 2016."""

    def __init__(self, given, wanted, stride):
        super().__init__()
        self.past = nn.Identity()
        if stride > 1 or given != wanted:
            self.past = nn.Sequential(conv(given, wanted, 1, stride, 0), nn.BatchNorm2d(wanted))
        self.body = nn.Sequential(
            conv(given, wanted, 3, stride, 1), nn.BatchNorm2d(wanted), nn.ReLU(),
            conv(wanted, wanted, 3, 1, 1), nn.BatchNorm2d(wanted))
        self.relu = nn.ReLU()

    def forward(self, x):
        return self.relu(self.body(x) + self.past(x))


def resnet18():
    widths = [64, 64, 128, 256, 512]
    blocks = []
    for i, (given, wanted) in enumerate(zip(widths, widths[1:])):
        blocks += [BasicBlock(given, wanted, 2 if i else 1), BasicBlock(wanted, wanted, 1)]
    return nn.Sequential(
        conv(3, 64, 7, 2, 3), nn.BatchNorm2d(64), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, 1),
        *blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, 10))


class UNet(nn.Module):
    """Source: Ronneberger et al., 2015."""

    def __init__(self, widths, outputs):
        super().__init__()

        def block(given, wanted, pools, upsamples):
            return nn.Sequential(
                *[nn.MaxPool2d(2)] * pools, nn.Conv2d(given, wanted, 3, padding=1), nn.ReLU(),
                *[nn.ConvTranspose2d(wanted, wanted, 2, 2)] * upsamples)

        pairs = list(zip([1] + widths, widths))
        self.down = nn.ModuleList(block(given, wanted, i > 0, False) for i, (given, wanted) in enumerate(pairs))
        self.bottleneck = block(widths[-1], widths[-1], True, True)
        back = widths[::-1]
        self.up = nn.ModuleList(block(2 * given, wanted, False, True) for given, wanted in zip(back, back[1:]))
        self.last = nn.Conv2d(2 * widths[0], outputs, 3, padding=1)

    def forward(self, x):
        kept = []
        for block in self.down:
            x = block(x)
            kept.append(x)
        x = self.bottleneck(x)
        for block in self.up:
            x = block(torch.cat([kept.pop(), x], 1))
        return self.last(torch.cat([kept.pop(), x], 1))


class EncoderBlock(nn.Module):
    def __init__(self, width, heads, inside):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(width, 1e-6), nn.LayerNorm(width, 1e-6)
        self.attention = nn.MultiheadAttention(width, heads, batch_first=True)
        self.feed_forward = nn.Sequential(nn.Linear(width, inside), nn.GELU(), nn.Linear(inside, width))

    def forward(self, x):
        y = self.norm1(x)
        x = x + self.attention(y, y, y, need_weights=False)[0]
        return x + self.feed_forward(self.norm2(x))


class VisionTransformer(nn.Module):
    """Source: Dosovitskiy et al., 2020."""

    def __init__(self, image, patch, layers, heads, width, inside, classes):
        super().__init__()
        self.token = nn.Parameter(torch.zeros(1, 1, width))
        self.patches = nn.Conv2d(3, width, patch, patch)
        self.positions = nn.Parameter(torch.randn(1, (image // patch) ** 2 + 1, width) * 0.02)
        self.blocks = nn.Sequential(*[EncoderBlock(width, heads, inside) for _ in range(layers)])
        self.norm, self.head = nn.LayerNorm(width, 1e-6), nn.Linear(width, classes)

    def forward(self, x):
        x = self.patches(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.token.expand(len(x), -1, -1), x], 1) + self.positions
        return self.head(self.norm(self.blocks(x))[:, 0])


NETWORKS = {
    "resnet18": (resnet18, [8, 3, 32, 32], 10),
    "unet": (lambda: UNet([32, 64, 128], 1), [4, 1, 64, 64], None),
    "vision_transformer": (lambda: VisionTransformer(32, 4, 6, 3, 192, 768, 10), [8, 3, 32, 32], 10),
}

known = {}


def step_of(name):
    make, shape, classes = NETWORKS[name]
    model, inputs = make(), torch.randn(shape)
    loss = nn.CrossEntropyLoss() if classes else nn.MSELoss()
    targets = torch.randint(classes, shape[:1]) if classes else torch.randn(shape)
    # As in Steps.fs: the weights stay those that it began with.
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-12, momentum=0.9)

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss(model(inputs), targets).backward()
        optimizer.step()

    return step


for line in sys.stdin:
    name = line.strip()
    if name not in known:
        known[name] = step_of(name)
    known[name]()
    print("done", flush=True)
