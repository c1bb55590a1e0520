"""Records what PyTorch makes of a GPT-2 under Hugging Face's names: writes huggingface-gpt2.safetensors into ../checkpoints, as a
GPT2LMHeadModel is saved, and huggingface.json with its logits beside this file. Written with torch alone, by the published layout:
a weight of a Conv1D is (in, out), and one of them makes queries, keys and values.

    python3 huggingface.py
"""

import json
import math
import os

import torch
import torch.nn.functional as F

from statedicts import HERE, fill, save

VOCABULARY, LENGTH, WIDTH, LAYERS, HEADS = 11, 6, 8, 2, 2


def weights():
    shapes = {"transformer.wte.weight": [VOCABULARY, WIDTH], "transformer.wpe.weight": [LENGTH, WIDTH]}
    for i in range(LAYERS):
        block = f"transformer.h.{i}"
        for name, inside, outside in [
            ("attn.c_attn", WIDTH, 3 * WIDTH),
            ("attn.c_proj", WIDTH, WIDTH),
            ("mlp.c_fc", WIDTH, 4 * WIDTH),
            ("mlp.c_proj", 4 * WIDTH, WIDTH),
        ]:
            shapes[f"{block}.{name}.weight"] = [inside, outside]
            shapes[f"{block}.{name}.bias"] = [outside]
        for name in ["ln_1", "ln_2"]:
            shapes[f"{block}.{name}.weight"] = shapes[f"{block}.{name}.bias"] = [WIDTH]
    for name in ["weight", "bias"]:
        shapes[f"transformer.ln_f.{name}"] = [WIDTH]
    return {name: fill(shape, 0.3 * i) for i, (name, shape) in enumerate(shapes.items())}


def logits(w, tokens):
    def norm(x, name):
        return F.layer_norm(x, [WIDTH], w[name + ".weight"], w[name + ".bias"], 1e-5)

    def conv1d(x, name):
        return x @ w[name + ".weight"] + w[name + ".bias"]

    n, length = tokens.shape
    x = w["transformer.wte.weight"][tokens] + w["transformer.wpe.weight"][:length]
    for i in range(LAYERS):
        block = f"transformer.h.{i}"
        parts = conv1d(norm(x, block + ".ln_1"), block + ".attn.c_attn").split(WIDTH, 2)
        q, k, v = (part.reshape(n, length, HEADS, -1).transpose(1, 2) for part in parts)
        scores = q @ k.transpose(2, 3) / math.sqrt(WIDTH // HEADS)
        scores = scores.masked_fill(torch.ones(length, length).triu(1).bool(), -math.inf)
        y = (scores.softmax(3) @ v).transpose(1, 2).reshape(n, length, WIDTH)
        x = x + conv1d(y, block + ".attn.c_proj")
        y = conv1d(norm(x, block + ".ln_2"), block + ".mlp.c_fc")
        y = 0.5 * y * (1 + torch.tanh(math.sqrt(2 / math.pi) * (y + 0.044715 * y**3)))
        x = x + conv1d(y, block + ".mlp.c_proj")
    return norm(x, "transformer.ln_f") @ w["transformer.wte.weight"].T


if __name__ == "__main__":
    state = weights()
    tokens = torch.arange(2 * LENGTH).reshape(2, LENGTH) * 7 % VOCABULARY
    answer = {"tokens": tokens.flatten().tolist(), "logits": logits(state, tokens).flatten().tolist()}
    # Masks of older versions, which are no parameters.
    state["transformer.h.0.attn.bias"] = torch.ones(LENGTH, LENGTH).tril().to(torch.uint8)[None, None]
    state["transformer.h.0.attn.masked_bias"] = torch.tensor(-1e4)
    save(os.path.join(HERE, "..", "checkpoints", "huggingface-gpt2.safetensors"), state, {"format": "pt"})
    with open(os.path.join(HERE, "huggingface.json"), "w") as file:
        json.dump(answer, file)
        file.write("\n")
