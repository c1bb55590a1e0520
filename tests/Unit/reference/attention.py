"""PyTorch's answers for multi-head attention: outputs, weights and gradients, with and without masks.

    python3 attention.py > attention.json
"""

import json

import torch

from convolutions import digest, numbers


def case(shapes, masks=(), **arguments):
    """Queries, keys and values of these shapes (one shape where they are the same), and the names of masks."""
    layer = torch.nn.MultiheadAttention(**arguments)
    with torch.no_grad():
        for i, (_, p) in enumerate(layer.named_parameters()):
            p.copy_(numbers(p.shape, 1.0 + i))
    inputs = [numbers(s, 0.1 * i).float().requires_grad_() for i, s in enumerate(shapes)]
    query, key, value = inputs * 3 if len(inputs) == 1 else inputs
    first = arguments.get("batch_first", False)
    length, keys = (query.shape[-2], key.shape[-2]) if first or query.dim() == 2 else (query.shape[0], key.shape[0])
    batch = 1 if query.dim() == 2 else query.shape[0 if first else 1]
    given = {}
    if "key" in masks:
        mask = torch.zeros(batch, keys, dtype=torch.bool)
        mask[:, -1] = True
        given["key_padding_mask"] = mask if query.dim() == 3 else mask[0]
    if "later" in masks:
        given["attn_mask"] = torch.ones(length, keys, dtype=torch.bool).triu(1)
    if "number" in masks:
        given["attn_mask"] = numbers((length, keys), 0.5).float()
    out, weights = layer(query, key, value, **given)
    (out * torch.cos(torch.arange(out.numel()) * 0.3).reshape(out.shape)).sum().backward()
    return {
        "arguments": arguments,
        "inputs": [list(x.shape) for x in inputs],
        "masks": list(masks),
        "parameters": [[name, list(p.shape)] for name, p in layer.named_parameters()],
        "output": digest(out),
        "weights": digest(weights),
        "weights_shape": list(weights.shape),
        "gradients": [digest(p.grad) for p in list(layer.parameters()) + inputs],
    }


CASES = [
    case([[5, 2, 8]], embed_dim=8, num_heads=2),
    case([[2, 5, 8]], embed_dim=8, num_heads=4, batch_first=True),
    case([[5, 8]], embed_dim=8, num_heads=2, bias=False),
    case([[2, 5, 8], [2, 3, 8], [2, 3, 8]], embed_dim=8, num_heads=2, batch_first=True),
    case([[5, 2, 8], [3, 2, 4], [3, 2, 6]], embed_dim=8, num_heads=2, kdim=4, vdim=6),
    case([[2, 5, 8], [2, 3, 8], [2, 3, 8]], masks=["key"], embed_dim=8, num_heads=2, batch_first=True),
    case([[2, 5, 8], [2, 5, 8], [2, 5, 8]], masks=["later"], embed_dim=8, num_heads=2, batch_first=True),
    case([[5, 2, 8], [3, 2, 8], [3, 2, 8]], masks=["key", "number"], embed_dim=8, num_heads=2),
    case([[5, 2, 8], [3, 2, 8], [3, 2, 8]], masks=["number"], embed_dim=8, num_heads=2, add_bias_kv=True, add_zero_attn=True),
    case([[2, 4, 8], [2, 3, 8], [2, 3, 8]], masks=["key"], embed_dim=8, num_heads=2, batch_first=True, add_bias_kv=True),
]

if __name__ == "__main__":
    print("[")
    print(",\n".join(json.dumps(one) for one in CASES))
    print("]")
