namespace Deeplay.Torch

open System.Collections.Generic
open Deeplay.Core
open TorchSharp
open TorchSharp.Modules

/// An optimizer in a built application: it has no parameters of its own, and is made over those of the model when
/// training starts.
[<Sealed>]
type OptimizerModule internal (name: string, create: IEnumerable<Parameter> -> torch.optim.Optimizer) =
    inherit torch.nn.Module(name)

    /// The engine's optimizer over these parameters.
    member _.Create(parameters: IEnumerable<Parameter>) : torch.optim.Optimizer = create parameters

/// How losses and optimizers become modules of the engine.
[<RequireQualifiedAccess>]
module internal TrainingLowerings =
    let private reduction (a: Arguments) =
        match Read.text a "reduction" with
        | "sum" -> torch.nn.Reduction.Sum
        | "none" -> torch.nn.Reduction.None
        | _ -> torch.nn.Reduction.Mean

    let private losses: (string * (Arguments -> torch.nn.Module)) list =
        [
            "CrossEntropyLoss",
            fun a -> torch.nn.CrossEntropyLoss(null, Read.int a "ignore_index", reduction a)
            "MSELoss", (fun a -> torch.nn.MSELoss(reduction a))
            "L1Loss", (fun a -> torch.nn.L1Loss(reduction a))
            "SmoothL1Loss", (fun a -> torch.nn.SmoothL1Loss(reduction a, Read.float a "beta"))
            "HuberLoss", (fun a -> torch.nn.HuberLoss(Read.float a "delta", reduction a))
            "NLLLoss", (fun a -> torch.nn.NLLLoss(null, reduction a))
            "BCELoss", (fun a -> torch.nn.BCELoss(null, reduction a))
            "BCEWithLogitsLoss", (fun a -> torch.nn.BCEWithLogitsLoss(null, reduction a))
            "KLDivLoss", (fun a -> torch.nn.KLDivLoss(Read.bool a "log_target", reduction a))
        ]

    let private betas (a: Arguments) =
        match a["betas"] with
        | List [ Float first; Float second ] -> first, second
        | other -> Fail.with' (WrongValue(a.Tag, a.Kind, "betas", "two floats", Value.print other))

    let private optimizer name (create: Arguments -> IEnumerable<Parameter> -> torch.optim.Optimizer) =
        name, (fun (a: Arguments) -> new OptimizerModule(name, create a) :> torch.nn.Module)

    let private adam (a: Arguments) (parameters: IEnumerable<Parameter>) : torch.optim.Optimizer =
        let beta1, beta2 = betas a

        torch.optim.Adam(
            parameters,
            Read.float a "lr",
            beta1,
            beta2,
            Read.float a "eps",
            Read.float a "weight_decay",
            Read.bool a "amsgrad",
            Read.bool a "maximize"
        )

    let private adamW (a: Arguments) (parameters: IEnumerable<Parameter>) : torch.optim.Optimizer =
        let beta1, beta2 = betas a

        torch.optim.AdamW(
            parameters,
            Read.float a "lr",
            beta1,
            beta2,
            Read.float a "eps",
            Read.float a "weight_decay",
            Read.bool a "amsgrad",
            Read.bool a "maximize"
        )

    let private sgd (a: Arguments) (parameters: IEnumerable<Parameter>) : torch.optim.Optimizer =
        torch.optim.SGD(
            parameters,
            Read.float a "lr",
            Read.float a "momentum",
            Read.float a "dampening",
            Read.float a "weight_decay",
            Read.bool a "nesterov",
            Read.bool a "maximize"
        )

    let private rmsProp (a: Arguments) (parameters: IEnumerable<Parameter>) : torch.optim.Optimizer =
        torch.optim.RMSProp(
            parameters,
            Read.float a "lr",
            Read.float a "alpha",
            Read.float a "eps",
            Read.float a "weight_decay",
            Read.float a "momentum",
            Read.bool a "centered",
            Read.bool a "maximize"
        )

    /// All of them, by the id of their definition.
    let all: Lowerings =
        losses
        @ [
            optimizer "Adam" adam
            optimizer "AdamW" adamW
            optimizer "SGD" sgd
            optimizer "RMSprop" rmsProp
        ]
        |> Map.ofList
