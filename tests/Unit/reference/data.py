"""Records what scikit-learn and NumPy make of small data, into data.json and the folder npy beside this file.

Run with scikit-learn 1.2 and NumPy 1.24: `python3 data.py`. The arrays are written by NumPy itself; data.json says what is in
them.
"""
import json
import os

import numpy
import sklearn
from numpy.lib import format as npy_format
from sklearn.impute import SimpleImputer
from sklearn.model_selection import KFold, StratifiedKFold, StratifiedShuffleSplit
from sklearn.preprocessing import LabelEncoder, OneHotEncoder, StandardScaler

here = os.path.dirname(os.path.abspath(__file__))
folder = os.path.join(here, "npy")
os.makedirs(folder, exist_ok=True)

# --- splits: how many examples of each class are in each part ---
classes = numpy.repeat([0, 1, 2], [7, 5, 4])
nothing = numpy.zeros((len(classes), 1))


def counts(places):
    return numpy.bincount(classes[places], minlength=3).tolist()


splits = {
    "classes": classes.tolist(),
    "k_fold": [len(v) for _, v in KFold(3, shuffle=True, random_state=0).split(nothing)],
    "stratified_k_fold": [
        counts(v) for _, v in StratifiedKFold(3, shuffle=True, random_state=0).split(nothing, classes)
    ],
    "stratified": [
        {"first": n, "counts": counts(first)}
        for n in (3, 5, 9, 12)
        for first, _ in StratifiedShuffleSplit(1, train_size=n, random_state=0).split(nothing, classes)
    ],
}

# --- standardization: the columns are usual, constant, constant up to rounding, and far from 0 ---
rows = numpy.array(
    [[1.0, 5.0, 0.1, 1000.0], [2.0, 5.0, 0.1, 1001.0], [4.0, 5.0, 0.1, 1002.5], [8.5, 5.0, 0.1, 999.0]], dtype=numpy.float32
)
scaler = StandardScaler().fit(rows.astype(numpy.float64))
standard = {
    "rows": rows.astype(float).tolist(),
    "mean": scaler.mean_.tolist(),
    "scale": scaler.scale_.tolist(),
    "scaled": scaler.transform(rows.astype(numpy.float64)).tolist(),
}

# --- tables ---
column = [[3.0], [numpy.nan], [1.0], [10.0], [numpy.nan], [4.0]]
labels = ["pear", "Apple", "apple", "fig", "pear"]
tables = {
    "mean": SimpleImputer(strategy="mean").fit(column).statistics_[0],
    "median": SimpleImputer(strategy="median").fit(column).statistics_[0],
    "labels": labels,
    "classes": LabelEncoder().fit(labels).classes_.tolist(),
    "indices": LabelEncoder().fit_transform(labels).tolist(),
    "one_hot": OneHotEncoder().fit_transform([[x] for x in labels]).toarray().tolist(),
}

# --- arrays ---
arrays = []


def array(name, values, version=None):
    with open(os.path.join(folder, name + ".npy"), "wb") as file:
        npy_format.write_array(file, values, version=version)
    arrays.append({"name": name, "shape": list(values.shape), "values": values.astype(float).flatten().tolist()})


grid = numpy.arange(6).reshape(2, 3)
for code in ["i1", "u1", "<i2", ">i2", "<u2", ">u2", "<i4", ">i4", "<u4", "<i8", ">i8", "<u8", "<f2", ">f2", "<f4", ">f4", "<f8", ">f8"]:
    values = grid.astype(code)
    # The largest and, where there is one, the least number of each type that float64 holds exactly.
    if code[-2] in "iu" and code[-1] != "8":
        info = numpy.iinfo(values.dtype)
        values[0, 0], values[1, 2] = info.min, info.max
    array("dtype-" + code.replace("<", "little-").replace(">", "big-"), values)
array("bool", grid % 2 == 0)
array("fortran", numpy.asfortranarray(numpy.arange(24, dtype=numpy.float32).reshape(2, 3, 4)))
array("scalar", numpy.float64(2.5).reshape(()))
array("empty", numpy.zeros((0, 3), dtype=numpy.float32))
array("one", numpy.arange(4, dtype=numpy.int64))
array("version2", grid.astype("<f4"), version=(2, 0))
array("version3", grid.astype("<f4"), version=(3, 0))

# What is refused.
numpy.save(os.path.join(folder, "refused-object.npy"), numpy.array([{"a": 1}, None], dtype=object), allow_pickle=True)
numpy.save(os.path.join(folder, "refused-text.npy"), numpy.array(["a", "bc"]))
numpy.save(os.path.join(folder, "refused-record.npy"), numpy.array([(1, 2.0)], dtype=[("a", "<i4"), ("b", "<f8")]))
numpy.save(os.path.join(folder, "refused-large.npy"), numpy.array([2**63], dtype=numpy.uint64))
numpy.savez(os.path.join(folder, "several.npz"), x_train=grid.astype(numpy.float32), y_train=numpy.array([1, 0]))
numpy.savez_compressed(os.path.join(folder, "packed.npz"), x=numpy.zeros((64, 64), dtype=numpy.float32), y=numpy.arange(64))

with open(os.path.join(here, "data.json"), "w") as file:
    versions = {"sklearn": sklearn.__version__, "numpy": numpy.__version__}
    parts = {"versions": versions, "splits": splits, "standard": standard, "tables": tables}
    lines = [f'"{name}":{json.dumps(part, separators=(",", ":"))}' for name, part in parts.items()]
    listed = ",\n".join(json.dumps(a, separators=(",", ":")) for a in arrays)
    file.write("{" + ",\n".join(lines) + f',\n"arrays":[\n{listed}\n]}}\n')
print(len(arrays), "arrays")
