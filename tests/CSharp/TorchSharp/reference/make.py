"""Records PyTorch's numbers for the tests of TorchSharp.

Run with Debian's python3-torch (1.13):  /usr/bin/python3 tests/CSharp/TorchSharp/reference/make.py
Writes numbers.json beside itself; every entry is the flattened result of the case of the same name in Cases.*.cs.
Inputs are sines of the element's position, so that both make the same ones.
"""

import json
import math
import os

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.set_num_threads(1)
cases = {}


def wave(*shape, phase=0.3, grad=False):
    n = math.prod(shape)
    values = [math.sin(0.7 * k + phase) for k in range(n)]
    t = torch.tensor(values, dtype=torch.float32).reshape(shape)
    return t.requires_grad_() if grad else t


def positive(*shape):
    return wave(*shape).abs() + 0.1


def record(name, *tensors):
    out = []
    for t in tensors:
        out += [float(v) for v in t.detach().double().flatten()]
    cases[name] = [float("%.9g" % v) for v in out]


def fill(module):
    with torch.no_grad():
        for i, p in enumerate(module.parameters()):
            n = p.numel()
            p.copy_(torch.tensor([0.3 * math.sin(0.5 * k + i) for k in range(n)], dtype=torch.float32).reshape(p.shape))
    return module


def layer(name, module, *shape, eval_too=False):
    """Output, gradient of the input and of each parameter, of the sum of squares."""
    fill(module)
    x = wave(*shape, grad=True)
    y = module(x)
    y.square().sum().backward()
    record(name, y, x.grad, *[p.grad for p in module.parameters()])
    if eval_too:
        module.eval()
        record(name + ".eval", module(wave(*shape)), *module.buffers())


# Tensors
x = wave(3, 4)
y = wave(3, 4, phase=1.1)
for op in "exp log1p sqrt abs neg sin cos tanh sigmoid erf floor ceil round sign reciprocal rsqrt square log".split():
    record("tensor." + op, getattr(positive(3, 4) if op in ("sqrt", "log", "rsqrt", "log1p") else x, op)())
record("tensor.arithmetic", x + y, x - y, x * y, x / y, x + 2, 2 - x, 3 / x, x % 0.3, -x, x.pow(3))
record("tensor.compare", x > y, x >= 0, x.eq(x), x.ne(y), (x < 0) & (y < 0), (x < 0) | (y < 0), ~(x < 0))
record("tensor.reduce", x.sum(), x.sum(0), x.sum(1, keepdim=True), x.mean(), x.mean([0]), x.std(), x.std(1), x.var(), x.var(0, unbiased=False),
       x.min(), x.max(), x.argmax(), x.argmin(1), x.norm(), x.norm(3, 1), x.prod(), x.prod(1), x.cumsum(1), x.logsumexp(0), x.amax([0]), x.amin([1]))
record("tensor.maxdim", *x.max(1), *x.min(0))
record("tensor.any", (x > 0.9).any(), (x > -2).all(), (x > 0).any(0), (x > 0).all(1))
record("tensor.matmul", x.matmul(y.t()), x.mm(y.t()), wave(2, 3, 4).bmm(wave(2, 4, 2)), torch.addmm(wave(3, 3), x, y.t(), beta=0.5, alpha=2), torch.einsum("ij,kj->ik", x, y))
record("tensor.shape", x.reshape(2, 6), x.view(4, 3), x.flatten(), x.t(), x.permute(1, 0), x.unsqueeze(0), x.expand(2, 3, 4), x.repeat(1, 2), x.narrow(1, 1, 2),
       x.select(0, 1), x.unflatten(1, (2, 2)), x.roll(1, 0), x.roll((1, 2), (0, 1)), x.flip([1]), x.tril(), x.triu(1), x.transpose(0, 1).contiguous())
record("tensor.index", x[1], x[:, 1], x[1:, ::2], x[..., 0], x[None], x[torch.tensor([2, 0])], x[x > 0], x[1, 2], x[-1, -2:])
record("tensor.select", x.gather(1, torch.tensor([[0], [2], [1]])), x.index_select(1, torch.tensor([3, 0])), x.masked_fill(x > 0, 7), torch.where(x > 0, x, y),
       torch.zeros(3, 4).scatter(1, torch.tensor([[0], [2], [1]]), x), *x.topk(2), *x.sort(1, descending=True), x.masked_select(x > 0.5))
record("tensor.join", torch.cat([x, y], 1), torch.stack([x, y]), *x.split(2, 1), *x.chunk(3, 0), *x.split([1, 3], 1))
record("tensor.clamp", x.clamp(-0.5, 0.5), x.clamp(min=0.0), x.clamp_max(0.2), torch.maximum(x, y), torch.minimum(x, y))
record("tensor.make", torch.arange(5), torch.arange(1, 2, 0.25), torch.linspace(0, 1, 5), torch.eye(2, 3), torch.full((2, 2), 1.5), F.one_hot(torch.tensor([0, 2, 1])))
a = wave(2, 3); a.add_(1); a.mul_(2); a.sub_(0.5); a.div_(3); a.addcmul_(a, a, value=0.5); a.addcdiv_(a, a + 2, value=0.1); a.clamp_(0, 1); record("tensor.inplace", a)

# Activations
for name in ("ReLU ReLU6 LeakyReLU ELU CELU SELU GELU SiLU Mish Hardshrink Hardsigmoid Hardswish Hardtanh Sigmoid LogSigmoid Softplus Softshrink Softsign Tanh Tanhshrink").split():
    layer("nn." + name, getattr(nn, name)(), 3, 4)
layer("nn.GELU.tanh", nn.GELU(approximate="tanh"), 3, 4)
layer("nn.Threshold", nn.Threshold(0.1, 20), 3, 4)
layer("nn.GLU", nn.GLU(1), 3, 4)
layer("nn.PReLU", nn.PReLU(3), 2, 3, 2)
layer("nn.Softmax", nn.Softmax(1), 3, 4)
layer("nn.Softmin", nn.Softmin(1), 3, 4)
layer("nn.LogSoftmax", nn.LogSoftmax(1), 3, 4)
layer("nn.Softmax2d", nn.Softmax2d(), 1, 3, 2, 2)
layer("nn.RReLU", nn.RReLU().eval(), 3, 4)

# Layers
layer("nn.Linear", nn.Linear(4, 3), 2, 4)
layer("nn.Linear.nobias", nn.Linear(4, 3, bias=False), 2, 4)
layer("nn.Identity", nn.Identity(), 2, 4)
layer("nn.Conv1d", nn.Conv1d(2, 3, 3, stride=2, padding=1), 2, 2, 7)
layer("nn.Conv2d", nn.Conv2d(2, 4, 3, padding=1, dilation=1, groups=2), 1, 2, 5, 5)
layer("nn.Conv2d.tuple", nn.Conv2d(1, 2, (3, 2), stride=(2, 1), padding=(1, 0)), 1, 1, 5, 4)
layer("nn.Conv2d.same", nn.Conv2d(1, 2, 3, padding="same"), 1, 1, 4, 4)
layer("nn.Conv2d.reflect", nn.Conv2d(1, 2, 3, padding=1, padding_mode="reflect"), 1, 1, 4, 4)
layer("nn.Conv2d.circular", nn.Conv2d(1, 1, 3, padding=1, padding_mode="circular", bias=False), 1, 1, 4, 4)
layer("nn.Conv3d", nn.Conv3d(1, 2, 2), 1, 1, 3, 3, 3)
layer("nn.ConvTranspose1d", nn.ConvTranspose1d(2, 2, 3, stride=2), 1, 2, 4)
layer("nn.ConvTranspose2d", nn.ConvTranspose2d(2, 1, 3, stride=2, padding=1, output_padding=1), 1, 2, 3, 3)
layer("nn.ConvTranspose3d", nn.ConvTranspose3d(1, 1, 2), 1, 1, 2, 2, 2)
layer("nn.BatchNorm1d", nn.BatchNorm1d(3), 4, 3, eval_too=True)
layer("nn.BatchNorm2d", nn.BatchNorm2d(2, momentum=0.3), 2, 2, 3, 3, eval_too=True)
layer("nn.BatchNorm3d", nn.BatchNorm3d(2), 1, 2, 2, 2, 2)
layer("nn.InstanceNorm1d", nn.InstanceNorm1d(2), 2, 2, 5)
layer("nn.InstanceNorm2d", nn.InstanceNorm2d(2, affine=True, track_running_stats=True), 2, 2, 3, 3, eval_too=True)
layer("nn.InstanceNorm3d", nn.InstanceNorm3d(1), 1, 1, 2, 2, 2)
layer("nn.LayerNorm", nn.LayerNorm(4), 3, 4)
layer("nn.LayerNorm.shape", nn.LayerNorm([3, 4]), 2, 3, 4)
layer("nn.GroupNorm", nn.GroupNorm(2, 4), 2, 4, 3)
layer("nn.LocalResponseNorm", nn.LocalResponseNorm(2, alpha=0.1), 1, 4, 2, 2)
layer("nn.MaxPool1d", nn.MaxPool1d(3, 2, 1), 1, 2, 8)
layer("nn.MaxPool2d", nn.MaxPool2d(2), 1, 2, 4, 4)
layer("nn.MaxPool2d.full", nn.MaxPool2d((3, 2), stride=(2, 1), padding=(1, 0), ceil_mode=True), 1, 1, 6, 5)
layer("nn.MaxPool3d", nn.MaxPool3d(2), 1, 1, 4, 4, 4)
layer("nn.AvgPool1d", nn.AvgPool1d(3, 1, 1), 1, 2, 6)
layer("nn.AvgPool2d", nn.AvgPool2d(2, padding=1, count_include_pad=False), 1, 1, 4, 4)
layer("nn.AvgPool3d", nn.AvgPool3d(2), 1, 1, 2, 4, 4)
layer("nn.AdaptiveAvgPool1d", nn.AdaptiveAvgPool1d(3), 1, 2, 7)
layer("nn.AdaptiveAvgPool2d", nn.AdaptiveAvgPool2d((2, 3)), 1, 1, 5, 5)
layer("nn.AdaptiveAvgPool3d", nn.AdaptiveAvgPool3d(2), 1, 1, 3, 3, 3)
layer("nn.AdaptiveMaxPool1d", nn.AdaptiveMaxPool1d(3), 1, 1, 7)
layer("nn.AdaptiveMaxPool2d", nn.AdaptiveMaxPool2d((2, 2)), 1, 1, 5, 5)
layer("nn.LPPool1d", nn.LPPool1d(2, 2), 1, 1, 6)
layer("nn.LPPool2d", nn.LPPool2d(2, 2), 1, 1, 4, 4)
layer("nn.Flatten", nn.Flatten(), 2, 3, 2)
layer("nn.Unflatten", nn.Unflatten(1, (2, 3)), 2, 6)
layer("nn.PixelShuffle", nn.PixelShuffle(2), 1, 4, 2, 2)
layer("nn.PixelUnshuffle", nn.PixelUnshuffle(2), 1, 1, 4, 4)
layer("nn.Unfold", nn.Unfold(2), 1, 2, 3, 3)
layer("nn.Fold", nn.Fold((3, 3), (2, 2)), 1, 8, 4)
layer("nn.ZeroPad2d", nn.ZeroPad2d((1, 0, 2, 1)), 1, 1, 2, 2)
layer("nn.ReflectionPad2d", nn.ReflectionPad2d(1), 1, 1, 3, 3)
layer("nn.ReplicationPad1d", nn.ReplicationPad1d((1, 2)), 1, 1, 3)
layer("nn.ConstantPad1d", nn.ConstantPad1d(2, 3.5), 1, 1, 3)
layer("nn.Upsample.nearest", nn.Upsample(scale_factor=2), 1, 1, 2, 3)
layer("nn.Upsample.bilinear", nn.Upsample(size=(4, 5), mode="bilinear", align_corners=True), 1, 1, 2, 3)
layer("nn.Upsample.linear", nn.Upsample(scale_factor=2, mode="linear"), 1, 1, 4)
layer("nn.Upsample.bicubic", nn.Upsample(scale_factor=2, mode="bicubic"), 1, 1, 3, 3)
layer("nn.Upsample.trilinear", nn.Upsample(scale_factor=2, mode="trilinear"), 1, 1, 2, 2, 2)
e = fill(nn.Embedding(5, 3, padding_idx=1)); r = e(torch.tensor([[0, 1], [4, 1]])); r.square().sum().backward(); record("nn.Embedding", r, e.weight.grad)
e = fill(nn.Embedding(5, 3, max_norm=0.3)); record("nn.Embedding.max_norm", e(torch.tensor([0, 3])), e.weight)
m = fill(nn.Bilinear(2, 3, 2)); record("nn.Bilinear", m(wave(4, 2), wave(4, 3)))
record("nn.CosineSimilarity", nn.CosineSimilarity(1)(x, y))
record("nn.PairwiseDistance", nn.PairwiseDistance()(x, y))
for kind in ("RNN", "GRU", "LSTM"):
    m = fill(getattr(nn, kind)(3, 2, num_layers=2, bidirectional=True, batch_first=True))
    out, state = m(wave(2, 4, 3)); record("nn." + kind, out, *(state if kind == "LSTM" else (state,)))
    m = fill(getattr(nn, kind)(3, 2)); out, state = m(wave(4, 3)); record("nn." + kind + ".single", out)
m = fill(nn.RNN(3, 2, nonlinearity="relu")); record("nn.RNN.relu", m(wave(4, 1, 3))[0])
record("nn.RNNCell", fill(nn.RNNCell(3, 2))(wave(4, 3)))
record("nn.GRUCell", fill(nn.GRUCell(3, 2))(wave(4, 3), wave(4, 2)))
record("nn.LSTMCell", *fill(nn.LSTMCell(3, 2))(wave(4, 3)))
m = fill(nn.MultiheadAttention(4, 2)); out, w = m(wave(3, 2, 4), wave(5, 2, 4), wave(5, 2, 4)); record("nn.MultiheadAttention", out, w)
mask = torch.zeros(2, 5, dtype=torch.bool); mask[0, 4] = True
out, w = m(wave(3, 2, 4), wave(5, 2, 4), wave(5, 2, 4), key_padding_mask=mask); record("nn.MultiheadAttention.mask", out, w)

# Losses
p, q = torch.sigmoid(x), torch.sigmoid(y)
cls = torch.tensor([1, 3, 0])
sign = torch.tensor([1.0, -1.0, 1.0])
for red in ("mean", "sum", "none"):
    record("loss.MSE." + red, F.mse_loss(x, y, reduction=red))
    record("loss.L1." + red, F.l1_loss(x, y, reduction=red))
    record("loss.SmoothL1." + red, F.smooth_l1_loss(x, y, reduction=red, beta=0.4))
    record("loss.Huber." + red, F.huber_loss(x, y, reduction=red, delta=0.4))
    record("loss.BCE." + red, F.binary_cross_entropy(p, q, reduction=red))
    record("loss.BCEWithLogits." + red, F.binary_cross_entropy_with_logits(x, q, reduction=red, pos_weight=torch.tensor([1.0, 2, 3, 4])))
    record("loss.CrossEntropy." + red, F.cross_entropy(x, cls, weight=torch.tensor([1.0, 2, 3, 4]), reduction=red, label_smoothing=0.1, ignore_index=3))
    record("loss.NLL." + red, F.nll_loss(F.log_softmax(x, 1), cls, reduction=red))
    record("loss.KLDiv." + red, F.kl_div(F.log_softmax(x, 1), F.softmax(y, 1), reduction=red))
    record("loss.CosineEmbedding." + red, F.cosine_embedding_loss(x, y, sign, margin=0.2, reduction=red))
    record("loss.MarginRanking." + red, F.margin_ranking_loss(x[:, 0], y[:, 0], sign, margin=0.2, reduction=red))
    record("loss.HingeEmbedding." + red, F.hinge_embedding_loss(x[:, 0], sign, margin=0.5, reduction=red))
    record("loss.TripletMargin." + red, F.triplet_margin_loss(x, y, wave(3, 4, phase=2.0), margin=0.5, reduction=red))
    record("loss.PoissonNLL." + red, F.poisson_nll_loss(x, positive(3, 4) * 3, full=True, reduction=red))
    record("loss.GaussianNLL." + red, F.gaussian_nll_loss(x, y, positive(3, 4), full=True, reduction=red))
    record("loss.SoftMargin." + red, F.soft_margin_loss(x, torch.sign(y), reduction=red))
    record("loss.MultiMargin." + red, F.multi_margin_loss(x, cls, reduction=red))
    record("loss.MultiLabelSoftMargin." + red, F.multilabel_soft_margin_loss(x, q, reduction=red))

# Optimizers: five steps of the same problem


class NAdam:
    """By hand: 1.13's own takes mu twice into the next product, which later versions corrected."""

    def __init__(self, params, lr, weight_decay, b1=0.9, b2=0.999, eps=1e-8, psi=0.004):
        self.params = list(params)
        self.settings = (lr, weight_decay, b1, b2, eps, psi)
        self.state = [[torch.zeros_like(p), torch.zeros_like(p)] for p in self.params]
        self.product, self.t = 1.0, 0

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        lr, decay, b1, b2, eps, psi = self.settings
        self.t += 1
        mu = b1 * (1 - 0.5 * 0.96 ** (self.t * psi))
        after = b1 * (1 - 0.5 * 0.96 ** ((self.t + 1) * psi))
        self.product *= mu
        for p, s in zip(self.params, self.state):
            g = p.grad + decay * p
            s[0] = b1 * s[0] + (1 - b1) * g
            s[1] = b2 * s[1] + (1 - b2) * g * g
            m = after * s[0] / (1 - self.product * after) + (1 - mu) * g / (1 - self.product)
            p -= lr * m / ((s[1] / (1 - b2**self.t)).sqrt() + eps)


optimizers = {
    "SGD": lambda ps: torch.optim.SGD(ps, 0.1),
    "SGD.momentum": lambda ps: torch.optim.SGD(ps, 0.1, momentum=0.9, dampening=0.1, weight_decay=0.01),
    "SGD.nesterov": lambda ps: torch.optim.SGD(ps, 0.1, momentum=0.9, nesterov=True),
    "Adam": lambda ps: torch.optim.Adam(ps, 0.05),
    "Adam.amsgrad": lambda ps: torch.optim.Adam(ps, 0.05, betas=(0.8, 0.9), weight_decay=0.1, amsgrad=True),
    "AdamW": lambda ps: torch.optim.AdamW(ps, 0.05, weight_decay=0.1),
    "RMSProp": lambda ps: torch.optim.RMSprop(ps, 0.05),
    "RMSProp.centered": lambda ps: torch.optim.RMSprop(ps, 0.05, momentum=0.5, centered=True, weight_decay=0.1),
    "Adagrad": lambda ps: torch.optim.Adagrad(ps, 0.1, lr_decay=0.1, weight_decay=0.1, initial_accumulator_value=0.1),
    "Adadelta": lambda ps: torch.optim.Adadelta(ps, 1.0, weight_decay=0.1),
    "Adamax": lambda ps: torch.optim.Adamax(ps, 0.05, weight_decay=0.1),
    "NAdam": lambda ps: NAdam(ps, 0.05, weight_decay=0.1),
    "RAdam": lambda ps: torch.optim.RAdam(ps, 0.05, betas=(0.8, 0.5), weight_decay=0.1),
}
for name, make in optimizers.items():
    net = fill(nn.Sequential(nn.Linear(4, 3), nn.Tanh(), nn.Linear(3, 1)))
    opt = make(net.parameters())
    for _ in range(5):
        opt.zero_grad()
        F.mse_loss(net(wave(6, 4)), wave(6, 1)).backward()
        opt.step()
    record("optim." + name, *net.parameters())

# Schedulers: the rate after each of twelve steps
S = torch.optim.lr_scheduler
schedulers = {
    "StepLR": lambda o: S.StepLR(o, 3, 0.5),
    "MultiStepLR": lambda o: S.MultiStepLR(o, [2, 5, 5], 0.5),
    "ExponentialLR": lambda o: S.ExponentialLR(o, 0.9),
    "CosineAnnealingLR": lambda o: S.CosineAnnealingLR(o, 5, 0.01),
    "LinearLR": lambda o: S.LinearLR(o, 0.25, 0.75, 6),
    "ConstantLR": lambda o: S.ConstantLR(o, 0.5, 4),
    "LambdaLR": lambda o: S.LambdaLR(o, lambda e: 0.9 ** e + 0.1),
    "MultiplicativeLR": lambda o: S.MultiplicativeLR(o, lambda e: 0.95),
    "PolynomialLR": lambda o: S.PolynomialLR(o, 8, 2.0),
    "OneCycleLR": lambda o: S.OneCycleLR(o, 0.5, total_steps=20),
    "OneCycleLR.three": lambda o: S.OneCycleLR(o, 0.5, total_steps=20, three_phase=True, anneal_strategy="linear"),
    "SequentialLR": lambda o: S.SequentialLR(o, [S.ConstantLR(o, 0.1, 2), S.ExponentialLR(o, 0.9)], [3]),
}
for name, make in schedulers.items():
    opt = torch.optim.SGD([nn.Parameter(wave(2))], 0.1, momentum=0.9)
    sched = make(opt)
    rates = [opt.param_groups[0]["lr"], opt.param_groups[0]["momentum"]]
    for _ in range(12):
        opt.step()
        sched.step()
        rates += [opt.param_groups[0]["lr"], opt.param_groups[0]["momentum"]]
    cases["schedule." + name] = [float("%.9g" % v) for v in rates]
opt = torch.optim.SGD([nn.Parameter(wave(2))], 0.1)
sched = S.ReduceLROnPlateau(opt, patience=1, cooldown=1, factor=0.5)
rates = []
for v in [1.0, 0.9, 0.9, 0.9, 0.9, 0.9, 0.5, 0.6, 0.6, 0.6, 0.6]:
    sched.step(v)
    rates.append(opt.param_groups[0]["lr"])
cases["schedule.ReduceLROnPlateau"] = [float("%.9g" % v) for v in rates]

# Random numbers: what a seed gives
def seeded(name, make):
    torch.manual_seed(7)
    result = make()
    record(name, *(result if isinstance(result, (list, tuple)) else [result]))


seeded("random.rand", lambda: torch.rand(5))
seeded("random.randn", lambda: torch.randn(20))
seeded("random.randint", lambda: torch.randint(0, 10, (6,)))
seeded("random.randperm", lambda: torch.randperm(8))
seeded("random.dropout", lambda: F.dropout(torch.ones(12), 0.4))
seeded("random.bernoulli", lambda: torch.bernoulli(torch.full((8,), 0.5)))
for name, make in {
    "Linear": lambda: nn.Linear(3, 4),
    "Conv2d": lambda: nn.Conv2d(2, 3, 2),
    "ConvTranspose2d": lambda: nn.ConvTranspose2d(2, 3, 2),
    "Embedding": lambda: nn.Embedding(4, 3, padding_idx=2),
    "Bilinear": lambda: nn.Bilinear(2, 3, 2),
    "LSTM": lambda: nn.LSTM(2, 3),
    "GRUCell": lambda: nn.GRUCell(2, 3),
    "MultiheadAttention": lambda: nn.MultiheadAttention(4, 2),
    "BatchNorm2d": lambda: nn.BatchNorm2d(3),
    "Mlp": lambda: nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 2)),
}.items():
    seeded("reset." + name, lambda: list(make().parameters()))
for name, init in {
    "uniform": lambda t: nn.init.uniform_(t, -2, 3),
    "normal": lambda t: nn.init.normal_(t, 1, 2),
    "constant": lambda t: nn.init.constant_(t, 0.3),
    "eye": lambda t: nn.init.eye_(t),
    "xavier_uniform": lambda t: nn.init.xavier_uniform_(t, 1.5),
    "xavier_normal": lambda t: nn.init.xavier_normal_(t),
    "kaiming_uniform": lambda t: nn.init.kaiming_uniform_(t, 0.1, "fan_out", "leaky_relu"),
    "kaiming_normal": lambda t: nn.init.kaiming_normal_(t, nonlinearity="relu"),
    "orthogonal": lambda t: nn.init.orthogonal_(t, 1.2),
    "trunc_normal": lambda t: nn.init.trunc_normal_(t, 0.2, 0.5, -0.4, 0.7),
    "sparse": lambda t: nn.init.sparse_(t, 0.5),
}.items():
    seeded("init." + name, lambda: init(torch.zeros(4, 6)))
seeded("init.orthogonal.wide", lambda: nn.init.orthogonal_(torch.zeros(6, 4)))
seeded("init.dirac", lambda: nn.init.dirac_(torch.zeros(3, 2, 3, 3)))

# Utilities
net = fill(nn.Linear(4, 3)); net(wave(2, 4)).square().sum().backward()
norm = nn.utils.clip_grad_norm_(net.parameters(), 0.5); record("utils.clip_grad_norm", norm, net.weight.grad, net.bias.grad)
net = fill(nn.Linear(4, 3)); net(wave(2, 4)).square().sum().backward()
nn.utils.clip_grad_value_(net.parameters(), 0.1); record("utils.clip_grad_value", net.weight.grad, net.bias.grad)
record("utils.parameters_to_vector", nn.utils.parameters_to_vector(net.parameters()))
record("functional.normalize", F.normalize(x, dim=1))
a = wave(3, grad=True); b = wave(3, phase=1.0, grad=True)
record("autograd.grad", *torch.autograd.grad((a * b).exp().sum(), [a, b]))

path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "numbers.json")
with open(path, "w") as f:
    f.write("{\n")
    f.write(",\n".join(f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in cases.items()))
    f.write("\n}\n")
print(len(cases), "cases")
