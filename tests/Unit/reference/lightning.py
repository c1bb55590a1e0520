"""Records what PyTorch Lightning does, case by case, into lightning.json.

Run with Lightning 2.0.9 and PyTorch 1.13: python3 -P lightning.py (so that this file is not taken for it)
Early stopping: after how many epochs of a course of values it ends, and why. Checkpoints: the epochs whose files are there in the
end, and which is the best. Accumulation: after which batches (epoch, batch) it steps, and the weight then. Validation: after how many
batches in all it is run, and how many there are. Schedules: the step size of each step. NaN and infinity are written as texts.
"""

import dataclasses
import functools
import json
import logging
import math
import re
import tempfile
import warnings
from pathlib import Path


def allow_python_311():
    """PyTorch 1.13 has data classes with defaults that later versions of Python take for mutable: here they have a hash."""
    original = dataclasses.dataclass

    @functools.wraps(original)
    def hashed(cls=None, **options):
        def wrap(kind):
            own = {} if "__hash__" in kind.__dict__ or options.get("frozen") else {"unsafe_hash": True}
            return original(**{**own, **options})(kind)

        return wrap if cls is None else wrap(cls)

    dataclasses.dataclass = hashed
    import torch.distributed.fsdp  # noqa: F401

    dataclasses.dataclass = original


allow_python_311()

import torch  # noqa: E402
from lightning.pytorch import Callback, LightningModule, Trainer  # noqa: E402
from lightning.pytorch.callbacks import EarlyStopping, ModelCheckpoint  # noqa: E402
from torch.optim import lr_scheduler  # noqa: E402
from torch.utils.data import DataLoader, TensorDataset  # noqa: E402

warnings.simplefilter("ignore")
logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
nan, inf = math.nan, math.inf


class Line(LightningModule):
    """A slope that is fitted to numbers. What validation measures is a course that is given beforehand."""

    def __init__(self, lr=0.0, start=0.0, course=None, schedule=None):
        super().__init__()
        self.layer = torch.nn.Linear(1, 1, bias=False)
        torch.nn.init.constant_(self.layer.weight, start)
        self.lr, self.course, self.schedule = lr, course, schedule

    def training_step(self, batch, _):
        x, y = batch
        return ((self.layer(x) - y) ** 2).mean()

    def validation_step(self, batch, _):
        if self.course:
            self.log("val_loss", torch.tensor(self.course[self.current_epoch], dtype=torch.float64))

    def configure_optimizers(self):
        optimizer = torch.optim.SGD(self.parameters(), lr=self.lr)
        return optimizer if self.schedule is None else {"optimizer": optimizer, "lr_scheduler": self.schedule(optimizer)}


class Watch(Callback):
    def __init__(self):
        self.batches, self.validated, self.steps, self.rates = 0, [], [], []

    def on_before_optimizer_step(self, trainer, module, optimizer):
        self.rates.append(optimizer.param_groups[0]["lr"])

    def on_train_batch_end(self, trainer, module, outputs, batch, number):
        self.batches += 1
        if len(self.steps) < trainer.global_step:
            self.steps.append([trainer.current_epoch, number, module.layer.weight.item()])

    def on_validation_end(self, trainer, module):
        self.validated.append(self.batches)


def fit(module, examples=4, batch=1, callbacks=(), **options):
    xs = torch.tensor([[1.0 + i % 5] for i in range(examples)]) / 4
    ys = torch.tensor([[2.0 - i % 3] for i in range(examples)])
    data = DataLoader(TensorDataset(xs, ys), batch_size=batch)
    watch = Watch()
    trainer = Trainer(
        accelerator="cpu",
        logger=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        enable_checkpointing=any(isinstance(c, ModelCheckpoint) for c in callbacks),
        num_sanity_val_steps=0,
        callbacks=[watch, *callbacks],
        **options,
    )
    trainer.fit(module, data, DataLoader(TensorDataset(xs[:1], ys[:1])))
    return trainer, watch


STOPPING, CHECKPOINTS, ACCUMULATION, VALIDATION, SCHEDULES = [], [], [], [], []


def stopping(course, **rule):
    reasons = []

    class Told(EarlyStopping):
        def _evaluate_stopping_criteria(self, current):
            ends, reason = super()._evaluate_stopping_criteria(current)
            reasons.append(reason if ends else None)
            return ends, reason

    monitor = rule.pop("monitor", "val_loss")
    _, watch = fit(Line(course=course), callbacks=[Told(monitor=monitor, **rule)], max_epochs=len(course))
    told = reasons[-1] if reasons else None
    kinds = {"not finite": "check_finite", "Stopping threshold": "stopping_threshold", "Divergence threshold": "divergence_threshold", "did not improve": "patience"}
    reason = told and next(kind for words, kind in kinds.items() if words in told)
    STOPPING.append({"monitor": monitor, "rule": rule, "course": course, "epochs": watch.batches // 4, "reason": reason})


down = [1.0, 0.5, 0.75, 0.5, 0.25, 0.375, 0.5, 0.25, 0.375, 0.125]
up = [0.0, 0.5, 0.25, 0.5, 0.75, 0.625, 0.5, 0.75, 0.625, 1.0]
flat = [1.0] * 6
for course, mode in [(down, "min"), (up, "max"), (flat, "min"), (flat, "max"), (up, "min"), (down, "max")]:
    for patience in [0, 1, 2, 3, 5]:
        stopping(course, mode=mode, patience=patience)
for min_delta in [0.125, 0.25, 0.5, 1.0]:
    stopping(down, min_delta=min_delta, patience=3)
    stopping(up, mode="max", min_delta=min_delta, patience=3)
for threshold in [0.25, 0.2, 0.5, 0.75]:
    stopping(down, stopping_threshold=threshold, patience=9)
    stopping(up, mode="max", stopping_threshold=threshold, patience=9)
    stopping(down, divergence_threshold=threshold, patience=9)
    stopping(up, mode="max", divergence_threshold=threshold, patience=9)
stopping(down, stopping_threshold=0.5, divergence_threshold=0.75, patience=2)
stopping(up, mode="max", stopping_threshold=0.75, divergence_threshold=0.25, min_delta=0.5, patience=1)
for odd in [nan, inf, -inf]:
    for mode in ["min", "max"]:
        stopping([1.0, odd, 0.5, 0.25, 2.0, 3.0, 4.0], mode=mode)
        stopping([1.0, odd, 0.5, 0.25, 2.0, 3.0, 4.0], mode=mode, check_finite=False, patience=2)
        stopping([odd, odd, 0.5, 0.25], mode=mode, check_finite=False, patience=1)
        stopping([1.0, odd, 0.5], mode=mode, check_finite=False, stopping_threshold=0.0, divergence_threshold=9.0)
stopping(down, monitor="val_los", strict=False, patience=1)
stopping(down, strict=False, patience=1)


def checkpoints(course, **rule):
    with tempfile.TemporaryDirectory() as folder:
        callback = ModelCheckpoint(folder, "{epoch}", **{"monitor": "val_loss", **rule})
        fit(Line(course=course), callbacks=[callback], max_epochs=len(course))
        files = {}
        for path in Path(folder).iterdir():
            files[path.stem] = torch.load(path)["epoch"]
        best = re.search(r"epoch=(\d+)", callback.best_model_path)
    CHECKPOINTS.append({"rule": rule, "course": course, "files": dict(sorted(files.items())), "best": int(best[1]) if best else None})


ties = [0.5, 0.5, 0.75, 0.5, 0.25, 0.25, 0.5, 0.25]
broken = [nan, 0.5, nan, 0.25, inf, 0.75, nan]
for course in [down, up, ties, broken, [nan, nan, nan], [-inf, 1.0, inf, 0.0]]:
    for mode in ["min", "max"]:
        for top in [0, 1, 2, 3, -1]:
            checkpoints(course, mode=mode, save_top_k=top)
for top in [0, 1, -1]:
    checkpoints(down, monitor=None, save_top_k=top)
    checkpoints(down, monitor=None, save_top_k=top, every_n_epochs=3)
    checkpoints(down, save_top_k=top, save_last=True)
    checkpoints(ties, mode="max", save_top_k=top, save_last=True)
for every in [2, 3, 4]:
    for top in [1, 2, -1]:
        checkpoints(down, save_top_k=top, every_n_epochs=every)
        checkpoints(ties, mode="max", save_top_k=top, every_n_epochs=every)


def accumulation(**options):
    shape = {name: options[name] for name in ["examples", "batch", "max_epochs"]}
    others = {name: value for name, value in options.items() if name not in ["examples", "batch"]}
    _, watch = fit(Line(lr=0.25, start=0.5), options["examples"], options["batch"], limit_val_batches=0, **others)
    ACCUMULATION.append({**shape, "accumulate": options["accumulate_grad_batches"], "max_steps": options.get("max_steps"), "steps": watch.steps})


for examples, batch in [(4, 1), (5, 1), (7, 1), (7, 2), (10, 3), (3, 4)]:
    for accumulate in [1, 2, 3, 4, 8]:
        accumulation(examples=examples, batch=batch, max_epochs=2, accumulate_grad_batches=accumulate)
for steps in [1, 3, 4, 5]:
    accumulation(examples=7, batch=2, max_epochs=3, accumulate_grad_batches=3, max_steps=steps)
    accumulation(examples=10, batch=1, max_epochs=3, accumulate_grad_batches=4, max_steps=steps)


def validation(examples, max_epochs, stops=None, **options):
    """`stops` is after which epoch early stopping wants to end the run."""
    course = [2.0 if epoch == stops else 0.0 for epoch in range(max_epochs)]
    callbacks = [] if stops is None else [EarlyStopping("val_loss", divergence_threshold=1.0, patience=99)]
    _, watch = fit(Line(course=course), examples, 1, callbacks, max_epochs=max_epochs, **options)
    VALIDATION.append({"examples": examples, "max_epochs": max_epochs, "stops": stops, **options, "validated": watch.validated, "batches": watch.batches})


for every in [1, 2, 3, 5]:
    validation(3, 4, check_val_every_n_epoch=every)
    validation(3, 9, check_val_every_n_epoch=every, max_steps=12)
validation(4, 6, stops=1)
for least in [1, 2, 3, 5, 9]:
    validation(4, 6, stops=1, min_epochs=least)
for least in [1, 8, 9, 11, 12, 13, 99]:
    validation(4, 6, stops=1, min_steps=least)
validation(4, 6, stops=1, min_epochs=3, min_steps=18)
validation(4, 6, stops=1, min_epochs=4, min_steps=9)
validation(4, 6, min_epochs=3)
validation(4, 6, min_steps=12, max_steps=12)
for every in [1, 2, 5]:
    validation(3, 9, check_val_every_n_epoch=every, max_steps=13)
for interval in [0.25, 0.5, 0.4, 0.3, 0.1, 1.0, 1, 2, 3, 7]:
    validation(7, 3, val_check_interval=interval)
validation(7, 4, val_check_interval=3, check_val_every_n_epoch=2)
validation(7, 4, val_check_interval=0.5, check_val_every_n_epoch=2)
for interval in [1, 3, 5, 7, 10, 14]:
    validation(7, 3, val_check_interval=interval, check_val_every_n_epoch=None)
for steps in [9, 10, 14]:
    validation(7, 9, val_check_interval=3, max_steps=steps)
    validation(7, 9, val_check_interval=4, check_val_every_n_epoch=None, max_steps=steps)
validation(7, 4, stops=1, val_check_interval=3)
validation(7, 4, stops=2, val_check_interval=4, check_val_every_n_epoch=None)
validation(7, 4, stops=1, val_check_interval=2, min_epochs=2)
for accumulate in [2, 3]:
    validation(7, 2, val_check_interval=2, accumulate_grad_batches=accumulate)


def schedules(kind, arguments, interval="epoch", frequency=1, examples=4, max_epochs=6, course=None, **options):
    def make(optimizer):
        told = {"monitor": "val_loss"} if course else {}
        return {"scheduler": getattr(lr_scheduler, kind)(optimizer, **arguments), "interval": interval, "frequency": frequency, **told}

    _, watch = fit(Line(lr=0.5, course=course, schedule=make), examples, max_epochs=max_epochs, **options)
    SCHEDULES.append(
        {
            "kind": kind,
            "arguments": arguments,
            "interval": interval,
            "frequency": frequency,
            "examples": examples,
            "max_epochs": max_epochs,
            "course": course or [],
            "accumulate": options.get("accumulate_grad_batches", 1),
            "every": options.get("check_val_every_n_epoch", 1),
            "rates": watch.rates,
        }
    )


halving = ("ExponentialLR", {"gamma": 0.5})
for interval in ["epoch", "step"]:
    for frequency in [1, 2, 4]:
        schedules(*halving, interval, frequency)
    schedules("MultiStepLR", {"milestones": [2, 5], "gamma": 0.5}, interval)
    schedules("CosineAnnealingLR", {"T_max": 4}, interval, 2)
    for examples, accumulate in [(4, 2), (5, 2), (7, 3)]:
        schedules(*halving, interval, 1, examples, 3, accumulate_grad_batches=accumulate)
schedules(*halving, "epoch", 2, 5, accumulate_grad_batches=2)
schedules(*halving, "step", 3, 4)
schedules(*halving, "step", 2, 5, 3)
schedules(*halving, "step", 2, 6, 3, accumulate_grad_batches=3)
worse = [1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25]
for patience in [0, 1, 2]:
    schedules("ReduceLROnPlateau", {"patience": patience}, course=worse, max_epochs=10)
    schedules("ReduceLROnPlateau", {"patience": patience, "mode": "max"}, course=worse, max_epochs=10)
    schedules("ReduceLROnPlateau", {"patience": patience}, frequency=2, course=worse, max_epochs=10)
    schedules("ReduceLROnPlateau", {"patience": patience}, frequency=2, course=worse, max_epochs=10, check_val_every_n_epoch=2)
schedules("ReduceLROnPlateau", {"patience": 0, "cooldown": 1}, course=worse, max_epochs=10, examples=5, accumulate_grad_batches=2)


def plain(value):
    """What JSON has no number for, as a text."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


tables = {"stopping": STOPPING, "checkpoints": CHECKPOINTS, "accumulation": ACCUMULATION, "validation": VALIDATION, "schedules": SCHEDULES}
parts = [
    json.dumps(name) + ": [\n" + ",\n".join(json.dumps(plain(row), separators=(",", ":")) for row in rows) + "\n]"
    for name, rows in tables.items()
]
Path(__file__).with_name("lightning.json").write_text("{\n" + ",\n".join(parts) + "\n}\n")
print(", ".join(f"{len(rows)} {name}" for name, rows in tables.items()))
