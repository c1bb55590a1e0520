"""What torch.optim.LBFGS makes of Rosenbrock's function of four numbers: `python3 lbfgs.py > lbfgs.json` (PyTorch 1.13).

Each case has the optimizer's arguments, and after each of six steps the numbers and the loss that the step began with.
"""

import json
import torch

START = [-1.2, 1.0, 0.5, -0.5]


def rosenbrock(x):
    return (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()


def run(arguments):
    x = torch.nn.Parameter(torch.tensor(START, dtype=torch.float64))
    optimizer = torch.optim.LBFGS([x], **arguments)

    def closure():
        optimizer.zero_grad()
        loss = rosenbrock(x)
        loss.backward()
        return loss

    after = []
    for _ in range(6):
        loss = optimizer.step(closure)
        after.append({"loss": float(loss), "x": x.detach().tolist()})
    return after


CASES = [
    {"lr": 0.001},
    {"lr": 0.002, "max_iter": 3, "history_size": 2},
    {"lr": 0.001, "max_iter": 10, "max_eval": 4},
    {"line_search_fn": "strong_wolfe"},
    {"line_search_fn": "strong_wolfe", "max_iter": 4, "history_size": 3},
    {"line_search_fn": "strong_wolfe", "max_iter": 2, "lr": 0.5},
    {"line_search_fn": "strong_wolfe", "max_iter": 7, "lr": 2.0, "history_size": 1},
    {"line_search_fn": "strong_wolfe", "tolerance_grad": 1.0},
    {"line_search_fn": "strong_wolfe", "tolerance_change": 0.01, "max_iter": 50},
]

print(json.dumps([{"arguments": case, "after": run(case)} for case in CASES], indent=1))
