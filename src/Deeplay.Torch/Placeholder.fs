namespace Deeplay.Torch

module internal Placeholder =
    let here = true
