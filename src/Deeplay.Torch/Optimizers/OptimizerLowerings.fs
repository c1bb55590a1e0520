namespace Deeplay.Torch

open Deeplay.Core
open Deeplay.Library
open TorchSharp
open TorchSharp.Modules

/// An optimizer that was built: it has no parameters of its own, and is made over those of a model when training starts.
[<Sealed>]
type internal OptimizerMaker(a: Arguments, base': Map<string, float>, create: Trained list -> Stepping) =
    inherit torch.nn.Module(a.Kind)

    /// The optimizer of these parameters, under all of their names: the first of them, which stands for the others, and the
    /// parameter. Selectors look through the tree, where there are some. Those that are frozen get no gradients from now on.
    member _.Create(root: Lazy<Node>, parameters: (string * (string * Parameter)) list) : Optimizer =
        let own, frozen, rates = ParameterGroups.settings a root [ for name, (first, _) in parameters -> name, first ]
        let parameters = parameters |> List.map snd |> List.distinctBy fst

        for name, parameter in parameters do
            if frozen.Contains name then parameter.requires_grad <- false

        let trained =
            [
                for name, parameter in parameters do
                    match own.TryFind name with
                    | Some settings ->
                        {
                            Name = name
                            Parameter = parameter
                            Arguments = Map.fold (fun all key value -> Map.add key value all) base' settings
                        }
                    | None -> ()
            ]

        new Optimizer(a.Kind, trained, rates, create trained)

    /// The same of an application, which `root` is the tree of, and which knows its parameters by one name.
    member this.Create(root: Node, parameters: (string * Parameter) list) : Optimizer =
        this.Create(lazy root, [ for name, parameter in parameters -> name, (name, parameter) ])

/// How optimizers step.
module internal OptimizerLowerings =
    // `without` are the states that nothing is kept of.
    let private optimizer definition (script: Arguments -> OptimizerScript) (without: Arguments -> string list) =
        row definition (fun a ->
            let script = script a
            let arguments = Map.ofList [ for name in script.Numbers -> name, ParameterGroups.number a name ]
            let kept = Set.ofList [ for state in script.State -> state.Name ] - Set.ofList (without a)

            let create parameters = ScriptedStepping(script, arguments, kept, parameters) :> Stepping
            new OptimizerMaker(a, arguments, create))

    let private lbfgs (a: Arguments) =
        let most = a.Get Optimizers.maxIter

        let rule =
            {
                Rate = a.Get Optimizers.lr
                MaxIterations = most
                MaxEvaluations = a.TryGet Optimizers.maxEval |> Option.defaultValue (most * 5 / 4)
                ToleranceGradient = a.Get Optimizers.toleranceGrad
                ToleranceChange = a.Get Optimizers.toleranceChange
                HistorySize = a.Get Optimizers.historySize
                SearchesLines = a.TryGet Optimizers.lineSearchFn = Some "strong_wolfe"
            }

        new OptimizerMaker(a, Map.empty, (fun parameters -> LBFGSStepping(rule, parameters) :> Stepping))


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
            row Optimizers.lbfgsDefinition lbfgs
        ]
