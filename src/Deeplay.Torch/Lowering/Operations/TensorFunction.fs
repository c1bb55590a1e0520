namespace Deeplay.Torch

/// A function of one tensor, of two, of several, or one that gives several.
[<NoEquality; NoComparison>]
type internal TensorFunction =
    | OfOne of (Tensor -> Tensor)
    | OfTwo of (Tensor -> Tensor -> Tensor)
    | OfMany of (Tensor[] -> Tensor)
    | GivingMany of (Tensor[] -> Tensor[])
