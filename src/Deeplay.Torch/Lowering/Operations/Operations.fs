namespace Deeplay.Torch

open Deeplay.Core

/// Tensor operations of a forward graph as functions on tensors. Each gives tensors of its own, or the one it was given.
module internal Operations =
    /// The operation as a function, in training mode or not.
    let ofOp training (op: Op) : TensorFunction =
        match op with
        | Op.Unary op -> OfOne(Elementwise.unary op)
        | Op.Tuned op -> OfOne(Elementwise.tuned op)
        | Op.Binary op -> OfTwo(Elementwise.binary op)
        | Op.WithScalar(op, number) -> OfOne(Elementwise.withScalar op number)
        | Op.ScalarWith(op, number) -> OfOne(Elementwise.scalarWith op number)
        | Op.Reduce(op, dims, keep) -> OfOne(Reductions.reduce op dims keep)
        | Op.Along op -> OfOne(Arranging.along op)
        | Op.Arrange op -> Arranging.arrange op
        | Op.Several op -> GivingMany(Arranging.several op)
        | Op.Product op -> Products.product training op
        | Op.Index op -> OfMany(Indexing.index op)
