namespace Deeplay.Core

// The operations of a forward graph, in families: what a family has in common (a shape rule, a way to be called) is said
// once for all of it. Each has PyTorch's name and meaning; dimensions count from the back where negative. A new one is a
// case here and a function in Authoring; the compiler then asks for its shape and for what computes it.

/// Functions of one tensor, element by element.
[<RequireQualifiedAccess>]
type internal UnaryOp =
    | Neg
    | Abs
    | Sign
    | Exp
    | Exp2
    | Expm1
    | Log
    | Log2
    | Log10
    | Log1p
    | Sqrt
    | Rsqrt
    | Square
    | Reciprocal
    | Sin
    | Cos
    | Tan
    | Asin
    | Acos
    | Atan
    | Sinh
    | Cosh
    | Asinh
    | Acosh
    | Atanh
    | Erf
    | Erfc
    | Erfinv
    | Lgamma
    | Digamma
    | Floor
    | Ceil
    | Round
    | Trunc
    | Frac
    | Sigmoid
    | LogSigmoid
    | Tanh
    | Relu
    | Relu6
    | Selu
    | Silu
    | Mish
    | Gelu
    /// By the tanh approximation.
    | GeluTanh
    | Softplus
    | Softsign
    | Tanhshrink
    | Hardswish
    | Hardsigmoid
    | Isnan
    | Isinf
    | Isfinite
    | LogicalNot
    /// The same numbers, through which no gradient goes.
    | Detach
    /// The same numbers, one after another in memory.
    | Contiguous
    | ZerosLike
    | OnesLike
    | RandLike
    | RandnLike

/// Functions of one tensor, element by element, that numbers are a part of.
[<RequireQualifiedAccess>]
type internal TunedOp =
    | Clamp of min: float option * max: float option
    | LeakyRelu of slope: float
    | Elu of alpha: float
    | Celu of alpha: float
    | Hardtanh of min: float * max: float
    | Softshrink of lambda: float
    | Hardshrink of lambda: float
    | Threshold of threshold: float * value: float
    | NanToNum of nan: float
    | FullLike of value: float
    | To of DType
    /// Elements are zero with this probability, in training mode.
    | Dropout of p: float

/// Functions of two tensors that are broadcast, element by element, or of a tensor and a number.
[<RequireQualifiedAccess>]
type internal BinaryOp =
    | Add
    | Sub
    | Mul
    | Div
    | Pow
    | Maximum
    | Minimum
    | FloorDivide
    | Remainder
    | Fmod
    | Eq
    | Ne
    | Lt
    | Le
    | Gt
    | Ge
    /// Of two tensors alone, as those below.
    | Atan2
    | Hypot
    | Xlogy
    | LogicalAnd
    | LogicalOr
    | LogicalXor

/// Functions that take dimensions away. No dimensions means all of them.
[<RequireQualifiedAccess>]
type internal Reduction =
    | Sum
    | Mean
    | Max
    | Min
    | LogSumExp
    | Var of correction: int
    | Std of correction: int
    | Norm of p: float
    /// Over one dimension or all, as those below.
    | Prod
    | All
    | Any
    | Argmax
    | Argmin

/// Functions of one tensor along some of its dimensions, which change no size.
[<RequireQualifiedAccess>]
type internal AlongOp =
    | Softmax of dim: int
    | LogSoftmax of dim: int
    | Softmin of dim: int
    | Cumsum of dim: int
    | Cumprod of dim: int
    | Logcumsumexp of dim: int
    | Argsort of dim: int * descending: bool
    | Normalize of p: float * dim: int * eps: float
    | Flip of dims: int list
    | Roll of shifts: int list * dims: int list
    | Tril of diagonal: int
    | Triu of diagonal: int

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
