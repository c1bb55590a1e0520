"""Records what the models of ../checkpoints/format*.safetensors predict, computed by PyTorch from the tensors in them, into
checkpoints.json beside this file. The files themselves were made by checkpoints.fsx.

Run with PyTorch 1.13: `python3 checkpoints.py`. Inputs are sines (see `fill` of statedicts.py).
"""
import json
import os

import torch
from torch import nn

from statedicts import HERE, fill, load

recorded = {}
for name in ["format2", "format2-position"]:
    texts, tensors = load(os.path.join(HERE, "..", "checkpoints", name + ".safetensors"))
    model = nn.Sequential(nn.Linear(2, 8), nn.BatchNorm1d(8), nn.Dropout(0.5), nn.Linear(8, 2))
    model.load_state_dict({key[6:]: tensor for key, tensor in tensors.items() if key.startswith("model.")})
    with torch.no_grad():
        outputs = model.eval()(fill([3, 2], 0.5)).flatten().tolist()
    recorded[name] = {"texts": sorted(texts), "outputs": [float("%.9g" % value) for value in outputs]}
with open(os.path.join(HERE, "checkpoints.json"), "w") as file:
    file.write(json.dumps(recorded, indent=1) + "\n")
