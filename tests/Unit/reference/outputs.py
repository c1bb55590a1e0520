"""What a layer of PyTorch gives, as a list of tensors: an LSTM holds its two states together."""


def flat(outputs):
    return [x for part in outputs for x in flat(part)] if isinstance(outputs, tuple) else [outputs]
