"""Which shapes of masks PyTorch's multi-head attention takes, into attention_masks.json.

Run with PyTorch 1.13: python3 attention_masks.py
A row: arguments, the shapes of queries, keys and values, those of key_padding_mask and attn_mask (null where there is none), and
whether PyTorch takes them.
"""

import json
from pathlib import Path

import torch

ROWS = []


def record(shapes, key_mask=None, mask=None, **arguments):
    layer = torch.nn.MultiheadAttention(embed_dim=8, num_heads=2, **arguments)
    inputs = [torch.zeros(shape) for shape in shapes]

    def none(shape):
        return None if shape is None else torch.zeros(shape, dtype=torch.bool)

    try:
        layer(*inputs, key_padding_mask=none(key_mask), attn_mask=none(mask))
        takes = True
    except (RuntimeError, AssertionError):
        takes = False
    ROWS.append({"arguments": arguments, "inputs": shapes, "key_mask": key_mask, "mask": mask, "takes": takes})


# Five queries, three keys, a batch of four.
BATCH = [[5, 4, 8], [3, 4, 8], [3, 4, 8]]
FIRST = [[4, 5, 8], [4, 3, 8], [4, 3, 8]]
ALONE = [[5, 8], [3, 8], [3, 8]]

for shapes, arguments in [(BATCH, {}), (FIRST, {"batch_first": True}), (BATCH, {"add_bias_kv": True, "add_zero_attn": True})]:
    for key_mask in [[4, 3], [3, 4], [4, 5], [1, 3], [3], [4, 1, 3], [4, 4]]:
        record(shapes, key_mask, **arguments)
    for mask in [[5, 3], [3, 5], [5, 4], [1, 3], [3], [8, 5, 3], [4, 5, 3], [2, 5, 3], [1, 5, 3], [8, 3, 5], [8, 1, 3], [4, 2, 5, 3]]:
        record(shapes, None, mask, **arguments)
    record(shapes, [4, 3], [5, 3], **arguments)
    record(shapes, [4, 3], [8, 5, 3], **arguments)
    record(shapes, [3, 4], [5, 3], **arguments)
    record(shapes, [4, 3], [3, 5], **arguments)

for key_mask in [[3], [5], [1], [1, 3], [3, 1]]:
    record(ALONE, key_mask)
for mask in [[5, 3], [3, 5], [3], [1, 3], [2, 5, 3], [1, 5, 3], [4, 5, 3], [2, 3, 5]]:
    record(ALONE, None, mask)
record(ALONE, [3], [5, 3])
record(ALONE, [3], [2, 5, 3])

Path(__file__).with_suffix(".json").write_text("[\n" + ",\n".join(json.dumps(row) for row in ROWS) + "\n]\n")
