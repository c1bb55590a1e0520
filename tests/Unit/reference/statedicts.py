"""Records what PyTorch makes of a state dict: writes statedict-*.safetensors into ../checkpoints, as safetensors.torch.save_file
does, and statedicts.json with the order of the keys and the outputs beside this file.

Run with PyTorch 1.13: `python3 statedicts.py`. `python3 statedicts.py check FOLDER` loads mlp.safetensors and
conv.safetensors of a folder, written by anybody, into the same models, and prints their outputs as JSON. Inputs are sines
(see `fill`; in F#, `fill` of LoweringHelp.fs). What is needed of the format is read and written here, by its README, "Format", for Debian has no package of it.
"""
import json
import os
import struct
import sys

import torch
from torch import nn

HERE = os.path.dirname(os.path.abspath(__file__))
DTYPES = {"F32": torch.float32, "F64": torch.float64, "I64": torch.int64, "F16": torch.float16, "U8": torch.uint8}
ALIGNED = ["I64", "F64", "F32", "F16", "U8"]


def fill(shape, seed):
    """sin(0.7 i + seed) for element i."""
    count = torch.Size(shape).numel()
    return torch.sin(0.7 * torch.arange(count, dtype=torch.float64) + seed).to(torch.float32).reshape(shape)


def load(path):
    """Texts and tensors of a file."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    texts = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        start, stop = entry["data_offsets"]
        if stop > start:
            flat = torch.frombuffer(bytearray(data[start:stop]), dtype=DTYPES[entry["dtype"]])
        else:
            flat = torch.empty(0, dtype=DTYPES[entry["dtype"]])
        tensors[name] = flat.reshape(entry["shape"])
    return texts, tensors


def save(path, tensors, texts):
    """The largest alignment first, then by name."""
    names = {dtype: name for name, dtype in DTYPES.items()}
    header, parts, at = {"__metadata__": texts}, [], 0
    for name in sorted(tensors, key=lambda name: (ALIGNED.index(names[tensors[name].dtype]), name)):
        raw = tensors[name].contiguous().numpy().tobytes()
        dtype = names[tensors[name].dtype]
        header[name] = {"dtype": dtype, "shape": list(tensors[name].shape), "data_offsets": [at, at + len(raw)]}
        parts.append(raw)
        at += len(raw)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(parts))


class Perceptron(nn.Module):
    """Components.multiLayerPerceptron 3 [5; 4] 2, whose blocks but the last are normalized after the activation."""

    def __init__(self):
        super().__init__()
        self.blocks = nn.ModuleList()
        for i, (width, out) in enumerate([(3, 5), (5, 4), (4, 2)]):
            block = nn.Module()
            block.layer = nn.Linear(width, out)
            if i < 2:
                block.normalization = nn.BatchNorm1d(out)
            self.blocks.append(block)

    def forward(self, x):
        for block in self.blocks:
            x = block.layer(x)
            if hasattr(block, "normalization"):
                x = block.normalization(torch.relu(x))
        return x


def conv():
    return nn.Sequential(
        nn.Conv2d(2, 3, 3), nn.BatchNorm2d(3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(1), nn.Linear(12, 2)
    )


MODELS = {"mlp": (Perceptron, [4, 3]), "conv": (conv, [2, 2, 6, 6])}


def outputs(model, shape):
    with torch.no_grad():
        return [float("%.9g" % value) for value in model.eval()(fill(shape, 0.5)).flatten().tolist()]


def record():
    recorded = {}
    for name, (make, shape) in MODELS.items():
        torch.manual_seed(11)
        model = make()
        with torch.no_grad():
            # Statistics that are no 0 and 1.
            model.train()(fill([8] + shape[1:], 0.1))
        state = model.state_dict()
        save(os.path.join(HERE, "..", "checkpoints", f"statedict-{name}.safetensors"), state, {"format": "pt"})
        recorded[name] = {"keys": list(state), "outputs": outputs(model, shape)}
    with open(os.path.join(HERE, "statedicts.json"), "w") as file:
        file.write(json.dumps(recorded, indent=1) + "\n")


def check(folder):
    found = {}
    for name, (make, shape) in MODELS.items():
        texts, tensors = load(os.path.join(folder, name + ".safetensors"))
        model = make()
        model.load_state_dict(tensors)
        found[name] = {"texts": texts, "outputs": outputs(model, shape)}
    print(json.dumps(found))


if __name__ == "__main__":
    if sys.argv[1:2] == ["check"]:
        check(sys.argv[2])
    else:
        record()
