namespace Deeplay.Torch

open System.IO
open System.Reflection
open TorchSharp

/// What an optimizer keeps for each parameter between its steps, by PyTorch's name in `state_dict`.
[<NoEquality; NoComparison>]
type internal OptimizerState =
    {
        Name: string
        /// One number, and not as many as the parameter has.
        IsScalar: bool
        Initial: float
    }

/// The step of an optimizer: a function of steps.py, which takes the states and the numbers in this order.
[<NoEquality; NoComparison>]
type internal OptimizerScript =
    {
        Name: string
        State: OptimizerState list
        /// Parameters of the definition.
        Numbers: string list
        /// Whether steps are counted where the parameters are, as libtorch's fused kernels do, or on the CPU.
        IsFused: bool
    }

/// The optimizers of torch.optim.
module internal OptimizerScripts =
    let private tensor name = { Name = name; IsScalar = false; Initial = 0.0 }
    let private scalar name = { Name = name; IsScalar = true; Initial = 0.0 }

    let private script name state numbers = { Name = name; State = state; Numbers = numbers; IsFused = false }

    let adamW =
        { script
              "adamw"
              [ scalar "step"; tensor "exp_avg"; tensor "exp_avg_sq"; tensor "max_exp_avg_sq" ]
              [ "lr"; "beta1"; "beta2"; "eps"; "weight_decay"; "amsgrad"; "maximize" ] with
            IsFused = true
        }

    let adam = { adamW with Name = "adam"; Numbers = adamW.Numbers @ [ "decoupled_weight_decay" ] }

    let sgd =
        script
            "sgd"
            [ tensor "momentum_buffer" ]
            [ "lr"; "momentum"; "dampening"; "weight_decay"; "nesterov"; "maximize" ]

    let rmsProp =
        script
            "rmsprop"
            [ scalar "step"; tensor "square_avg"; tensor "momentum_buffer"; tensor "grad_avg" ]
            [ "lr"; "alpha"; "eps"; "weight_decay"; "momentum"; "centered"; "maximize" ]

    /// Its sums start from this.
    let adagrad initial =
        script
            "adagrad"
            [ scalar "step"; { tensor "sum" with Initial = initial } ]
            [ "lr"; "lr_decay"; "weight_decay"; "eps"; "maximize" ]

    let nadam =
        script
            "nadam"
            [ scalar "step"; { scalar "mu_product" with Initial = 1.0 }; tensor "exp_avg"; tensor "exp_avg_sq" ]
            [
                "lr"
                "beta1"
                "beta2"
                "eps"
                "weight_decay"
                "momentum_decay"
                "decoupled_weight_decay"
                "maximize"
            ]

    let radam =
        script
            "radam"
            [ scalar "step"; tensor "exp_avg"; tensor "exp_avg_sq" ]
            [ "lr"; "beta1"; "beta2"; "eps"; "weight_decay"; "decoupled_weight_decay"; "maximize" ]

    /// steps.py, compiled once.
    let compiled =
        lazy
            (use stream = Assembly.GetExecutingAssembly().GetManifestResourceStream "steps.py"
             use reader = new StreamReader(stream)
             torch.jit.compile (reader.ReadToEnd()))
