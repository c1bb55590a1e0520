namespace Deeplay.Torch

open Deeplay.Core
open Deeplay.Library
open TorchSharp
open TorchSharp.Modules

/// An optimizer in a built application: it has no parameters of its own, and is made over those of the model when
/// training starts.
[<Sealed>]
type internal OptimizerModule(name: string, create: (string * Parameter) list -> Optimizer) =
    inherit torch.nn.Module(name)

    /// The optimizer of these parameters.
    member _.Create(parameters) : Optimizer = create parameters

/// How optimizers step.
module internal OptimizerLowerings =
    let private number (value: bool) = if value then 1.0 else 0.0

    // The number of this name: a parameter of the definition, or one of the two `betas`.
    let private read (a: Arguments) name =
        match name with
        | "beta1" -> a.Get(Optimizers.betas)[0]
        | "beta2" -> a.Get(Optimizers.betas)[1]
        | _ ->
            match a[name] with
            | Bool flag -> number flag
            | Float number -> number
            | other -> Fail.with' (WrongValue(a.Tag, a.Kind, name, "a number", Value.print other))

    // `without` are the states that nothing is kept of.
    let private optimizer definition (script: Arguments -> OptimizerScript) (without: Arguments -> string list) =
        row definition (fun a ->
            let script = script a
            let arguments = Map.ofList [ for name in script.Numbers -> name, read a name ]
            let kept = Set.ofList [ for state in script.State -> state.Name ] - Set.ofList (without a)
            new OptimizerModule(a.Kind, (fun parameters -> new Optimizer(script, arguments, kept, parameters))))

    let private withoutMaximum (a: Arguments) = if a.Get Optimizers.amsgrad then [] else [ "max_exp_avg_sq" ]
    let private withoutMomentum (a: Arguments) = if a.Get Optimizers.momentum > 0.0 then [] else [ "momentum_buffer" ]
    let private keepsAll (_: Arguments) : string list = []

    let table =
        [
            optimizer Optimizers.adamDefinition (fun _ -> OptimizerScripts.adam) withoutMaximum
            optimizer Optimizers.adamWDefinition (fun _ -> OptimizerScripts.adamW) withoutMaximum
            optimizer Optimizers.sgdDefinition (fun _ -> OptimizerScripts.sgd) withoutMomentum
            optimizer Optimizers.rmsPropDefinition (fun _ -> OptimizerScripts.rmsProp) (fun a ->
                withoutMomentum a @ (if a.Get Optimizers.centered then [] else [ "grad_avg" ]))
            optimizer
                Optimizers.adagradDefinition
                (fun a -> OptimizerScripts.adagrad (a.Get Optimizers.initialAccumulatorValue))
                keepsAll
            optimizer Optimizers.nAdamDefinition (fun _ -> OptimizerScripts.nadam) keepsAll
            optimizer Optimizers.rAdamDefinition (fun _ -> OptimizerScripts.radam) keepsAll
        ]
