"""Records the step sizes, and the momenta, that PyTorch's schedules give, into schedules.json.

Run with PyTorch 1.13: python3 schedules.py
A row: class, arguments by name (schedules within one as rows of their own), the step size of the optimizer, what is measured after
each epoch where that counts, then step size and momentum (null where it stays) of each epoch from 0 on.
"""

import json
import warnings
from pathlib import Path

import torch
from torch.optim import lr_scheduler

warnings.simplefilter("ignore")
ROWS = []
RATE = 0.1


def make(optimizer, kind, arguments):
    arguments = dict(arguments)
    if "schedulers" in arguments:
        arguments["schedulers"] = [make(optimizer, k, a) for k, a in arguments["schedulers"]]
    if kind == "SequentialLR":
        return lr_scheduler.SequentialLR(optimizer, **arguments)
    return getattr(lr_scheduler, kind)(**arguments) if kind == "ChainedScheduler" else getattr(lr_scheduler, kind)(optimizer, **arguments)


def record(kind, arguments, epochs=14, course=None):
    parameter = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.SGD([parameter], lr=RATE, momentum=0.9)
    schedule = make(optimizer, kind, arguments)
    rates, momenta = [], []
    for epoch in range(epochs):
        rates.append(optimizer.param_groups[0]["lr"])
        momenta.append(optimizer.param_groups[0]["momentum"])
        optimizer.step()
        if epoch + 1 < epochs:
            schedule.step(course[epoch]) if course else schedule.step()
    cycles = kind == "OneCycleLR" and arguments.get("cycle_momentum", True)
    ROWS.append(
        {
            "kind": kind,
            "arguments": arguments,
            "course": course or [],
            "rates": rates,
            "momenta": momenta if cycles else [],
        }
    )


record("StepLR", {"step_size": 3})
record("StepLR", {"step_size": 1, "gamma": 0.5})
record("MultiStepLR", {"milestones": [2, 5, 6], "gamma": 0.3})
record("ConstantLR", {})
record("ConstantLR", {"factor": 0.25, "total_iters": 3})
record("LinearLR", {})
record("LinearLR", {"start_factor": 0.1, "end_factor": 0.5, "total_iters": 4})
record("ExponentialLR", {"gamma": 0.8})
record("PolynomialLR", {})
record("PolynomialLR", {"total_iters": 7, "power": 2.0})
record("CosineAnnealingLR", {"T_max": 5})
record("CosineAnnealingLR", {"T_max": 6, "eta_min": 0.01})
record("CosineAnnealingWarmRestarts", {"T_0": 3})
record("CosineAnnealingWarmRestarts", {"T_0": 2, "T_mult": 2, "eta_min": 0.02})
for more in [
    {},
    {"anneal_strategy": "linear"},
    {"three_phase": True},
    {"pct_start": 0.5, "div_factor": 10.0, "final_div_factor": 100.0, "base_momentum": 0.7, "max_momentum": 0.9},
    {"cycle_momentum": False},
]:
    record("OneCycleLR", {"max_lr": 0.5, "total_steps": 14, **more})

falling = [1.0, 0.9, 0.9, 0.9, 0.95, 0.9, 0.89999, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8]
rising = [0.1, 0.2, 0.2, 0.20001, 0.19, 0.3, 0.3, 0.3, 0.3, 0.31, 0.3, 0.3, 0.3, 0.3]
record("ReduceLROnPlateau", {"patience": 2}, course=falling)
record("ReduceLROnPlateau", {"patience": 0, "factor": 0.5, "cooldown": 2}, course=falling)
record("ReduceLROnPlateau", {"patience": 1, "threshold": 0.05, "threshold_mode": "abs", "min_lr": 0.005}, course=falling)
record("ReduceLROnPlateau", {"patience": 1, "mode": "max", "threshold": 0.001, "factor": 0.3}, course=rising)
record("ReduceLROnPlateau", {"patience": 1, "mode": "max", "threshold": 0.05, "threshold_mode": "abs", "eps": 0.02}, course=rising)
record(
    "SequentialLR",
    {"schedulers": [("ConstantLR", {"factor": 0.5, "total_iters": 9}), ("ExponentialLR", {"gamma": 0.9})], "milestones": [4]},
)
record(
    "ChainedScheduler",
    {"schedulers": [("ConstantLR", {"factor": 0.1, "total_iters": 2}), ("ExponentialLR", {"gamma": 0.9}), ("StepLR", {"step_size": 4})]},
)

text = ",\n".join(json.dumps(row, separators=(",", ":")) for row in ROWS)
Path(__file__).with_name("schedules.json").write_text("[\n" + text + "\n]\n")
print(len(ROWS), "rows")
