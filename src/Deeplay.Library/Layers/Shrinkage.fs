namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp
open ActivationHelpers

/// `torch.nn.Softplus`: log(1 + exp(beta · x)) / beta, linear where beta · x is above the threshold.
module internal Softplus =
    /// The sharpness.
    let beta = number "beta" 1.0 "The sharpness."

    /// Above it the function is linear.
    let threshold = number "threshold" 20.0 "Above it the function is linear."

    /// Parameters: beta, threshold.
    let definition =
        activation
            "Softplus"
            [ beta; threshold ]
            "log(1 + exp(beta · x)) / beta"
            (Extra.named [ "beta"; "threshold" ])

/// `torch.nn.Softsign`: x / (1 + |x|).
module internal Softsign =
    /// No parameters.
    let definition = activation "Softsign" [] "x / (1 + |x|)" Extra.none

/// `torch.nn.Hardtanh`: x clamped to a range.
module internal Hardtanh =
    /// The least value.
    let minVal = number "min_val" -1.0 "The least value."

    /// The largest value.
    let maxVal = number "max_val" 1.0 "The largest value."

    /// Whether the input is overwritten.
    let inplace = Common.inplace

    /// Parameters: min_val, max_val, inplace.
    let definition =
        activation
            "Hardtanh"
            [ minVal; maxVal; inplace ]
            "x clamped to a range"
            (withInplace (Extra.named [ "min_val"; "max_val" ]))
        // Source: PyTorch, Hardtanh.__init__ asserts max_val > min_val.
        |> Definition.withCheck (fun arguments ->
            if arguments.Get maxVal > arguments.Get minVal then
                []
            else
                [ maxVal, $"above min_val, {arguments.Get minVal}" ])

/// `torch.nn.Hardsigmoid`: x / 6 + 1 / 2 clamped to 0 … 1.
module internal Hardsigmoid =
    /// Whether the input is overwritten.
    let inplace = Common.inplace

    /// Parameters: inplace. PyTorch prints nothing of it.
    let definition = activation "Hardsigmoid" [ inplace ] "x / 6 + 1 / 2 clamped to 0 … 1" Extra.none

/// `torch.nn.Hardswish`: x · Hardsigmoid(x).
module internal Hardswish =
    /// Whether the input is overwritten.
    let inplace = Common.inplace

    /// Parameters: inplace. PyTorch prints nothing of it.
    let definition =
        activation "Hardswish" [ inplace ] "x · Hardsigmoid(x)" Extra.none
        |> Definition.withSource "Howard et al., 2019, Searching for MobileNetV3"

/// `torch.nn.Hardshrink`: x, and 0 where |x| ≤ lambd.
module internal Hardshrink =
    /// The width of what is zeroed.
    let lambd = number "lambd" 0.5 "The width of what is zeroed."

    /// Parameters: lambd.
    let definition =
        activation "Hardshrink" [ lambd ] "x, and 0 where |x| ≤ lambd" (fun arguments ->
            Extra.value arguments "lambd")

/// `torch.nn.Softshrink`: x moved towards 0 by lambd.
module internal Softshrink =
    /// By how much.
    let lambd =
        number "lambd" 0.5 "By how much x is moved towards 0."
        // Source: PyTorch, softshrink: "lambda must be greater or equal to 0".
        |> Param.withCheck "a float of at least 0" (fun lambd -> lambd >= 0.0)

    /// Parameters: lambd.
    let definition =
        activation "Softshrink" [ lambd ] "x moved towards 0 by lambd" (fun arguments ->
            Extra.value arguments "lambd")

/// `torch.nn.Tanhshrink`: x − tanh(x).
module internal Tanhshrink =
    /// No parameters.
    let definition = activation "Tanhshrink" [] "x − tanh(x)" Extra.none

/// `torch.nn.Threshold`: x where it is above the threshold, a value elsewhere.
module internal Threshold =
    /// The threshold.
    let threshold = Param.float "threshold" |> Param.withDocumentation "The threshold."

    /// What stands for everything at or below the threshold.
    let value =
        Param.float "value"
        |> Param.withDocumentation "What stands for everything at or below the threshold."

    /// Whether the input is overwritten.
    let inplace = Common.inplace

    /// Parameters: threshold, value, inplace.
    let definition =
        activation
            "Threshold"
            [ threshold; value; inplace ]
            "x where it is above the threshold, a value elsewhere"
            (withInplace (Extra.named [ "threshold"; "value" ]))

/// The layers of this file.
module internal ShrinkageLayers =
    let all =
        [
            Softplus.definition
            Softsign.definition
            Hardtanh.definition
            Hardsigmoid.definition
            Hardswish.definition
            Hardshrink.definition
            Softshrink.definition
            Tanhshrink.definition
            Threshold.definition
        ]
