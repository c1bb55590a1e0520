namespace Deeplay.Torch

open System
open Deeplay.Core
open TorchSharp

/// What is done element by element.
module internal Elementwise =
    // TorchSharp's adds a number that it does not hold.
    let private softsign (x: Tensor) =
        use size = x.abs ()
        use more = Numbers.plus Numbers.one size
        x.div more

    let private tanhshrink (x: Tensor) =
        use tanh = x.tanh ()
        x.sub tanh

    let unary (op: UnaryOp) : Tensor -> Tensor =
        match op with
        | UnaryOp.Neg -> fun x -> x.neg ()
        | UnaryOp.Abs -> fun x -> x.abs ()
        | UnaryOp.Sign -> fun x -> x.sign ()
        | UnaryOp.Exp -> fun x -> x.exp ()
        | UnaryOp.Exp2 -> fun x -> x.exp2 ()
        | UnaryOp.Expm1 -> fun x -> x.expm1 ()
        | UnaryOp.Log -> fun x -> x.log ()
        | UnaryOp.Log2 -> fun x -> x.log2 ()
        | UnaryOp.Log10 -> fun x -> x.log10 ()
        | UnaryOp.Log1p -> fun x -> x.log1p ()
        | UnaryOp.Sqrt -> fun x -> x.sqrt ()
        | UnaryOp.Rsqrt -> fun x -> x.rsqrt ()
        | UnaryOp.Square -> fun x -> x.mul x
        | UnaryOp.Reciprocal -> fun x -> x.reciprocal ()
        | UnaryOp.Sin -> fun x -> x.sin ()
        | UnaryOp.Cos -> fun x -> x.cos ()
        | UnaryOp.Tan -> fun x -> x.tan ()
        | UnaryOp.Asin -> fun x -> x.asin ()
        | UnaryOp.Acos -> fun x -> x.acos ()
        | UnaryOp.Atan -> fun x -> x.atan ()
        | UnaryOp.Sinh -> fun x -> x.sinh ()
        | UnaryOp.Cosh -> fun x -> x.cosh ()
        | UnaryOp.Asinh -> fun x -> x.asinh ()
        | UnaryOp.Acosh -> fun x -> x.acosh ()
        | UnaryOp.Atanh -> fun x -> x.atanh ()
        | UnaryOp.Erf -> fun x -> x.erf ()
        | UnaryOp.Erfc -> fun x -> x.erfc ()
        | UnaryOp.Erfinv -> fun x -> x.erfinv ()
        | UnaryOp.Lgamma -> fun x -> x.lgamma ()
        | UnaryOp.Digamma -> fun x -> x.digamma ()
        | UnaryOp.Floor -> fun x -> x.floor ()
        | UnaryOp.Ceil -> fun x -> x.ceil ()
        | UnaryOp.Round -> fun x -> x.round ()
        | UnaryOp.Trunc -> fun x -> x.trunc ()
        | UnaryOp.Frac -> fun x -> x.frac ()
        | UnaryOp.Sigmoid -> fun x -> x.sigmoid ()
        | UnaryOp.LogSigmoid -> fun x -> torch.nn.functional.logsigmoid x
        | UnaryOp.Tanh -> fun x -> x.tanh ()
        | UnaryOp.Relu -> fun x -> x.relu ()
        | UnaryOp.Relu6 -> fun x -> x.relu6 ()
        | UnaryOp.Selu -> fun x -> x.selu ()
        | UnaryOp.Silu -> fun x -> torch.nn.functional.silu x
        | UnaryOp.Mish -> fun x -> torch.nn.functional.mish x
        | UnaryOp.Gelu -> fun x -> torch.nn.functional.gelu x
        | UnaryOp.GeluTanh -> fun x -> torch.nn.functional.gelu (x, Modules.GELU.Approximate.tanh)
        | UnaryOp.Softplus -> fun x -> torch.nn.functional.softplus x
        | UnaryOp.Softsign -> softsign
        | UnaryOp.Tanhshrink -> tanhshrink
        | UnaryOp.Hardswish -> fun x -> x.hardswish ()
        | UnaryOp.Hardsigmoid -> fun x -> x.hardsigmoid ()
        | UnaryOp.Isnan -> fun x -> x.isnan ()
        | UnaryOp.Isinf -> fun x -> x.isinf ()
        | UnaryOp.Isfinite -> fun x -> x.isfinite ()
        | UnaryOp.LogicalNot -> fun x -> x.logical_not ()
        | UnaryOp.Detach -> fun x -> x.detach ()
        | UnaryOp.Contiguous -> fun x -> x.contiguous ()
        | UnaryOp.ZerosLike -> fun x -> x.zeros_like ()
        | UnaryOp.OnesLike -> fun x -> x.ones_like ()
        | UnaryOp.RandLike -> fun x -> x.rand_like ()
        | UnaryOp.RandnLike -> fun x -> x.randn_like ()

    let tuned (op: TunedOp) : Tensor -> Tensor =
        match op with
        | TunedOp.Clamp(Some low, Some high) -> Numbers.givenTwo low high (fun low high x -> x.clamp (low, high))
        | TunedOp.Clamp(Some low, None) -> Numbers.given low (fun low x -> x.clamp_min low)
        | TunedOp.Clamp(None, Some high) -> Numbers.given high (fun high x -> x.clamp_max high)
        | TunedOp.Clamp(None, None) -> fun x -> x.alias ()
        | TunedOp.LeakyRelu slope -> Numbers.given slope (fun slope x -> x.leaky_relu slope)
        | TunedOp.Elu alpha -> Numbers.given alpha (fun alpha x -> x.elu (alpha, Numbers.one, Numbers.one))
        | TunedOp.Celu alpha -> Numbers.given alpha (fun alpha x -> x.celu alpha)
        | TunedOp.Hardtanh(low, high) -> Numbers.givenTwo low high (fun low high x -> x.clamp (low, high))
        | TunedOp.Softshrink lambda -> fun x -> torch.nn.functional.softshrink (x, lambda)
        | TunedOp.Hardshrink lambda -> fun x -> torch.nn.functional.hardshrink (x, lambda)
        | TunedOp.Threshold(at, value) -> Numbers.givenTwo at value (fun at value x -> x.threshold (at, value))
        | TunedOp.NanToNum nan -> fun x -> x.nan_to_num nan
        | TunedOp.FullLike value -> Numbers.given value (fun value x -> x.full_like value)
        | TunedOp.To dtype ->
            let dtype = DTypes.toTorch dtype
            fun x -> x.to_type dtype
        // In training mode: in evaluation mode there is nothing to do, and nobody asks.
        | TunedOp.Dropout p -> fun x -> torch.nn.functional.dropout (x, p, true)

    let binary (op: BinaryOp) : Tensor -> Tensor -> Tensor =
        match op with
        | BinaryOp.Add -> Numbers.add
        | BinaryOp.Sub -> fun x y -> x.sub y
        | BinaryOp.Mul -> fun x y -> x.mul y
        | BinaryOp.Div -> fun x y -> x.div y
        | BinaryOp.Pow -> fun x y -> x.pow y
        | BinaryOp.Maximum -> fun x y -> torch.maximum (x, y)
        | BinaryOp.Minimum -> fun x y -> torch.minimum (x, y)
        | BinaryOp.FloorDivide -> fun x y -> x.div (y, torch.RoundingMode.floor)
        | BinaryOp.Remainder -> fun x y -> x.remainder y
        | BinaryOp.Fmod -> fun x y -> x.fmod y
        | BinaryOp.Eq -> fun x y -> x.eq y
        | BinaryOp.Ne -> fun x y -> x.ne y
        | BinaryOp.Lt -> fun x y -> x.lt y
        | BinaryOp.Le -> fun x y -> x.le y
        | BinaryOp.Gt -> fun x y -> x.gt y
        | BinaryOp.Ge -> fun x y -> x.ge y
        | BinaryOp.Atan2 -> fun x y -> x.atan2 y
        | BinaryOp.Hypot -> fun x y -> x.hypot y
        | BinaryOp.Xlogy -> fun x y -> x.xlogy y
        | BinaryOp.LogicalAnd -> fun x y -> x.logical_and y
        | BinaryOp.LogicalOr -> fun x y -> x.logical_or y
        | BinaryOp.LogicalXor -> fun x y -> x.logical_xor y

    let private alone op : Tensor -> Tensor = invalidOp $"{op} takes no number"

    let withScalar (op: BinaryOp) (value: float) : Tensor -> Tensor =
        let given = Numbers.given value

        match op with
        | BinaryOp.Add -> given Numbers.plus
        | BinaryOp.Sub -> given (fun s x -> x.sub s)
        | BinaryOp.Mul -> given (fun s x -> x.mul s)
        | BinaryOp.Div -> given (fun s x -> x.div s)
        | BinaryOp.Pow -> given (fun s x -> x.pow s)
        | BinaryOp.Maximum -> given (fun s x -> x.clamp_min s)
        | BinaryOp.Minimum -> given (fun s x -> x.clamp_max s)
        | BinaryOp.FloorDivide -> given (fun s x -> x.div (s, torch.RoundingMode.floor))
        | BinaryOp.Remainder -> given (fun s x -> x.remainder s)
        | BinaryOp.Fmod -> given (fun s x -> x.fmod s)
        | BinaryOp.Eq -> given (fun s x -> x.eq s)
        | BinaryOp.Ne -> given (fun s x -> x.ne s)
        | BinaryOp.Lt -> given (fun s x -> x.lt s)
        | BinaryOp.Le -> given (fun s x -> x.le s)
        | BinaryOp.Gt -> given (fun s x -> x.gt s)
        | BinaryOp.Ge -> given (fun s x -> x.ge s)
        | BinaryOp.Atan2
        | BinaryOp.Hypot
        | BinaryOp.Xlogy
        | BinaryOp.LogicalAnd
        | BinaryOp.LogicalOr
        | BinaryOp.LogicalXor -> alone op

    // There is no operation with the number on the left. What stands in for it promotes types as a number does: whole
    // numbers become floats where they must.
    let scalarWith (op: BinaryOp) (value: float) : Tensor -> Tensor =
        match op with
        | BinaryOp.Add
        | BinaryOp.Mul
        | BinaryOp.Maximum
        | BinaryOp.Minimum
        | BinaryOp.Eq
        | BinaryOp.Ne -> withScalar op value
        | BinaryOp.Lt -> withScalar BinaryOp.Gt value
        | BinaryOp.Le -> withScalar BinaryOp.Ge value
        | BinaryOp.Gt -> withScalar BinaryOp.Lt value
        | BinaryOp.Ge -> withScalar BinaryOp.Le value
        | BinaryOp.Sub ->
            Numbers.given value (fun s x ->
                use negative = x.neg ()
                Numbers.plus s negative)
        | BinaryOp.Div ->
            Numbers.given value (fun s x ->
                use inverse = x.reciprocal ()
                inverse.mul s)
        | BinaryOp.Pow ->
            fun x ->
                let kind = if x.is_floating_point () then x.dtype else torch.ScalarType.Float32
                use left = torch.tensor (value, Nullable kind, x.device)
                left.pow x
        | _ -> alone op
