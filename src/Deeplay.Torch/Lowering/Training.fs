namespace Deeplay.Torch

open System.Collections.Generic
open Deeplay.Core
open Deeplay.FSharp
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
module internal TrainingLowerings =
    open Row

    let private reduction (a: Arguments) =
        match a.Get Losses.reduction with
        | "sum" -> torch.nn.Reduction.Sum
        | "none" -> torch.nn.Reduction.None
        | _ -> torch.nn.Reduction.Mean

    let private losses =
        [
            row Losses.crossEntropyDefinition (fun a ->
                torch.nn.CrossEntropyLoss(null, Read.int a Losses.ignoreIndex, reduction a))
            row Losses.mseDefinition (fun a -> torch.nn.MSELoss(reduction a))
            row Losses.l1Definition (fun a -> torch.nn.L1Loss(reduction a))
            row Losses.smoothL1Definition (fun a -> torch.nn.SmoothL1Loss(reduction a, a.Get Losses.beta))
            row Losses.huberDefinition (fun a -> torch.nn.HuberLoss(a.Get Losses.delta, reduction a))
            row Losses.nllDefinition (fun a -> torch.nn.NLLLoss(null, reduction a))
            row Losses.bceDefinition (fun a -> torch.nn.BCELoss(null, reduction a))
            row Losses.bceWithLogitsDefinition (fun a -> torch.nn.BCEWithLogitsLoss(null, reduction a))
            row Losses.klDivDefinition (fun a -> torch.nn.KLDivLoss(a.Get Losses.logTarget, reduction a))
        ]

    let private optimizer (definition: Definition) create =
        row definition (fun a -> new OptimizerModule(definition.Id, create a))

    let private betas (a: Arguments) =
        let betas = a.Get Optimizers.betas
        betas[0], betas[1]

    let private adam (a: Arguments) (parameters: IEnumerable<Parameter>) : torch.optim.Optimizer =
        let beta1, beta2 = betas a

        torch.optim.Adam(
            parameters,
            a.Get Optimizers.lr,
            beta1,
            beta2,
            a.Get Optimizers.eps,
            a.Get Optimizers.weightDecay,
            a.Get Optimizers.amsgrad,
            a.Get Optimizers.maximize
        )

    let private adamW (a: Arguments) (parameters: IEnumerable<Parameter>) : torch.optim.Optimizer =
        let beta1, beta2 = betas a

        torch.optim.AdamW(
            parameters,
            a.Get Optimizers.lr,
            beta1,
            beta2,
            a.Get Optimizers.eps,
            a.Get Optimizers.weightDecay,
            a.Get Optimizers.amsgrad,
            a.Get Optimizers.maximize
        )

    let private sgd (a: Arguments) (parameters: IEnumerable<Parameter>) : torch.optim.Optimizer =
        torch.optim.SGD(
            parameters,
            a.Get Optimizers.lr,
            a.Get Optimizers.momentum,
            a.Get Optimizers.dampening,
            a.Get Optimizers.weightDecay,
            a.Get Optimizers.nesterov,
            a.Get Optimizers.maximize
        )

    let private rmsProp (a: Arguments) (parameters: IEnumerable<Parameter>) : torch.optim.Optimizer =
        torch.optim.RMSProp(
            parameters,
            a.Get Optimizers.lr,
            a.Get Optimizers.alpha,
            a.Get Optimizers.eps,
            a.Get Optimizers.weightDecay,
            a.Get Optimizers.momentum,
            a.Get Optimizers.centered,
            a.Get Optimizers.maximize
        )

    let table =
        losses
        @ [
            optimizer Optimizers.adamDefinition adam
            optimizer Optimizers.adamWDefinition adamW
            optimizer Optimizers.sgdDefinition sgd
            optimizer Optimizers.rmsPropDefinition rmsProp
        ]
