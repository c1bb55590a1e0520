"""Epochs of the networks of Training.fs in PyTorch eager, asked for by lines on the standard input: `NETWORK ADAM BATCHES`.

NETWORK is a name of Training.fs, ADAM `foreach` or `plain`. Each epoch is so many batches in another order, as in `Fit`; a line `done` says
that it is over. The number of threads is that of OMP_NUM_THREADS, as for libtorch.
"""
import sys

import torch


def perceptron(*widths):
    layers = []
    for given, wanted in zip(widths, widths[1:]):
        layers += [torch.nn.Linear(given, wanted), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])


def convolutions():
    return torch.nn.Sequential(
        torch.nn.Conv2d(1, 16, 3, padding=1), torch.nn.ReLU(), torch.nn.MaxPool2d(2),
        torch.nn.Conv2d(16, 32, 3, padding=1), torch.nn.ReLU(), torch.nn.MaxPool2d(2),
        torch.nn.Flatten(), torch.nn.Linear(1568, 10))


NETWORKS = {
    "mlp_784_256_256_10_batch_64": (lambda: perceptron(784, 256, 256, 10), 64, [784]),
    "mlp_64_64_64_10_batch_32": (lambda: perceptron(64, 64, 64, 10), 32, [64]),
    "100_narrow_blocks_batch_32": (lambda: perceptron(64, *[16] * 100, 10), 32, [64]),
    "two_convolutions_batch_64": (convolutions, 64, [1, 28, 28]),
}

known = {}


def epoch_of(name, adam, batches):
    make, size, shape = NETWORKS[name]
    count = int(batches) * size
    model, loss = make(), torch.nn.CrossEntropyLoss()
    inputs, targets = torch.randn(count, *shape), torch.randint(10, (count,))
    # As in Training.fs: the weights stay those that it began with.
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-12, foreach=adam == "foreach")

    def epoch():
        order = torch.randperm(count)
        for start in range(0, count, size):
            places = order[start:start + size]
            optimizer.zero_grad(set_to_none=True)
            loss(model(inputs[places]), targets[places]).backward()
            optimizer.step()

    return epoch


for line in sys.stdin:
    key = tuple(line.split())
    if key not in known:
        known[key] = epoch_of(*key)
    known[key]()
    print("done", flush=True)
