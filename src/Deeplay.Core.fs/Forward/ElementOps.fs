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
