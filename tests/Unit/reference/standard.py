"""Layers that PyTorch has not, as scikit-learn's StandardScaler computes them: along one dimension, with mean and standard
deviation given."""

import numpy
import torch
from sklearn.preprocessing import StandardScaler
from torch import nn


def layer(kind, method):
    def init(self, mean, std, dim=1):
        nn.Module.__init__(self)
        self.dim = dim
        self.register_buffer("mean", torch.tensor(mean))
        self.register_buffer("std", torch.tensor(std))

    def forward(self, x):
        scaler = StandardScaler()
        scaler.mean_ = self.mean.double().numpy()
        scaler.scale_ = self.std.double().numpy()
        moved = numpy.moveaxis(x.double().numpy(), self.dim, -1)
        rows = getattr(scaler, method)(moved.reshape(-1, moved.shape[-1]))
        return torch.tensor(numpy.moveaxis(rows.reshape(moved.shape), -1, self.dim)).float()

    setattr(nn, kind, type(kind, (nn.Module,), {"__init__": init, "forward": forward}))


layer("Standardize", "transform")
layer("Unstandardize", "inverse_transform")
