"""Records what PyTorch and scikit-learn give for the examples of losses, metrics and schedules, into examples.json.

Run with PyTorch 1.13 and scikit-learn 1.2: python3 examples.py
For each definition of the library the numbers that its example prints, in order, to four digits. Dice's coefficient of areas is worked
out from its formula, by examples; of two classes, that which is looked for.
"""

import json
import warnings
from pathlib import Path

import numpy as np
import torch
from sklearn import metrics as sk
from torch.optim import lr_scheduler

warnings.simplefilter("ignore")
FOUND = {}


def record(kind, numbers):
    FOUND[kind] = [round(float(x), 4) for x in np.asarray(numbers, dtype=np.float64).reshape(-1)]


def losses():
    def give(kind, prediction, target, **arguments):
        record(kind, getattr(torch.nn, kind)(**arguments)(torch.tensor(prediction), torch.tensor(target)))

    logits, classes = [[2.0, 0.5, -1.0], [0.0, 1.0, 3.0]], [0, 1]
    give("CrossEntropyLoss", logits, classes)
    record("Perplexity", np.exp(torch.nn.functional.cross_entropy(torch.tensor(logits), torch.tensor(classes))))
    for kind in ["MSELoss", "L1Loss", "SmoothL1Loss"]:
        give(kind, [0.5, 2.0, -1.0], [0.0, 2.0, 1.0])
    give("HuberLoss", [0.5, 2.0, -1.0], [0.0, 2.0, 1.0], delta=0.5)
    give("NLLLoss", [[-0.3567, -1.6094, -2.3026], [-2.3026, -0.6931, -0.9163]], classes)
    give("BCELoss", [0.9, 0.2, 0.6], [1.0, 0.0, 1.0])
    give("BCEWithLogitsLoss", [2.0, -1.0, 0.5], [1.0, 0.0, 1.0])
    give("KLDivLoss", [[-0.9163, -0.9163, -1.6094]], [[0.5, 0.3, 0.2]], reduction="batchmean")


def of_numbers():
    outputs, targets = [2.5, 0.0, 2.0, 8.0], [3.0, -0.5, 2.0, 7.0]
    record("MeanAbsoluteError", sk.mean_absolute_error(targets, outputs))
    record("MeanSquaredError", sk.mean_squared_error(targets, outputs))
    record("MeanAbsolutePercentageError", sk.mean_absolute_percentage_error(targets, outputs))
    record("R2Score", sk.r2_score(targets, outputs))
    a, b = np.array([[1.0, 0.0], [1.0, 1.0]]), np.array([[1.0, 1.0], [2.0, 2.0]])
    record("CosineSimilarityMetric", np.diag(sk.pairwise.cosine_similarity(a, b)).sum())


def specificity(matrix):
    right = np.diag(matrix)
    negatives = matrix.sum() - matrix.sum(axis=1)
    return (matrix.sum() - matrix.sum(axis=1) - matrix.sum(axis=0) + right) / negatives


def dice(predicted, true):
    """Areas (N, C, M): of each example the mean over its classes that are there, or found; of these the mean over examples."""
    right = (predicted & true).sum(axis=2)
    both = predicted.sum(axis=2) + true.sum(axis=2)
    each = np.divide(2.0 * right, both, out=np.full(both.shape, np.nan), where=both > 0)
    return np.nanmean(np.nanmean(each, axis=1))


SCORES = {"Precision": sk.precision_score, "Recall": sk.recall_score, "F1Score": sk.f1_score, "JaccardIndex": sk.jaccard_score}


def of_classes():
    outputs = np.array([0.9, 0.8, 0.6, 0.4, 0.3, 0.7, 0.2, 0.1])
    true = np.array([1, 1, 1, 1, 1, 0, 0, 0])
    found = (outputs >= 0.5).astype(int)
    for name, score in SCORES.items():
        record("Binary" + name, score(true, found))
    record("BinaryAccuracy", sk.accuracy_score(true, found))
    record("BinarySpecificity", sk.recall_score(true, found, pos_label=0))
    areas = np.array([[[0.9, 0.8, 0.2, 0.1]], [[0.6, 0.3, 0.7, 0.1]]])
    record("BinaryDiceScore", dice(areas >= 0.5, np.array([[[1, 1, 0, 0]], [[1, 1, 0, 0]]]) == 1))
    record("BinaryConfusionMatrix", sk.confusion_matrix(true, found))
    record("BinaryAUROC", sk.roc_auc_score(true, outputs))
    record("BinaryAveragePrecision", sk.average_precision_score(true, outputs))

    outputs = np.array([[0.8, 0.1, 0.1], [0.3, 0.4, 0.3], [0.5, 0.2, 0.3]])
    true = np.array([0, 1, 2])
    found, each = outputs.argmax(axis=1), np.eye(3, dtype=int)
    for name, score in SCORES.items():
        record("Multiclass" + name, score(true, found, average="macro", zero_division=0) if name != "JaccardIndex" else score(true, found, average="macro"))
    record("MulticlassAccuracy", sk.balanced_accuracy_score(true, found))
    matrix = sk.confusion_matrix(true, found)
    record("MulticlassSpecificity", specificity(matrix).mean())
    areas = np.array([[[0.9, 0.6, 0.3, 0.2], [0.1, 0.4, 0.7, 0.8]]])
    classes = np.arange(2)[None, :, None]
    record("MulticlassDiceScore", dice(areas.argmax(axis=1)[:, None] == classes, np.array([[[0, 1, 1, 1]]]) == classes))
    record("MulticlassConfusionMatrix", matrix)
    record("MulticlassAUROC", np.mean([sk.roc_auc_score(true == c, outputs[:, c]) for c in range(3)]))
    record("MulticlassAveragePrecision", sk.average_precision_score(each[true], outputs, average="macro"))

    outputs = np.array([[0.9, 0.2], [0.6, 0.7], [0.4, 0.8]])
    true = np.array([[1, 0], [0, 1], [1, 1]])
    found = (outputs >= 0.5).astype(int)
    for name, score in SCORES.items():
        record("Multilabel" + name, score(true, found, average="macro"))
    record("MultilabelAccuracy", (true == found).mean())
    matrices = sk.multilabel_confusion_matrix(true, found)
    record("MultilabelSpecificity", [np.mean([m[0, 0] / m[0].sum() for m in matrices])])
    record("MultilabelDiceScore", dice(areas >= 0.5, np.array([[[1, 0, 0, 0], [0, 1, 1, 1]]]) == 1))
    record("MultilabelConfusionMatrix", matrices)
    record("MultilabelAUROC", sk.roc_auc_score(true, outputs, average="macro"))
    record("MultilabelAveragePrecision", sk.average_precision_score(true, outputs, average="macro"))


def schedules():
    def optimizer():
        return torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1, momentum=0.9)

    def give(kind, times, make, course=None):
        steps = optimizer()
        schedule = make(steps)
        rates = []
        for time in range(times):
            rates.append(steps.param_groups[0]["lr"])
            steps.step()
            if course:
                if time < len(course):
                    schedule.step(course[time])
            else:
                schedule.step()
        record(kind, rates)

    of = lr_scheduler
    give("StepLR", 6, lambda o: of.StepLR(o, 2, gamma=0.5))
    give("LRSchedulerConfig", 6, lambda o: of.StepLR(o, 2, gamma=0.5))
    give("MultiStepLR", 6, lambda o: of.MultiStepLR(o, [2, 5], gamma=0.5))
    give("ConstantLR", 6, lambda o: of.ConstantLR(o, factor=0.5, total_iters=3))
    give("LinearLR", 6, lambda o: of.LinearLR(o, start_factor=0.2, total_iters=4))
    give("ExponentialLR", 6, lambda o: of.ExponentialLR(o, gamma=0.5))
    give("PolynomialLR", 6, lambda o: of.PolynomialLR(o))
    give("CosineAnnealingLR", 6, lambda o: of.CosineAnnealingLR(o, T_max=5))
    give("CosineAnnealingWarmRestarts", 6, lambda o: of.CosineAnnealingWarmRestarts(o, T_0=3))
    give("OneCycleLR", 6, lambda o: of.OneCycleLR(o, max_lr=0.1, total_steps=6))
    give("ReduceLROnPlateau", 6, lambda o: of.ReduceLROnPlateau(o, patience=1), course=[1.0, 0.5, 0.5, 0.5, 0.5])
    give("SequentialLR", 6, lambda o: of.SequentialLR(o, [of.LinearLR(o, 0.5, total_iters=2), of.ExponentialLR(o, 0.5)], [2]))
    give("ChainedScheduler", 6, lambda o: of.ChainedScheduler([of.ConstantLR(o, 0.5, total_iters=3), of.ExponentialLR(o, 0.5)]))


losses()
of_numbers()
of_classes()
schedules()
Path(__file__).with_suffix(".json").write_text(
    "{\n" + ",\n".join(f"  {json.dumps(kind)}: {json.dumps(numbers)}" for kind, numbers in sorted(FOUND.items())) + "\n}\n"
)
