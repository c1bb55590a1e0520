namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

module internal Softplus =
    let beta = Key.number "beta" 1.0 "The sharpness."
    let threshold = Key.number "threshold" 20.0 "Above it the function is linear."
    let definition = Activation.create "Softplus" [ beta; threshold ] "log(1 + exp(beta · x)) / beta"

module internal Softsign =
    let definition = Activation.create "Softsign" [] "x / (1 + |x|)" |> Layer.taking KindRule.floatsOfNumbers

module internal Hardtanh =
    let minVal = Key.number "min_val" -1.0 "The least value."
    let maxVal = Key.number "max_val" 1.0 "The largest value."
    let inplace = Key.inplace

    let definition =
        Activation.create "Hardtanh" [ minVal; maxVal; inplace ] "x clamped to a range"
        |> Layer.taking KindRule.floats
        // Source: PyTorch, Hardtanh.__init__ asserts max_val > min_val.
        |> Definition.withCheck (fun a ->
            if a.Get maxVal > a.Get minVal then [] else [ maxVal, $"above min_val, {string (a.Get minVal)}" ])

// PyTorch prints nothing of `inplace` for these two.
module internal Hardsigmoid =
    let inplace = Key.inplace

    let definition =
        Activation.create "Hardsigmoid" [ inplace ] "x / 6 + 1 / 2 clamped to 0 … 1"
        |> Definition.withExtra (fun _ -> "")

module internal Hardswish =
    let inplace = Key.inplace

    let definition =
        Activation.create "Hardswish" [ inplace ] "x · Hardsigmoid(x)"
        |> Definition.withExtra (fun _ -> "")
        |> Definition.withSource "Howard et al., 2019, Searching for MobileNetV3"

module internal Hardshrink =
    let lambd = Key.number "lambd" 0.5 "The width of what is zeroed."

    let definition =
        Activation.create "Hardshrink" [ lambd ] "x, and 0 where |x| ≤ lambd"
        |> Definition.withExtra (fun a -> Extra.value a "lambd")

module internal Softshrink =
    // Source: PyTorch, softshrink: "lambda must be greater or equal to 0".
    let lambd = Key.notNegative "lambd" 0.5 "By how much x is moved towards 0."

    let definition =
        Activation.create "Softshrink" [ lambd ] "x moved towards 0 by lambd"
        |> Definition.withExtra (fun a -> Extra.value a "lambd")

module internal Tanhshrink =
    let definition = Activation.create "Tanhshrink" [] "x − tanh(x)" |> Layer.taking KindRule.floatsOfNumbers

module internal Threshold =
    let threshold = Param.float "threshold" |> Param.withDocumentation "The threshold."

    let value =
        Param.float "value"
        |> Param.withDocumentation "What stands for everything at or below the threshold."

    let inplace = Key.inplace

    let definition =
        Activation.create
            "Threshold"
            [ threshold; value; inplace ]
            "x where it is above the threshold, a value elsewhere"
        |> Layer.taking KindRule.numbers
        |> Definition.withExample [ threshold => 0.1; value => 0.0 ] [ Example.tensor [ 2; 8 ] ]
