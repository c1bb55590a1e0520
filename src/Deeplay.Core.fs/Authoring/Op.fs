namespace Deeplay.FSharp

open Deeplay.Core

/// Tensor operations of a forward function, with PyTorch's names and meanings. `+ - * /` work too.
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Op =
    let private unary op (x: Sym) = Sym.Apply(Unary op, [ x ])
    let private binary op (x: Sym) (y: Sym) = Sym.Apply(Binary op, [ x; y ])

    /// One of several named tensors.
    let get key (tensors: Sym) = Sym.Record(Lookup key, [ tensors ], 1) |> List.exactlyOne

    /// The absolute values.
    let abs x = unary Abs x

    /// e to the power of each element.
    let exp x = unary Exp x

    /// The natural logarithms.
    let log x = unary Log x

    /// The square roots.
    let sqrt x = unary Sqrt x

    /// The squares.
    let square x = unary Square x

    /// One over each element.
    let reciprocal x = unary Reciprocal x

    /// The sines.
    let sin x = unary Sin x

    /// The cosines.
    let cos x = unary Cos x

    /// 1 / (1 + exp(-x)).
    let sigmoid x = unary Sigmoid x

    /// The hyperbolic tangents.
    let tanh x = unary Tanh x

    /// max(x, 0).
    let relu x = unary Relu x

    /// The Gaussian error linear unit, in its exact form.
    let gelu x = unary Gelu x

    /// x · sigmoid(x).
    let silu x = unary Silu x

    /// log(1 + exp(x)).
    let softplus x = unary Softplus x

    /// x to the power of a number.
    let pow (exponent: float) (x: Sym) = Sym.Apply(WithScalar(Pow, exponent), [ x ])

    /// The larger of both, element by element.
    let maximum x y = binary Maximum x y

    /// The smaller of both, element by element.
    let minimum x y = binary Minimum x y

    /// The matrix product, batched where there are more than two dimensions.
    let matmul (x: Sym) (y: Sym) = Sym.Apply(MatMul, [ x; y ])

    let private reduce op dims keep (x: Sym) = Sym.Apply(Reduce(op, dims, keep), [ x ])

    /// The sum over some dimensions; over all of them where none is given.
    let sum dims x = reduce Sum dims false x

    /// The mean over some dimensions; over all of them where none is given.
    let mean dims x = reduce Mean dims false x

    /// The largest element over some dimensions; over all of them where none is given.
    let amax dims x = reduce Max dims false x

    /// The smallest element over some dimensions; over all of them where none is given.
    let amin dims x = reduce Min dims false x

    /// The mean over some dimensions, which stay with size 1.
    let meanKeep dims x = reduce Mean dims true x

    /// exp(x) / sum(exp(x)) along a dimension.
    let softmax dim (x: Sym) = Sym.Apply(Softmax dim, [ x ])

    /// The logarithm of the softmax along a dimension.
    let logSoftmax dim (x: Sym) = Sym.Apply(LogSoftmax dim, [ x ])

    /// The same elements in another shape; one size may be -1.
    let reshape (sizes: int list) (x: Sym) = Sym.Apply(Reshape(sizes |> List.map int64), [ x ])

    /// The dimensions from `startDim` to `endDim` made into one.
    let flatten startDim endDim (x: Sym) = Sym.Apply(Flatten(startDim, endDim), [ x ])

    /// Two dimensions exchanged.
    let transpose dim0 dim1 (x: Sym) = Sym.Apply(Transpose(dim0, dim1), [ x ])

    /// The dimensions in another order.
    let permute dims (x: Sym) = Sym.Apply(Permute dims, [ x ])

    /// A dimension of size 1 taken away.
    let squeeze dim (x: Sym) = Sym.Apply(Squeeze dim, [ x ])

    /// A dimension of size 1 put in.
    let unsqueeze dim (x: Sym) = Sym.Apply(Unsqueeze dim, [ x ])

    /// The tensors joined along a dimension.
    let cat dim (xs: Sym list) = Sym.Apply(Cat dim, xs)

    /// The tensors joined along a new dimension.
    let stack dim (xs: Sym list) = Sym.Apply(Stack dim, xs)

    /// `length` elements of a dimension from `start` on.
    let narrow dim (start: int) (length: int) (x: Sym) = Sym.Apply(Narrow(dim, int64 start, int64 length), [ x ])

    /// One slice along a dimension, which goes away.
    let select dim (index: int) (x: Sym) = Sym.Apply(Select(dim, int64 index), [ x ])
