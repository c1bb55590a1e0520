namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// Optimizers, as specs: they are configured like any module, and made over the parameters when training starts.
/// Parameters and defaults are PyTorch's.
[<Group "Optimizers">]
module internal Optimizers =
    let lr = Key.notNegative "lr" 1e-3 "The step size."

    let betas =
        Param.list (Param.float "betas")
        |> Param.withDefault [ 0.9; 0.999 ]
        |> Param.withCheck "two floats from 0 to below 1" (fun b ->
            b.Length = 2 && b |> List.forall (fun x -> x >= 0.0 && x < 1.0))
        |> Param.withDocumentation "The decay rates of the two running means of Adam."

    let eps = Key.notNegative "eps" 1e-8 "What is added to a denominator against division by zero."
    let weightDecay = Key.notNegative "weight_decay" 0.0 "How strongly weights are drawn to zero."
    let amsgrad = Key.flag "amsgrad" false "Whether the largest second moment so far is used."
    let maximize = Key.flag "maximize" false "Whether the loss is maximized."
    let momentum = Key.notNegative "momentum" 0.0 "How much of the last step is kept."
    let dampening = Key.number "dampening" 0.0 "How much of a gradient momentum leaves out."
    let nesterov = Key.flag "nesterov" false "Whether Nesterov's momentum is used."

    let decoupledWeightDecay =
        Key.flag
            "decoupled_weight_decay"
            false
            "Whether weights are drawn to zero apart from the gradient, as AdamW does."

    let momentumDecay = Key.notNegative "momentum_decay" 4e-3 "How fast Nesterov's momentum grows to its full size."
    let lrDecay = Key.notNegative "lr_decay" 0.0 "How fast the step size falls with the steps."

    let initialAccumulatorValue =
        Key.notNegative "initial_accumulator_value" 0.0 "What the sum of squared gradients starts from."

    let alpha = Key.notNegative "alpha" 0.99 "RMSprop's smoothing constant."
    let centered = Key.flag "centered" false "Whether the gradient's mean is taken out."

    let private noForward: ShapeRule =
        fun _ inputs -> Rule.fail "no call: an optimizer has no forward pass" $"{string inputs.Length} inputs"

    let parameters =
        Param.text "parameters"
        |> Param.withDocumentation
            "Which parameters, by a selector from the application on: those of the modules that it selects (`model/encoder`), and those that its last part names (`.../bias`)."

    // As the optimizer has it, unless it is given.
    let private otherwise documentation (key: Param<'T>) : Param<'T> =
        key.With(fun p -> { p with Default = Unset })
        |> Key.nullable
        |> Param.withDocumentation $"{documentation}; null for the optimizer's."

    /// What a group may have otherwise than the optimizer.
    let ownOfGroups: Param list =
        [
            lr |> otherwise "The step size"
            weightDecay |> otherwise "How strongly weights are drawn to zero"
            betas |> otherwise "The decay rates of the two running means"
            eps |> otherwise "What is added to a denominator"
        ]

    let frozen = Key.flag "frozen" false "Whether they are not trained: they get no gradients, and stay."

    let groupDefinition =
        Definition.create "ParameterGroup" (parameters :> Param :: ownOfGroups @ [ frozen ]) (fun _ ->
            init { return NoForward })
        |> Definition.withDocumentation
            "Parameters that an optimizer steps otherwise than the rest. Where several groups mean a parameter, the settings of all of them hold, those of the later one first."
        |> Definition.withShapes "no forward pass"
        |> Definition.withSource "PyTorch, torch.optim: per-parameter options"
        |> Definition.withPositional [ parameters ]
        |> Definition.withExample [ parameters => "model/.../bias"; frozen => true ] []

    let paramGroups =
        Param.specs "param_groups"
        |> Param.withDefault []
        |> Param.withDocumentation "Parameters that are stepped otherwise: a ParameterGroup for each."

    let definition =
        Definition.primitive "Optimizer" [] noForward
        |> Definition.withDocumentation "What all optimizers are special cases of."

    let private createAlike id (keys: Param list) source documentation =
        let own =
            parameters
            |> Param.withDocumentation
                "Which parameters it steps, by a selector from the application on, such as `generator`; null for all."
            |> Key.nullable

        Definition.primitive id (keys @ [ own ]) noForward
        |> Definition.withBase definition
        |> Definition.withDocumentation documentation
        |> Definition.withShapes "no forward pass"
        |> Definition.withSource $"torch.optim.{id}"
        |> Definition.withSource source
        |> Definition.withPositional [ lr ]
        |> Definition.withExample [ lr => 0.01 ] []

    let private create id (keys: Param list) = createAlike id (keys @ [ paramGroups ])

    let adamDefinition =
        create
            "Adam"
            [ lr; betas; eps; weightDecay; amsgrad; maximize; decoupledWeightDecay ]
            "Kingma and Ba, 2015, Adam"
            "Adam: steps scaled by running means of the gradient and of its square."

    let adamWDefinition =
        create
            "AdamW"
            [ lr; betas; eps; Param.withDefault 0.01 weightDecay; amsgrad; maximize ]
            "Loshchilov and Hutter, 2019, Decoupled Weight Decay Regularization"
            "Adam with decoupled weight decay."

    // The step size is 0.001, as in newer versions of PyTorch.
    let sgdDefinition =
        create
            "SGD"
            [ lr; momentum; dampening; weightDecay; nesterov; maximize ]
            "Sutskever et al., 2013, On the importance of initialization and momentum in deep learning"
            "Stochastic gradient descent, with momentum where wanted."
        // Source: PyTorch, SGD.__init__: "Nesterov momentum requires a momentum and zero dampening".
        |> Definition.withCheck (fun a ->
            if a.Get nesterov && (a.Get momentum <= 0.0 || a.Get dampening <> 0.0) then
                [ nesterov, "False where there is no momentum, or dampening" ]
            else
                [])

    let rmsPropDefinition =
        create
            "RMSprop"
            [ Param.withDefault 0.01 lr; alpha; eps; weightDecay; momentum; centered; maximize ]
            "Hinton, 2012, Neural Networks for Machine Learning, lecture 6"
            "RMSprop: steps divided by a running root mean square of the gradient."

    let adagradDefinition =
        create
            "Adagrad"
            [
                Param.withDefault 0.01 lr
                lrDecay
                weightDecay
                initialAccumulatorValue
                Param.withDefault 1e-10 eps
                maximize
            ]
            "Duchi, Hazan and Singer, 2011, Adaptive Subgradient Methods"
            "Adagrad: steps divided by the root of the sum of squared gradients."

    let nAdamDefinition =
        create
            "NAdam"
            [
                Param.withDefault 2e-3 lr
                betas
                eps
                weightDecay
                momentumDecay
                decoupledWeightDecay
                maximize
            ]
            "Dozat, 2016, Incorporating Nesterov Momentum into Adam"
            "Adam with Nesterov's momentum."

    let rAdamDefinition =
        create
            "RAdam"
            [ lr; betas; eps; weightDecay; decoupledWeightDecay; maximize ]
            "Liu et al., 2020, On the Variance of the Adaptive Learning Rate and Beyond"
            "Adam with a warm-up that follows from the variance of its steps."

    let maxIter = Key.positive "max_iter" "The most iterations in a step." |> Param.withDefault 20

    let maxEval =
        Key.positive "max_eval" "After how many evaluations of the loss a step ends; null for 5/4 of max_iter."
        |> Key.nullable

    let toleranceGrad = Key.notNegative "tolerance_grad" 1e-7 "A step ends where no gradient is larger."

    let toleranceChange =
        Key.notNegative "tolerance_change" 1e-9 "A step ends where neither the loss nor a parameter changes by more."

    let historySize = Key.positive "history_size" "How many changes are remembered." |> Param.withDefault 100

    let lineSearchFn =
        Param.oneOf [ "strong_wolfe" ] "line_search_fn"
        |> Key.nullable
        |> Param.withDocumentation "How far a step goes along a direction: looked for, or null for the step size."

    let lbfgsDefinition =
        createAlike
            "LBFGS"
            [
                Param.withDefault 1.0 lr
                maxIter
                maxEval
                toleranceGrad
                toleranceChange
                historySize
                lineSearchFn
            ]
            "Nocedal and Wright, 2006, Numerical Optimization"
            "Limited-memory BFGS: several iterations a step, for which the loss is computed again and again. All parameters alike, so that it has no groups."
        |> Definition.withExample [ lineSearchFn => "strong_wolfe" ] []
