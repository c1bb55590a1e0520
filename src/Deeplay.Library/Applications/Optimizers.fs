namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// Optimizers, as specs: they are configured like any module, and made over the parameters when training starts.
/// Parameters and defaults are PyTorch's.
module internal Optimizers =
    let private notNegative (key: Param<float>) =
        Param.withCheck "a float of at least 0" (fun x -> x >= 0.0) key

    /// The step size.
    let lr =
        Param.float "lr"
        |> Param.withDefault 1e-3
        |> notNegative
        |> Param.withDocumentation "The step size."

    /// The decay rates of the two running means of Adam.
    let betas =
        Param.list (Param.float "betas")
        |> Param.withDefault [ 0.9; 0.999 ]
        |> Param.withCheck "two floats from 0 to below 1" (fun b ->
            b.Length = 2 && b |> List.forall (fun x -> x >= 0.0 && x < 1.0))
        |> Param.withDocumentation "The decay rates of the two running means of Adam."

    /// What is added to a denominator against division by zero.
    let eps =
        Param.float "eps"
        |> Param.withDefault 1e-8
        |> notNegative
        |> Param.withDocumentation "What is added to a denominator against division by zero."

    /// How strongly weights are drawn to zero.
    let weightDecay =
        Param.float "weight_decay"
        |> Param.withDefault 0.0
        |> notNegative
        |> Param.withDocumentation "How strongly weights are drawn to zero."

    /// Whether the largest second moment so far is used.
    let amsgrad =
        Param.bool "amsgrad"
        |> Param.withDefault false
        |> Param.withDocumentation "Whether the largest second moment so far is used."

    /// Whether the loss is maximized.
    let maximize =
        Param.bool "maximize"
        |> Param.withDefault false
        |> Param.withDocumentation "Whether the loss is maximized."

    /// How much of the last step is kept.
    let momentum =
        Param.float "momentum"
        |> Param.withDefault 0.0
        |> notNegative
        |> Param.withDocumentation "How much of the last step is kept."

    /// How much of a gradient momentum leaves out.
    let dampening =
        Param.float "dampening"
        |> Param.withDefault 0.0
        |> Param.withDocumentation "How much of a gradient momentum leaves out."

    /// Whether Nesterov's momentum is used.
    let nesterov =
        Param.bool "nesterov"
        |> Param.withDefault false
        |> Param.withDocumentation "Whether Nesterov's momentum is used."

    /// RMSprop's smoothing constant.
    let alpha =
        Param.float "alpha"
        |> Param.withDefault 0.99
        |> notNegative
        |> Param.withDocumentation "RMSprop's smoothing constant."

    /// Whether the gradient's mean is taken out.
    let centered =
        Param.bool "centered"
        |> Param.withDefault false
        |> Param.withDocumentation "Whether the gradient's mean is taken out."

    let private noForward: ShapeRule =
        fun _ inputs ->
            Error
                { Expected = "no call: an optimizer has no forward pass"; Found = $"{inputs.Length} inputs" }

    /// What all optimizers are special cases of.
    let definition =
        Definition.primitive "Optimizer" [] noForward
        |> Definition.withDocumentation "What all optimizers are special cases of."

    let private make id (parameters: Param list) source documentation =
        Definition.primitive id parameters noForward
        |> Definition.withBase definition
        |> Definition.withDocumentation documentation
        |> Definition.withShapes "no forward pass"
        |> Definition.withSource $"torch.optim.{id}"
        |> Definition.withSource source
        |> Definition.withPositional [ lr ]

    /// Adam (Kingma and Ba, 2015).
    let adamDefinition =
        make
            "Adam"
            [ lr; betas; eps; weightDecay; amsgrad; maximize ]
            "Kingma and Ba, 2015, Adam"
            "Adam: steps scaled by running means of the gradient and of its square."

    /// AdamW (Loshchilov and Hutter, 2019). Its weight decay is 0.01, as PyTorch's.
    let adamWDefinition =
        let decay = weightDecay |> Param.withDefault 0.01

        make
            "AdamW"
            [ lr; betas; eps; decay; amsgrad; maximize ]
            "Loshchilov and Hutter, 2019, Decoupled Weight Decay Regularization"
            "Adam with decoupled weight decay."

    /// Stochastic gradient descent. Its step size is 0.001, as in newer versions of PyTorch.
    let sgdDefinition =
        make
            "SGD"
            [ lr; momentum; dampening; weightDecay; nesterov; maximize ]
            "Sutskever et al., 2013, On the importance of initialization and momentum in deep learning"
            "Stochastic gradient descent, with momentum where wanted."
        // Source: PyTorch, SGD.__init__: "Nesterov momentum requires a momentum and zero dampening".
        |> Definition.withCheck (fun arguments ->
            let fits =
                not (arguments.Get nesterov)
                || (arguments.Get momentum > 0.0 && arguments.Get dampening = 0.0)

            if fits then [] else [ nesterov, "False where there is no momentum, or dampening" ])

    /// RMSprop (Hinton's lecture notes, 2012). Its step size is 0.01, as PyTorch's.
    let rmsPropDefinition =
        let rate = lr |> Param.withDefault 0.01

        make
            "RMSprop"
            [ rate; alpha; eps; weightDecay; momentum; centered; maximize ]
            "Hinton, 2012, Neural Networks for Machine Learning, lecture 6"
            "RMSprop: steps divided by a running root mean square of the gradient."

    /// Every optimizer there is.
    let all = [ adamDefinition; adamWDefinition; sgdDefinition; rmsPropDefinition ]
