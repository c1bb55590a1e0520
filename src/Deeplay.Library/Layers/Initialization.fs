namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// Initializers: what the parameters of built modules are written with. How they are written is said where modules are built.
module internal Initialization =
    /// The names of PyTorch's `calculate_gain`.
    let private nonlinearities =
        let convolutions =
            List.allPairs [ "conv"; "conv_transpose" ] [ "1d"; "2d"; "3d" ] |> List.map (fun (a, b) -> a + b)

        "linear" :: convolutions @ [ "sigmoid"; "tanh"; "relu"; "leaky_relu"; "selu" ]

    /// The names of the parameters that are written: `["weight"]`.
    let tensors =
        Param.list (Param.text "tensors")
        |> Param.withDefault [ "weight" ]
        |> Param.withDocumentation "The names of the parameters that are written."

    let private optional name standard =
        Param.float name
        |> Param.optional
        |> Param.withDefault standard
        |> Param.withDocumentation $"The number written to every {name}; null leaves them as they are."

    /// The number that is written to every `bias`; None leaves them as they are.
    let bias = optional "bias" None

    /// The number that is written to every `weight`; None leaves them as they are.
    let weight = optional "weight" (Some 1.0)

    /// The mean of the normal distribution.
    let mean = Key.number "mean" 0.0 "The mean of the normal distribution."

    /// The standard deviation of the normal distribution.
    let std = Key.notNegative "std" 1.0 "The standard deviation of the normal distribution."

    /// The lower bound of the uniform distribution.
    let low = Key.number "a" 0.0 "The lower bound of the uniform distribution."

    /// The upper bound of the uniform distribution.
    let high = Key.number "b" 1.0 "The upper bound of the uniform distribution."

    /// The factor of a Xavier or orthogonal initializer.
    let gain = Key.number "gain" 1.0 "What the numbers are multiplied by."

    /// The slope of the leaky ReLU that follows.
    let slope = Key.number "a" 0.0 "The slope of the leaky ReLU that follows."

    /// `fan_in` keeps the variance of the forward pass, `fan_out` that of the backward pass.
    let mode =
        Key.choice
            [ "fan_in"; "fan_out" ]
            "mode"
            "fan_in"
            "fan_in keeps the variance of the forward pass, fan_out that of the backward pass."

    /// The nonlinearity that follows.
    let nonlinearity = Key.choice nonlinearities "nonlinearity" "leaky_relu" "The nonlinearity that follows."

    /// Whether a module without such a tensor stays as it is.
    let allowMissing =
        Key.flag "allow_missing" false "Whether a module without such a tensor stays as it is; else that is an error."

    let private action id documentation (parameters: Param list) : ActionDefinition =
        {
            Id = $"initialize_{id}"
            Owner = ""
            Documentation = documentation
            Signature = Signature [ for key in parameters -> key.Parameter ]
            Body = OnParameters
            Saveable = true
        }

    let private drawn id documentation parameters =
        action id documentation (parameters @ [ tensors; bias; allowMissing ])

    let normal = drawn "normal" "Numbers of a normal distribution." [ mean; std ]
    let uniform = drawn "uniform" "Numbers of a uniform distribution." [ low; high ]

    let constant = action "constant" "One number for weights, another for biases." [ weight; bias; allowMissing ]

    let xavierUniform = drawn "xavier_uniform" "Glorot's, uniform." [ gain ]
    let xavierNormal = drawn "xavier_normal" "Glorot's, normal." [ gain ]
    let kaimingUniform = drawn "kaiming_uniform" "He's, uniform." [ slope; mode; nonlinearity ]
    let kaimingNormal = drawn "kaiming_normal" "He's, normal." [ slope; mode; nonlinearity ]
    let orthogonal = drawn "orthogonal" "Orthogonal rows, or columns where there are fewer." [ gain ]

    /// All of them.
    let all =
        [
            normal
            uniform
            constant
            xavierUniform
            xavierNormal
            kaimingUniform
            kaimingNormal
            orthogonal
        ]
