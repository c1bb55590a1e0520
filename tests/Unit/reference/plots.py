"""Records what scikit-learn and numpy give for the numbers in pictures, into plots.json.

Run with scikit-learn 1.2: python3 plots.py
ROC curves: scores, targets, false and true positive rates, the area. R²: true numbers, predictions, the score. Histograms: numbers,
the number of bins, edges, counts. Confusion matrices: counts, and their shares of each row.
"""

import json
from pathlib import Path

import numpy as np
from sklearn import metrics as sk

RANDOM = np.random.default_rng(11)


def plain(array):
    return [float(f"{x:.12g}") for x in np.asarray(array, dtype=np.float64).reshape(-1)]


def roc(scores, targets):
    wrong, right, _ = sk.roc_curve(targets, scores, drop_intermediate=False)
    return {
        "scores": plain(scores),
        "targets": plain(targets),
        "wrong": plain(wrong),
        "right": plain(right),
        "area": float(sk.roc_auc_score(targets, scores)),
    }


def r2(actual, predicted):
    return {"actual": plain(actual), "predicted": plain(predicted), "score": float(sk.r2_score(actual, predicted))}


def histogram(numbers, bins):
    counts, edges = np.histogram(numbers, bins=bins)
    return {"numbers": plain(numbers), "bins": bins, "edges": plain(edges), "counts": [int(c) for c in counts]}


def confusion(actual, predicted):
    return {
        "counts": plain(sk.confusion_matrix(actual, predicted)),
        "shares": plain(sk.confusion_matrix(actual, predicted, normalize="true")),
    }


targets = RANDOM.integers(0, 2, 25)
actual = RANDOM.normal(size=12)
recorded = {
    "roc": [
        roc([0.1, 0.4, 0.35, 0.8, 0.4, 0.9, 0.4, 0.2], [0, 0, 1, 1, 0, 1, 1, 0]),
        roc((RANDOM.random(25) + 0.4 * targets).round(1), targets),
    ],
    "r2": [r2([3, -0.5, 2, 7], [2.5, 0.0, 2, 8]), r2(actual, actual + RANDOM.normal(size=12))],
    "histogram": [histogram([1, 2, 2.5, 4, 5, 5, 3.25, 1.0], 4), histogram(RANDOM.normal(size=60).round(3), 7), histogram([2, 2, 2], 5)],
    "confusion": [confusion([0, 0, 0, 1, 1, 2], [0, 0, 1, 1, 0, 2])],
}
Path(__file__).with_name("plots.json").write_text(json.dumps(recorded, separators=(",", ":")) + "\n")
