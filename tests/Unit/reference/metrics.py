"""Records what scikit-learn gives for the metrics, and Dice's formula worked out example by example, into metrics.json.

Run with scikit-learn 1.2: python3 metrics.py
Outputs and targets with their shapes; then a row for each metric: class, arguments by name, the place of what it is measured on,
and the metric with its shape, null for no number. Where several classes
are averaged, a class that neither is there nor was predicted is left out, as in torchmetrics; so is one without an area.
"""

import json
from pathlib import Path

import numpy as np
from sklearn import metrics as sk

DATA = []
ROWS = []
RANDOM = np.random.default_rng(7)


def record(kind, arguments, outputs, targets, expected):
    def flat(array):
        array = np.asarray(array, dtype=np.float64)
        numbers = [None if np.isnan(x) else float(f"{x:.10g}") for x in array.reshape(-1)]
        return {"shape": list(array.shape), "numbers": numbers}

    floats = np.asarray(targets).dtype.kind == "f"
    data = {"outputs": flat(outputs), "targets": flat(targets), "floats": floats}
    if data not in DATA:
        DATA.append(data)
    ROWS.append({"kind": kind, "arguments": arguments, "data": DATA.index(data), "value": flat(expected)})


def softmax(x, axis=1):
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def mean_known(values, weights=None):
    values = np.asarray(values, dtype=np.float64)
    known = ~np.isnan(values)
    return np.average(values[known], weights=None if weights is None else np.asarray(weights)[known])


def area(score, holds, outputs):
    if holds.sum() == 0 or (score is sk.roc_auc_score and holds.all()):
        return np.nan
    return score(holds, outputs)


def specificities(matrix):
    """Of each class, from a confusion matrix."""
    total, right = matrix.sum(), np.diag(matrix)
    negatives = total - matrix.sum(axis=1)
    true_negatives = total - matrix.sum(axis=1) - matrix.sum(axis=0) + right
    return np.divide(true_negatives, negatives, out=np.zeros(len(matrix)), where=negatives > 0)


SCORES = {"Precision": sk.precision_score, "Recall": sk.recall_score, "F1Score": sk.f1_score, "JaccardIndex": sk.jaccard_score}


def multiclass(outputs, targets, classes, ignore=None):
    said = {} if ignore is None else {"ignore_index": ignore}
    flat = np.moveaxis(outputs, 1, -1).reshape(-1, classes)
    true = targets.reshape(-1)
    keep = np.ones(len(true), bool) if ignore is None else true != ignore
    flat, true = flat[keep], true[keep]
    predicted = flat.argmax(axis=1)
    present = sorted(set(true) | set(predicted))
    everything = list(range(classes))

    for average in ["micro", "macro", "weighted", "none"]:
        labels = present if average == "macro" else everything
        how = {"labels": labels, "average": None if average == "none" else average, "zero_division": 0}
        arguments = {**said, "average": average}
        for name, score in SCORES.items():
            record("Multiclass" + name, arguments, outputs, targets, score(true, predicted, **how))
        # Of one class, accuracy is the rate at which it is found.
        record("MulticlassAccuracy", arguments, outputs, targets, sk.recall_score(true, predicted, **how))

        each = specificities(sk.confusion_matrix(true, predicted, labels=everything))
        support = np.bincount(true, minlength=classes)
        wrong = (true != predicted).sum()
        negatives = len(true) * (classes - 1)
        record(
            "MulticlassSpecificity",
            arguments,
            outputs,
            targets,
            {
                "micro": (negatives - wrong) / negatives,
                "macro": each[present].mean(),
                "weighted": np.average(each, weights=support),
                "none": each,
            }[average],
        )

        if average != "micro":
            probabilities = softmax(flat)
            for name, score in [("AUROC", sk.roc_auc_score), ("AveragePrecision", sk.average_precision_score)]:
                areas = [area(score, true == c, probabilities[:, c]) for c in everything]
                value = {"none": areas, "macro": mean_known(areas), "weighted": mean_known(areas, support)}[average]
                record("Multiclass" + name, {**arguments, "from_logits": True}, outputs, targets, value)

    for k in [1, 2, 3]:
        value = sk.top_k_accuracy_score(true, flat, k=k, labels=everything)
        record("MulticlassAccuracy", {**said, "average": "micro", "top_k": k}, outputs, targets, value)

    for normalize in ["none", "true", "pred", "all"]:
        value = sk.confusion_matrix(true, predicted, labels=everything, normalize=None if normalize == "none" else normalize)
        record("MulticlassConfusionMatrix", {**said, "normalize": normalize}, outputs, targets, value)


def binary(outputs, targets, logits, threshold=0.5, ignore=None):
    said = {"from_logits": logits, "threshold": threshold}
    said = said if ignore is None else {**said, "ignore_index": ignore}
    flat, true = outputs.reshape(-1), targets.reshape(-1)
    keep = np.ones(len(true), bool) if ignore is None else true != ignore
    flat, true = flat[keep], true[keep] > 0.5
    predicted = (1 / (1 + np.exp(-flat)) if logits else flat) > threshold

    for name, score in SCORES.items():
        record("Binary" + name, said, outputs, targets, score(true, predicted, zero_division=0))
    record("BinaryAccuracy", said, outputs, targets, sk.accuracy_score(true, predicted))
    record("BinarySpecificity", said, outputs, targets, sk.recall_score(~true, ~predicted, zero_division=0))

    for normalize in ["none", "true", "pred", "all"]:
        value = sk.confusion_matrix(true, predicted, labels=[False, True], normalize=None if normalize == "none" else normalize)
        record("BinaryConfusionMatrix", {**said, "normalize": normalize}, outputs, targets, value)

    said = {} if ignore is None else {"ignore_index": ignore}
    record("BinaryAUROC", said, outputs, targets, area(sk.roc_auc_score, true, flat))
    record("BinaryAveragePrecision", said, outputs, targets, area(sk.average_precision_score, true, flat))


def multilabel(outputs, targets):
    labels = outputs.shape[1]
    flat = np.moveaxis(outputs, 1, -1).reshape(-1, labels)
    true = np.moveaxis(targets, 1, -1).reshape(-1, labels) > 0.5
    predicted = flat > 0.5
    support = true.sum(axis=0)

    for average in ["micro", "macro", "weighted", "none"]:
        arguments = {"average": average}
        how = {"average": None if average == "none" else average, "zero_division": 0}
        for name, score in SCORES.items():
            record("Multilabel" + name, arguments, outputs, targets, score(true, predicted, **how))
        each = np.array([sk.accuracy_score(true[:, i], predicted[:, i]) for i in range(labels)])
        value = {"none": each, "weighted": np.average(each, weights=support)}.get(average, each.mean())
        record("MultilabelAccuracy", arguments, outputs, targets, value)
        each = np.array([sk.recall_score(~true[:, i], ~predicted[:, i], zero_division=0) for i in range(labels)])
        together = sk.recall_score(~true.reshape(-1), ~predicted.reshape(-1))
        value = {"none": each, "weighted": np.average(each, weights=support), "micro": together}.get(average, each.mean())
        record("MultilabelSpecificity", arguments, outputs, targets, value)

        if average != "micro":
            for name, score in [("AUROC", sk.roc_auc_score), ("AveragePrecision", sk.average_precision_score)]:
                areas = [area(score, true[:, i], flat[:, i]) for i in range(labels)]
                value = {"none": areas, "macro": mean_known(areas), "weighted": mean_known(areas, support)}[average]
                record("Multilabel" + name, arguments, outputs, targets, value)

    record("MultilabelConfusionMatrix", {}, outputs, targets, sk.multilabel_confusion_matrix(true, predicted))


def dice(kind, arguments, outputs, targets, predicted, actual, counted, averages):
    """Dice's coefficient from its formula, over areas (N, C, M) of which some count: torchmetrics' DiceScore."""

    def ratio(right, both):
        return 2 * right / both if both > 0 else np.nan

    def one(n, average):
        """Of the examples in n."""
        right = [(predicted[n, c] & actual[n, c] & counted[n, c]).sum() for c in range(predicted.shape[1])]
        there = [(actual[n, c] & counted[n, c]).sum() for c in range(predicted.shape[1])]
        both = [(predicted[n, c] & counted[n, c]).sum() + there[c] for c in range(predicted.shape[1])]
        each = np.array([ratio(r, b) for r, b in zip(right, both)])
        known = ~np.isnan(each)
        if average == "none":
            return each
        if average == "micro":
            return ratio(sum(right), sum(both))
        if not known.any():
            return np.nan
        if average == "macro":
            return each[known].mean()
        return (each[known] * np.array(there)[known]).sum() / sum(there) if sum(there) else 0.0

    for average in averages:
        said = {**arguments, **({} if average is None else {"average": average})}
        every = np.array([one([n], average or "micro") for n in range(len(predicted))])
        value = [mean_known(column) if (~np.isnan(column)).any() else np.nan for column in every.reshape(len(every), -1).T]
        value = np.array(value) if average == "none" else value[0]
        record(kind, said, outputs, targets, value)
        record(kind, {**said, "aggregation_level": "global"}, outputs, targets, one(slice(None), average or "micro"))


AVERAGES = ["micro", "macro", "weighted", "none"]


def dice_of_classes(outputs, targets, ignore=None):
    classes = outputs.shape[1]
    true = targets.reshape(len(targets), 1, -1)
    best = outputs.reshape(len(outputs), classes, -1).argmax(axis=1)[:, None]
    each = np.arange(classes)[None, :, None]
    counted = np.broadcast_to(np.ones_like(true, bool) if ignore is None else true != ignore, (best == each).shape)
    said = {} if ignore is None else {"ignore_index": ignore}
    dice("MulticlassDiceScore", said, outputs, targets, best == each, true == each, counted, AVERAGES)
    part = [(best == each)[:, 1:], (true == each)[:, 1:], counted[:, 1:]]
    dice("MulticlassDiceScore", {**said, "include_background": False}, outputs, targets, *part, AVERAGES)


def dice_of_labels(kind, outputs, targets, averages, logits=False, threshold=0.5, ignore=None):
    labels = outputs.shape[1] if averages != [None] else 1
    shape = (len(outputs), labels, -1)
    said = {"from_logits": logits, "threshold": threshold, **({} if ignore is None else {"ignore_index": ignore})}
    true = targets.reshape(shape)
    predicted = (1 / (1 + np.exp(-outputs)) if logits else outputs).reshape(shape) > threshold
    counted = np.ones_like(predicted) if ignore is None else true != ignore
    dice(kind, said, outputs, targets, predicted, true == 1, counted, averages)


def numbers(outputs, targets):
    record("MeanAbsoluteError", {}, outputs, targets, sk.mean_absolute_error(targets, outputs))
    record("MeanSquaredError", {}, outputs, targets, sk.mean_squared_error(targets, outputs))
    record("MeanSquaredError", {"squared": False}, outputs, targets, sk.mean_squared_error(targets, outputs) ** 0.5)
    value = sk.mean_absolute_percentage_error(targets, outputs)
    record("MeanAbsolutePercentageError", {}, outputs, targets, value)

    for multioutput in ["uniform_average", "raw_values", "variance_weighted"]:
        value = sk.r2_score(targets, outputs, multioutput=multioutput)
        record("R2Score", {"multioutput": multioutput}, outputs, targets, value)

    n, value = len(targets), sk.r2_score(targets, outputs)
    record("R2Score", {"adjusted": 2}, outputs, targets, 1 - (1 - value) * (n - 1) / (n - 2 - 1))

    if outputs.ndim == 2:
        each = np.diag(sk.pairwise.cosine_similarity(outputs, targets))
        record("CosineSimilarityMetric", {"reduction": "none"}, outputs, targets, each)
        record("CosineSimilarityMetric", {"reduction": "mean"}, outputs, targets, each.mean())
        record("CosineSimilarityMetric", {}, outputs, targets, each.sum())


def draw(*shape):
    return RANDOM.normal(size=shape).round(3)


# Of five classes one is never there nor predicted, and one is only predicted.
logits = draw(17, 5) + 2.0 * np.eye(5)[RANDOM.integers(0, 3, 17)]
logits[:, 4] = -9.0
logits[3, 3] = 9.0
multiclass(logits.round(3), RANDOM.integers(0, 3, 17), 5)
multiclass(draw(6, 3, 4), RANDOM.integers(0, 3, (6, 4)), 3)
some = RANDOM.integers(0, 4, 11)
some[[2, 5, 6]] = -100
multiclass(draw(11, 4), some, 4, ignore=-100)

# Equal outputs are neither before nor after each other.
halves = (RANDOM.integers(0, 5, 23) / 4 + 0.01).round(3)
binary(halves, (RANDOM.random(23) < halves).astype(np.float64), False)
binary(halves, RANDOM.integers(0, 2, 23), False, threshold=0.3)
binary(draw(9, 2), RANDOM.integers(0, 2, (9, 2)), True)
some = RANDOM.integers(0, 2, 13)
some[[1, 4]] = -1
binary(RANDOM.random(13).round(3), some, False, ignore=-1)
binary(np.array([0.1, 0.2, 0.3]), np.array([1, 0, 1]), False)
binary(np.array([0.1, 0.7, 0.3]), np.array([0, 0, 0]), False)

multilabel(RANDOM.random((14, 3)).round(3), RANDOM.integers(0, 2, (14, 3)))
multilabel(RANDOM.random((5, 3, 2)).round(3), RANDOM.integers(0, 2, (5, 3, 2)).astype(np.float64))

targets = draw(12)
numbers((targets + 0.3 * draw(12)).round(3), targets)
targets = draw(12, 3) + np.array([0.0, 50.0, -2000.0])
numbers((targets + 0.3 * draw(12, 3)).round(3), targets.round(3))


# Four examples: in one the first two classes alone, and one without anything but the first.
where = RANDOM.integers(0, 4, (4, 3, 5))
where[1] %= 2
where[2] = 0
images = (draw(4, 4, 3, 5) + 1.5 * np.moveaxis(np.eye(4)[where], -1, 1)).round(3)
images[2, 0] = 9.0
dice_of_classes(images, where)
some = where.copy()
some[0, 1] = some[2, :, 2] = -100
some[3] = -100
dice_of_classes(images, some, ignore=-100)
masks = RANDOM.integers(0, 2, (5, 1, 4, 3))
masks[3] = 0
found = (RANDOM.random((5, 1, 4, 3)) * 0.6 + 0.3 * masks).round(3)
found[3] = 0.1
dice_of_labels("BinaryDiceScore", found, masks.astype(np.float64), [None])
dice_of_labels("BinaryDiceScore", found[:, 0], masks[:, 0], [None], threshold=0.3)
dice_of_labels("BinaryDiceScore", draw(5, 1, 4, 3), masks, [None], logits=True)
some = masks.copy()
some[1, 0, 2] = -1
dice_of_labels("BinaryDiceScore", found, some, [None], ignore=-1)
masks = RANDOM.integers(0, 2, (4, 3, 6))
masks[1] = masks[2, 1] = 0
found = RANDOM.random((4, 3, 6)).round(3)
found[1] = found[2, 1] = 0.1
dice_of_labels("MultilabelDiceScore", found, masks.astype(np.float64), AVERAGES)
dice_of_labels("MultilabelDiceScore", draw(4, 3, 2, 3), masks.reshape(4, 3, 2, 3), AVERAGES, logits=True)


def perplexity(logits, tokens, ignore=None):
    """e to scikit-learn's log loss over the tokens that count."""
    counted = tokens.reshape(-1) != ignore
    each = softmax(np.moveaxis(logits, 1, -1), -1).reshape(-1, logits.shape[1])[counted]
    loss = sk.log_loss(tokens.reshape(-1)[counted], each, labels=np.arange(logits.shape[1]))
    record("Perplexity", {} if ignore is None else {"ignore_index": ignore}, logits, tokens, np.exp(loss))


tokens = RANDOM.integers(0, 4, (5, 6))
perplexity(draw(5, 4, 6), tokens)
some = tokens.copy()
some[1] = some[3, 2:] = -100
perplexity(draw(5, 4, 6), some, ignore=-100)
perplexity(draw(7, 3), RANDOM.integers(0, 3, 7))


def lines(rows):
    return ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows)


text = f'{{"data":[\n{lines(DATA)}\n],"rows":[\n{lines(ROWS)}\n]}}\n'
Path(__file__).with_name("metrics.json").write_text(text)
print(len(ROWS), "rows")
