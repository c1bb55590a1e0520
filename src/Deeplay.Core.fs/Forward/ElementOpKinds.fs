namespace Deeplay.Core

/// The kinds of numbers that functions of elements, reductions and functions along a dimension take and give.
module internal ElementOpKinds =
    open KindRule

    let private b, w, f = ElementKind.Boolean, ElementKind.Whole, ElementKind.Floating

    let unary (op: UnaryOp) : Row =
        match op with
        | UnaryOp.Sign
        | UnaryOp.Square
        | UnaryOp.Detach
        | UnaryOp.Contiguous
        | UnaryOp.ZerosLike
        | UnaryOp.OnesLike -> kept
        | UnaryOp.Neg
        | UnaryOp.Abs
        | UnaryOp.Floor
        | UnaryOp.Ceil
        | UnaryOp.Trunc
        | UnaryOp.Relu
        | UnaryOp.Relu6 -> numbers
        | UnaryOp.Isnan
        | UnaryOp.Isinf
        | UnaryOp.Isfinite
        | UnaryOp.LogicalNot -> bools
        | UnaryOp.Softsign
        | UnaryOp.Tanhshrink -> row None (Some f) f
        | UnaryOp.Round
        | UnaryOp.Frac
        | UnaryOp.LogSigmoid
        | UnaryOp.Selu
        | UnaryOp.Silu
        | UnaryOp.Mish
        | UnaryOp.Gelu
        | UnaryOp.GeluTanh
        | UnaryOp.Softplus
        | UnaryOp.Hardswish
        | UnaryOp.Hardsigmoid
        | UnaryOp.RandLike
        | UnaryOp.RandnLike -> floatsAlone
        | _ -> floats

    let tuned (op: TunedOp) : Row =
        match op with
        | TunedOp.To dtype ->
            let kind = ElementKind.ofDType dtype
            row (Some kind) (Some kind) kind
        | TunedOp.Clamp(None, None)
        | TunedOp.FullLike _ -> kept
        | TunedOp.Threshold _ -> numbers
        // Their bounds are floating-point numbers.
        | TunedOp.Clamp _
        | TunedOp.Hardtanh _
        | TunedOp.NanToNum _ -> floats
        | TunedOp.LeakyRelu _
        | TunedOp.Elu _
        | TunedOp.Celu _
        | TunedOp.Softshrink _
        | TunedOp.Hardshrink _
        | TunedOp.Dropout _ -> floatsAlone

    let both (op: BinaryOp) (x: ElementKind) (y: ElementKind) : Result<ElementKind, ShapeProblem> =
        let promoted = ElementKind.promote x y

        match op with
        | BinaryOp.Add
        | BinaryOp.Mul
        | BinaryOp.Maximum
        | BinaryOp.Minimum -> Ok promoted
        | BinaryOp.Sub when x = b || y = b -> fail "numbers" [ x; y ]
        | BinaryOp.Sub -> Ok promoted
        | BinaryOp.Pow
        | BinaryOp.FloorDivide
        | BinaryOp.Remainder
        | BinaryOp.Fmod -> if promoted = b then fail "numbers" [ x; y ] else Ok promoted
        | BinaryOp.Hypot when promoted = b || promoted = w -> fail (ElementKind.describe f) [ x; y ]
        | BinaryOp.Hypot
        | BinaryOp.Div
        | BinaryOp.Atan2
        | BinaryOp.Xlogy -> Ok f
        | _ -> Ok b

    // The number is a floating-point one.
    let withNumber (op: BinaryOp) (x: ElementKind) : Result<ElementKind, ShapeProblem> =
        match op with
        | BinaryOp.Eq
        | BinaryOp.Ne
        | BinaryOp.Lt
        | BinaryOp.Le
        | BinaryOp.Gt
        | BinaryOp.Ge -> Ok b
        | BinaryOp.Sub when x = b -> fail "numbers" [ x ]
        | _ -> Ok f

    let reduce (op: Reduction) : Row =
        match op with
        | Reduction.Sum
        | Reduction.Prod -> counted
        | Reduction.Max
        | Reduction.Min -> kept
        | Reduction.LogSumExp -> floats
        | Reduction.Mean
        | Reduction.Var _
        | Reduction.Std _
        | Reduction.Norm _ -> floatsAlone
        | Reduction.All
        | Reduction.Any -> bools
        | Reduction.Argmax
        | Reduction.Argmin -> row None (Some w) w

    let along (op: AlongOp) : Row =
        match op with
        | AlongOp.Cumsum _
        | AlongOp.Cumprod _ -> counted
        | AlongOp.Argsort _ -> wholes
        | AlongOp.Flip _
        | AlongOp.Roll _
        | AlongOp.Tril _
        | AlongOp.Triu _ -> kept
        | AlongOp.Softmax _
        | AlongOp.LogSoftmax _
        | AlongOp.Softmin _
        | AlongOp.Logcumsumexp _
        | AlongOp.Normalize _ -> floatsAlone
