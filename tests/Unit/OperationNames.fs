/// The operations of reference/operations.py by the names they have there, written as a user writes them.
module Deeplay.Tests.OperationNames

open System
open Deeplay.Core
open Deeplay.FSharp

let private unary: Map<string, Sym -> Sym> =
    Map.ofList
        [
            "neg", (~-)
            "abs", Op.abs
            "sign", Op.sign
            "exp", Op.exp
            "exp2", Op.exp2
            "expm1", Op.expm1
            "log", Op.log
            "log2", Op.log2
            "log10", Op.log10
            "log1p", Op.log1p
            "sqrt", Op.sqrt
            "rsqrt", Op.rsqrt
            "square", Op.square
            "reciprocal", Op.reciprocal
            "sin", Op.sin
            "cos", Op.cos
            "tan", Op.tan
            "asin", Op.asin
            "acos", Op.acos
            "atan", Op.atan
            "sinh", Op.sinh
            "cosh", Op.cosh
            "tanh", Op.tanh
            "asinh", Op.asinh
            "acosh", (fun x -> Op.acosh (x + 1.0))
            "atanh", Op.atanh
            "erf", Op.erf
            "erfc", Op.erfc
            "erfinv", Op.erfinv
            "lgamma", Op.lgamma
            "digamma", Op.digamma
            "floor", Op.floor
            "ceil", Op.ceil
            "round", Op.round
            "trunc", Op.trunc
            "frac", Op.frac
            "isnan", Op.isnan
            "isinf", Op.isinf
            "isfinite", Op.isfinite
            "logical_not", Op.logicalNot
            "detach", Op.detach
            "contiguous", Op.contiguous
            "sigmoid", Op.sigmoid
            "logsigmoid", Op.logSigmoid
            "relu", Op.relu
            "relu6", Op.relu6
            "selu", Op.selu
            "silu", Op.silu
            "mish", Op.mish
            "gelu", Op.gelu
            "gelu_tanh", Op.geluTanh
            "softplus", Op.softplus
            "softsign", Op.softsign
            "tanhshrink", Op.tanhshrink
            "hardswish", Op.hardswish
            "hardsigmoid", Op.hardsigmoid
            "zeros_like", Op.zerosLike
            "ones_like", Op.onesLike
            "full_like", Op.fullLike 2.5
            "clamp", Op.clamp -1.5 2.0
            "clamp_min", Op.clampMin 0.5
            "clamp_max", Op.clampMax 0.5
            "leaky_relu", Op.leakyRelu 0.2
            "elu", Op.elu 0.7
            "celu", Op.celu 0.7
            "hardtanh", Op.hardtanh -2.0 1.0
            "softshrink", Op.softshrink 0.7
            "hardshrink", Op.hardshrink 0.7
            "threshold", Op.threshold 0.3 -1.0
            "nan_to_num", (Op.sqrt >> Op.detach >> Op.nanToNum 7.0)
            "to_int64", Op.toDType DType.Int64
            "to_bool", Op.toDType DType.Bool
            "to_float64", Op.toDType DType.Float64
            "eq_scalar", Op.eqScalar 0.7
            "ne_scalar", Op.neScalar 0.7
            "lt_scalar", Op.ltScalar 0.7
            "le_scalar", Op.leScalar 0.7
            "gt_scalar", Op.gtScalar 0.7
            "ge_scalar", Op.geScalar 0.7
            "remainder_scalar", Op.remainderScalar 0.7
            "fmod_scalar", Op.fmodScalar 0.7
            "floor_divide_scalar", Op.floorDivideScalar 0.7
            "pow_scalar", Op.pow 0.7
            "one_hot", Op.oneHot 4
            "bincount", Op.bincount 6
            "bincount_of_all", Op.bincount 0
            "var_with", Op.varWith 3 [ 0; 2 ]
            "std_with", Op.stdWith 0 [ 0; 2 ]
            "norm_1.0", Op.norm 1.0 [ 0; 2 ]
            "norm_2.0", Op.norm 2.0 [ 0; 2 ]
            "norm_3.0", Op.norm 3.0 [ 0; 2 ]
            "norm_inf", Op.norm infinity [ 0; 2 ]
            "norm_keep", Op.normKeep 2.0 [ -1 ]
            "norm_all", Op.norm 2.0 []
            "prod_1", Op.prod [ 1 ]
            "prod_all", Op.prod []
            "argmax_1", Op.argmax [ 1 ]
            "argmax_all", Op.argmax []
            "argmax_keep", Op.argmaxKeep [ -1 ]
            "argmin_1", Op.argmin [ 1 ]
            "argmin_all", Op.argmin []
            "all_1", Op.all [ 1 ]
            "all_all", Op.all []
            "any_1", Op.any [ 1 ]
            "any_all", Op.any []
            "normalize_with", Op.normalizeWith 1.0 0 1e-3
            "argsort", Op.argsort -1 true
            "flip", Op.flip [ 0; -1 ]
            "roll", Op.roll [ 1; -2 ] [ 0; 1 ]
            "tril", Op.tril 1
            "triu", Op.triu -1
            "reshape", Op.reshape [ 3; -1 ]
            "unflatten", Op.unflatten -1 [ 3; 2 ]
            "expand", Op.expand [ 2; -1; 4 ]
            "repeat", Op.repeat [ 2; 1; 2 ]
            "narrow", Op.narrow 1 1 3
            "slice", Op.slice 1 1 -1 2
            "slice_from", Op.sliceFrom 1 -3 2
            "select", Op.select 1 -1
            "flatten", Op.flatten 1 -2
            "transpose", Op.transpose 0 -1
            "permute", Op.permute [ 2; 0; 1 ]
            "movedim", Op.movedim 0 -1
            "squeeze", Op.squeeze 1
            "unsqueeze", Op.unsqueeze -1
            "diagonal", Op.diagonal 1 0 1
            "unfold", Op.unfold 1 3 2
            "repeat_interleave", Op.repeatInterleave 2 1
            "pad", Op.pad [ 1; 2; 0; 1 ] 0.5
            "pad_reflect", Op.padWith "reflect" [ 1; 2 ]
            "pad_replicate", Op.padWith "replicate" [ 1; 2 ]
            "pad_circular", Op.padWith "circular" [ 1; 2 ]
            "glu", Op.glu -1
            "interpolate_nearest", Op.interpolate [ 5; 6 ] "nearest" false
            "interpolate_bilinear", Op.interpolate [ 5; 6 ] "bilinear" false
            "interpolate_linear", Op.interpolate [ 7 ] "linear" true
            "interpolate_bicubic", Op.interpolate [ 5; 6 ] "bicubic" false
            "interpolate_area", Op.interpolate [ 2; 2 ] "area" false
            "interpolate_by", Op.interpolateBy [ 2.0; 1.5 ] "nearest" false
            "new_zeros", Op.newZeros [ 4; 1 ]
            "new_full", Op.newFull [ 2; 2 ] 3.0
            "arange", Op.arange 1 8 3
            "arange_size", (fun x -> Op.arange (Op.size 0 x) (Op.size -1 x * 2 + 1) 1 x)
            "linspace", Op.linspace -1.0 1.0 5
            "eye", Op.eye 2 3
            "size_reshape", (fun x -> x |> Op.reshape [ Op.size 0 x * Op.size 1 x; Op.size -1 x / 2; Op.int 2 ])
            "size_narrow", (fun x -> x |> Op.narrow 1 (Op.size 1 x - 2) 2)
        ]

let private binary: Map<string, Sym -> Sym -> Sym> =
    Map.ofList
        [
            "add", (+)
            "sub", (-)
            "mul", (*)
            "div", (/)
            "maximum", Op.maximum
            "minimum", Op.minimum
            "pow", Op.powTensor
            "floor_divide", Op.floorDivide
            "remainder", Op.remainder
            "fmod", Op.fmod
            "eq", Op.eq
            "ne", Op.ne
            "lt", Op.lt
            "le", Op.le
            "gt", Op.gt
            "ge", Op.ge
            "atan2", Op.atan2
            "hypot", Op.hypot
            "xlogy", Op.xlogy
            "logical_and", Op.logicalAnd
            "logical_or", Op.logicalOr
            "logical_xor", Op.logicalXor
            "lerp", (fun x y -> Op.lerp x y 0.3)
            "prelu", Op.prelu
            "gather", Op.gather 0
            "gather_last", Op.gather -1
            "take_along_dim", Op.takeAlongDim 1
            "index_select", Op.indexSelect 0
            "index_select_last", Op.indexSelect -1
            "embedding", Op.embedding
            "cat", (fun x y -> Op.cat 0 [ x; y ])
            "stack", (fun x y -> Op.stack -1 [ x; y ])
            "matmul", Op.matmul
            "bmm", Op.bmm
            "outer", Op.outer
            "linear_without_bias", Op.linearWithoutBias
            "cosine_similarity", Op.cosineSimilarity -1
            "cdist", Op.cdist 2.0
            "size_expand", (fun x y -> y |> Op.expand [ Op.size 0 x; Op.int -1 ])
        ]

let private ternary: Map<string, Sym -> Sym -> Sym -> Sym> =
    Map.ofList
        [
            "where", Op.where
            "scatter", Op.scatter 0
            "scatter_add", Op.scatterAdd 0
            for reduce in [ "sum"; "prod"; "mean"; "amax"; "amin" ] do
                $"scatter_{reduce}", Op.scatterReduce 0 reduce false
                $"scatter_{reduce}_last", Op.scatterReduce -1 reduce true
            "index_add", Op.indexAdd 0
            "index_copy", Op.indexCopy 0
            "baddbmm", Op.baddbmm
            "linear", Op.linear
            "attention", Op.scaledDotProductAttention 0.0 false
            "attention_causal", Op.scaledDotProductAttention 0.0 true
        ]

let private several: Map<string, Sym list -> Sym list> =
    let pair (values, places) = [ values; places ]

    Map.ofList
        [
            "topk", (List.exactlyOne >> Op.topk 2 -1 >> pair)
            "bottomk", (List.exactlyOne >> Op.bottomk 2 0 >> pair)
            "sort", (List.exactlyOne >> Op.sort 0 true >> pair)
            "max", (List.exactlyOne >> Op.max 1 >> pair)
            "min", (List.exactlyOne >> Op.min 0 >> pair)
            "split", (List.exactlyOne >> Op.split [ 2; 3 ] 1)
            "chunk", (List.exactlyOne >> Op.chunk 3 0)
            "unbind", (List.exactlyOne >> Op.unbind 3 1)
            "meshgrid", Op.meshgrid
            "attention_masked", (fun xs -> [ Op.maskedAttention 0.0 xs[0] xs[1] xs[2] xs[3] ])
        ]

// `sum_0,2k` is the sum over the dimensions 0 and 2, which stay; `softmax_-1` is along the last one.
let private reductions =
    Map.ofList
        [
            "sum", (Op.sum, Op.sumKeep)
            "mean", (Op.mean, Op.meanKeep)
            "amax", (Op.amax, Op.amaxKeep)
            "amin", (Op.amin, Op.aminKeep)
            "logsumexp", (Op.logsumexp, Op.logsumexpKeep)
            "var", (Op.var, Op.varKeep 1)
            "std", (Op.std, Op.stdKeep 1)
        ]

let private along =
    Map.ofList
        [
            "softmax", Op.softmax
            "log_softmax", Op.logSoftmax
            "softmin", Op.softmin
            "cumsum", Op.cumsum
            "cumprod", Op.cumprod
            "logcumsumexp", Op.logcumsumexp
            "normalize", Op.normalize
        ]

/// The operation of this name, over the inputs of a case.
let operation (name: string) (inputs: Sym list) : Sym list =
    match unary.TryFind name, binary.TryFind name, ternary.TryFind name, several.TryFind name, inputs with
    | Some f, _, _, _, [ x ] -> [ f x ]
    | _, Some f, _, _, [ x; y ] -> [ f x y ]
    | _, _, Some f, _, [ x; y; z ] -> [ f x y z ]
    | _, _, _, Some f, _ -> f inputs
    | _ when name = "masked_fill" -> [ Op.maskedFill inputs[0] inputs[1] -2.5 ]
    | _ when name = "masked_fill_infinite" -> [ Op.maskedFill inputs[0] inputs[1] -infinity ]
    | _ when name.StartsWith("einsum_", StringComparison.Ordinal) -> [ Op.einsum (name.Substring 7) inputs ]
    | _ ->
        let at = name.LastIndexOf '_'
        let stem, dims = name.Substring(0, at), name.Substring(at + 1)

        match reductions.TryFind stem, along.TryFind stem with
        | Some(plain, keeping), _ ->
            let numbers = dims.TrimEnd 'k'
            let dims' = if numbers = "all" then [] else numbers.Split ',' |> Array.map int |> List.ofArray
            [ (if dims.EndsWith 'k' then keeping else plain) dims' inputs.Head ]
        | _, Some f -> [ f (int dims) inputs.Head ]
        | _ -> failwith $"{name} is no operation of these tests"
