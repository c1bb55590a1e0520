namespace Deeplay.Core

/// How a pad is filled.
[<RequireQualifiedAccess>]
type internal PadFill =
    | Constant of float
    | Reflect
    | Replicate
    | Circular

/// How an image is made larger or smaller.
[<RequireQualifiedAccess>]
type internal Interpolation =
    | Nearest
    | NearestExact
    | Area
    | Linear of alignCorners: bool
    | Cubic of alignCorners: bool

/// Functions that put the elements of tensors into another shape.
[<RequireQualifiedAccess>]
type internal ArrangeOp =
    | Flatten of startDim: int * endDim: int
    | Transpose of dim0: int * dim1: int
    | Permute of dims: int list
    | Movedim of source: int * destination: int
    | Squeeze of dim: int
    | Unsqueeze of dim: int
    | Cat of dim: int
    | Stack of dim: int
    | Diagonal of offset: int * dim1: int * dim2: int
    | Unfold of dim: int * size: int * step: int
    | RepeatInterleave of repeats: int * dim: int
    /// Before and after each dimension, from the last one on.
    | Pad of pads: int list * PadFill
    | OneHot of classes: int
    /// How often each whole number occurs, from 0 to the largest one, and so many at least.
    | Bincount of minLength: int
    /// The first half of a dimension times the sigmoid of the second.
    | Glu of dim: int
    /// The spatial sizes times these.
    | Interpolate of scales: float list * Interpolation

/// Functions that give several tensors.
[<RequireQualifiedAccess>]
type internal SeveralOp =
    | Split of sizes: int list * dim: int
    | Chunk of chunks: int * dim: int
    | Unbind of count: int * dim: int
    | Topk of k: int * dim: int * largest: bool
    | Sort of dim: int * descending: bool
    | MaxAlong of dim: int
    | MinAlong of dim: int
    | Meshgrid of count: int

/// Products of tensors.
[<RequireQualifiedAccess>]
type internal ProductOp =
    | Matmul
    | Bmm
    | Baddbmm
    | Outer
    /// Of a weight, and perhaps a bias.
    | Linear
    | Einsum of equation: string
    /// Of queries, keys and values, and perhaps a mask.
    | Attention of p: float * isCausal: bool
    | CosineSimilarity of dim: int * eps: float
    | Cdist of p: float

/// How several elements that are put in one place become one.
[<RequireQualifiedAccess>]
type internal ScatterReduction =
    | Sum
    | Prod
    | Mean
    | Amax
    | Amin

/// Functions that take or put elements where another tensor says.
[<RequireQualifiedAccess>]
type internal IndexOp =
    | Where
    | MaskedFill of value: float
    | Lerp of weight: float
    | Prelu
    | Gather of dim: int
    | TakeAlongDim of dim: int
    | Scatter of dim: int
    | ScatterAdd of dim: int
    | ScatterReduce of dim: int * ScatterReduction * includeSelf: bool
    | IndexSelect of dim: int
    | IndexAdd of dim: int
    | IndexCopy of dim: int
    | Embedding

/// Functions that sizes are a part of, which may be known when they run alone.
[<RequireQualifiedAccess>]
type internal SizedOp =
    /// One size may be -1: whatever is left over.
    | Reshape
    | Unflatten of dim: int
    /// A size of -1 stays.
    | Expand
    | Repeat
    /// From a start on, so many.
    | Narrow of dim: int
    /// From a start to an end, both as in Python.
    | Slice of dim: int * step: int
    /// From a start to the end, as in Python.
    | SliceFrom of dim: int * step: int
    /// One slice along a dimension, which goes away.
    | Select of dim: int
    /// These are given a tensor to be beside: of its type, on its device.
    | NewFull of value: float
    | Rand
    | Randn
    /// Whole numbers from a start to below an end by a step.
    | Arange
    | Linspace of start: float * stop: float
    /// Ones on the diagonal.
    | Eye
    /// Whole numbers at random, of at least `low` and below `high`.
    | Randint of low: int * high: int
    /// Spatial sizes.
    | Resize of Interpolation

/// A tensor operation of a forward graph.
[<RequireQualifiedAccess>]
type internal Op =
    | Unary of UnaryOp
    | Tuned of TunedOp
    | Binary of BinaryOp
    /// The tensor on the left, the number on the right.
    | WithScalar of BinaryOp * float
    /// The number on the left, the tensor on the right.
    | ScalarWith of BinaryOp * float
    | Reduce of Reduction * dims: int list * keepDim: bool
    | Along of AlongOp
    | Arrange of ArrangeOp
    | Several of SeveralOp
    | Product of ProductOp
    | Index of IndexOp
