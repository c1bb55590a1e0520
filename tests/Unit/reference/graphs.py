"""PyTorch's answers for graph networks: outputs and gradients of the published architectures, written with torch alone.

    python3 graphs.py > graphs.json
"""

import json

import torch
import torch.nn.functional as F

from convolutions import Net, digest, numbers


def graph(nodes, edges, features, edge_features):
    """Edge k leads from node 3k modulo all nodes to node 5k + 1 modulo all but the last one, which no edge reaches."""
    k = torch.arange(edges)
    return {
        "x": numbers([nodes, features], 1.0).float().requires_grad_(),
        "edge_index": torch.stack([3 * k % nodes, (5 * k + 1) % max(nodes - 1, 1)]),
        "edge_attr": numbers([edges, edge_features], 2.0).float().requires_grad_(),
        "distance": (numbers([edges, 1], 3.0) * 0.1).float().requires_grad_(),
        # Graphs of three nodes each, the last one perhaps of fewer.
        "batch": torch.arange(nodes) // 3,
    }


def total(rows, places, count):
    """Rows that go to one place, added up: as a product with a matrix of zeros and ones."""
    return F.one_hot(places, count).T.to(rows.dtype) @ rows


def each(rows, places, count, reduce):
    """Rows that go to one place, reduced one place after another; zeros where none goes."""
    found = []
    for place in range(count):
        own = rows[places == place]
        found.append(reduce(own) if len(own) else torch.zeros(rows.shape[1]))
    return torch.stack(found)


PROPAGATION = {
    "sum": lambda rows, places, count: total(rows, places, count),
    "mean": lambda rows, places, count: each(rows, places, count, lambda own: own.mean(0)),
    "prod": lambda rows, places, count: each(rows, places, count, lambda own: own.prod(0)),
    "min": lambda rows, places, count: each(rows, places, count, lambda own: own.amin(0)),
    "max": lambda rows, places, count: each(rows, places, count, lambda own: own.amax(0)),
}


# Source: Gilmer et al., 2017; Deeplay's names.
def message_passing(net, x, edges, ends, name, widths, last, how="sum", weight=None, residual=False, start=0):
    for i, width in enumerate(widths):
        block = f"{name}blocks.{i + start}." + ("layer." if residual else "")
        act = last if i == len(widths) - 1 else F.relu
        old = x, edges
        senders, receivers = ends
        edges = act(net.linear(torch.cat([x[senders], x[receivers], edges], 1), block + "transform.layer", width))
        carried = edges if weight is None else edges * weight
        got = PROPAGATION[how](carried, receivers, len(x))
        x = act(net.linear(torch.cat([x, got], 1), block + "update.layer", width))
        if residual:
            x, edges = old[0] + x, old[1] + edges
    return x, edges


def same(x):
    return x


def mpnn(how="sum", residual=False):
    def run(net, g):
        widths = [4, 4] if residual else [5, 3]
        x, edges = message_passing(net, g["x"], g["edge_attr"], g["edge_index"], "", widths, same, how, None, residual)
        return {"edge_attr": edges, "x": x}

    return run


def own(net, name, start):
    """A number that starts from something else than other parameters do."""
    return net.parameters.setdefault(name, torch.tensor(start, requires_grad=True))


def model(what):
    def run(net, g):
        x = net.linear(g["x"], "encoder.0.blocks.0.layer", 8)
        edges = net.linear(g["edge_attr"], "encoder.1.blocks.0.layer", 8)
        weight = None

        if what == "magik":
            # Source: Pineda et al., 2023.
            sigma = own(net, "backbone.blocks.0.sigma", 0.3).clamp(0.002, 1)
            beta = own(net, "backbone.blocks.0.beta", 1.5).clamp(1, 10)
            weight = torch.exp(-((g["distance"] ** 2 / (2 * sigma**2)) ** beta))

        start = 1 if what == "magik" else 0
        x, edges = message_passing(
            net, x, edges, g["edge_index"], "backbone.", [8, 8], F.relu, "sum", weight, False, start
        )
        x = edges if what in ("edge", "magik") else x
        if what == "global":
            batch = g["batch"]
            x = each(x, batch, int(batch.max()) + 1, lambda own: own.mean(0))
        for i, (width, act) in enumerate([(4, F.relu), (2, F.relu), (1, same)]):
            x = act(net.linear(x, f"head.blocks.{i}.layer", width))
        return {"": x}

    return run


# Source: Kipf and Welling, 2017.
def gcn(dense):
    def run(net, g):
        x = g["x"]
        adjacency = torch.zeros(len(x), len(x))
        adjacency[g["edge_index"][0], g["edge_index"][1]] = 1
        if not dense:
            # A loop that is there already counts once.
            adjacency.fill_diagonal_(0)
        adjacency = adjacency + torch.eye(len(x))
        degree = adjacency.sum(1)
        laplacian = adjacency / torch.sqrt(degree[:, None] * degree[None, :])
        for i, (width, act) in enumerate([(5, F.relu), (3, same)]):
            x = act(laplacian @ net.linear(x, f"blocks.{i}.transform", width))
        return {"x": x}

    return run


MODELS = [
    *[(f"mpnn_{how}", mpnn(how)) for how in PROPAGATION],
    ("mpnn_residual", mpnn(residual=True)),
    ("mpm", model("node")),
    ("graph_to_node", model("node")),
    ("graph_to_global", model("global")),
    ("graph_to_edge", model("edge")),
    ("graph_to_edge_magik", model("magik")),
    ("gcn", gcn(False)),
    ("gcn_dense", gcn(True)),
]

# Nodes and edges: with numbers for the first, with shapes for the others.
SIZES = [[7, 11], [1, 1], [13, 40], [5, 0]]


def features(name):
    return (4, 4) if name == "mpnn_residual" else (3, 2)


def record(name, network):
    net = Net()
    g = graph(*SIZES[0], *features(name))
    out = torch.cat([x.flatten() for x in network(net, g).values()])
    (out * torch.cos(torch.arange(len(out)) * 0.3)).sum().backward()

    def shape(nodes, edges):
        return {key: list(y.shape) for key, y in network(net, graph(nodes, edges, *features(name))).items()}

    given = {key: digest(t.grad) for key, t in g.items() if t.is_floating_point() and t.grad is not None}
    return {
        "name": name,
        "sizes": [[size, shape(*size)] for size in SIZES],
        "output": digest(out),
        "input_gradients": given,
        # What edges become in the end is not what nodes become.
        "gradients": {key: None if p.grad is None else digest(p.grad) for key, p in net.parameters.items()},
    }


if __name__ == "__main__":
    print("[")
    print(",\n".join(json.dumps(record(*model)) for model in MODELS))
    print("]")
