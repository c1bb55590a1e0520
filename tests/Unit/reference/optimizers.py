"""Records what PyTorch's optimizers do, one case a line, into optimizers.json beside this file.

Run with PyTorch 1.13: `python3 optimizers.py`. Two parameters start from sines, and their gradients are sines of the
step (see `fill`; in F#, `fill` of LoweringHelp.fs); the second has no gradient in the second step.
"""
import json
import math
import os

import torch

cases = []


def fill(shape, seed):
    """sin(0.7 i + seed) for element i."""
    count = torch.Size(shape).numel()
    return torch.sin(0.7 * torch.arange(count, dtype=torch.float64) + seed).to(torch.float32).reshape(shape)


def numbers(tensor):
    return [float("%.7g" % value) for value in tensor.detach().double().flatten().tolist()]


class NAdam(torch.optim.Optimizer):
    """By the algorithm of its documentation: PyTorch 1.13 itself multiplies by mu once too often, mended in 2.0."""

    def __init__(self, params, lr=2e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0, momentum_decay=4e-3):
        super().__init__(params, dict(lr=lr, b=betas, eps=eps, wd=weight_decay, psi=momentum_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            (b1, b2), psi = group["b"], group["psi"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                s = self.state[p]
                t = s["step"] = s.get("step", 0) + 1
                g = p.grad + group["wd"] * p
                mu = [b1 * (1 - 0.96 ** (k * psi) / 2) for k in range(1, t + 2)]
                m = s["exp_avg"] = b1 * s.get("exp_avg", 0) + (1 - b1) * g
                v = s["exp_avg_sq"] = b2 * s.get("exp_avg_sq", 0) + (1 - b2) * g * g
                product = s["mu_product"] = math.prod(mu[:-1])
                m_hat = mu[-1] * m / (1 - product * mu[-1]) + (1 - mu[-2]) * g / (1 - product)
                p -= group["lr"] * m_hat / ((v / (1 - b2**t)).sqrt() + group["eps"])


torch.optim.NAdam = NAdam


def case(kind, steps=4, **arguments):
    a, b = (torch.nn.Parameter(fill(shape, float(i))) for i, shape in enumerate([[3], [2, 2]]))
    optimizer = getattr(torch.optim, kind)([a, b], **arguments)
    after = []
    for step in range(steps):
        a.grad = fill([3], 0.3 * step)
        b.grad = None if step == 1 else fill([2, 2], 0.5 * step + 1)
        optimizer.step()
        after.append([numbers(a), numbers(b)])
    kept = optimizer.state_dict()["state"]
    state = {
        f"{'ab'[i]}.{name}": [float(value)] if not torch.is_tensor(value) else numbers(value)
        for i, names in kept.items()
        for name, value in names.items()
        if value is not None
    }
    cases.append({"kind": kind, "arguments": arguments, "after": after, "state": state})


for kind in ["Adam", "AdamW"]:
    case(kind)
    case(kind, lr=0.1, betas=[0.8, 0.9], eps=0.01, weight_decay=0.3, amsgrad=True)
    case(kind, lr=0.1, weight_decay=0.3, maximize=True)
case("SGD", lr=0.1)
case("SGD", lr=0.1, momentum=0.9, dampening=0.3, weight_decay=0.2)
case("SGD", lr=0.1, momentum=0.9, nesterov=True, maximize=True)
case("RMSprop")
case("RMSprop", lr=0.1, alpha=0.8, eps=0.01, weight_decay=0.2, momentum=0.7, centered=True)
case("RMSprop", lr=0.1, centered=True, maximize=True)
case("Adagrad")
case("Adagrad", lr=0.1, lr_decay=0.2, weight_decay=0.3, initial_accumulator_value=0.4, eps=0.01)
case("Adagrad", lr=0.1, maximize=True)
case("NAdam")
case("NAdam", lr=0.1, betas=[0.8, 0.9], eps=0.01, weight_decay=0.3, momentum_decay=0.1)
case("RAdam", steps=9)
case("RAdam", steps=9, lr=0.1, betas=[0.8, 0.9], eps=0.01, weight_decay=0.3)

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "optimizers.json"), "w") as file:
    file.write("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]\n")
