namespace Deeplay.Torch

open System
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open TorchSharp

/// Initializers: after-build actions that write the parameters of built modules. They can be saved with the spec.
///
///     model |> Module.select ".../layer" (Initializer.kaimingUniform [ Initializer.nonlinearity => "relu" ])
///
/// A layer without the tensor that is to be written is an error naming it. For a module made of others every such
/// tensor below it is written (where the widths of a tensor count, every one of at least two dimensions); none is an
/// error.
[<RequireQualifiedAccess>]
module Initializer =
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
    let nonlinearity = Key.choice Fan.nonlinearities "nonlinearity" "leaky_relu" "The nonlinearity that follows."

    // A shared parameter comes once.
    let private find (tag: Tag) (target: torch.nn.Module) (name: string) atLeast : Tensor list =
        let all = [ for struct (path, p) in target.named_parameters () -> path, (p :> Tensor) ]

        let named =
            all
            |> List.filter (fun (path, _) -> path = name || path.EndsWith("." + name, StringComparison.Ordinal))

        match named, named |> List.map snd |> List.filter (fun tensor -> tensor.dim () >= atLeast) with
        | [], _ -> Fail.with' (UnknownName(tag, target.GetName(), "tensor", name, List.map fst all))
        | (path, tensor) :: _, [] ->
            let expected = $"'{path}' to have at least {string atLeast} dimensions for this initializer"
            Fail.with' (WrongShape(tag, target.GetName(), expected, string (Shape.known tensor.shape)))
        | _, found -> found

    let private fill (number: float) (tensor: Tensor) =
        use number = Numbers.real number
        tensor.fill_ number |> ignore

    let private write (a: Arguments) (built: obj) names atLeast (f: Tensor -> unit) =
        use _ = torch.no_grad ()
        let each name atLeast f = find a.Tag (built :?> torch.nn.Module) name atLeast |> List.iter f

        for name in names do
            each name atLeast f

        a.TryGet bias |> Option.flatten |> Option.iter (fun number -> each "bias" 1L (fill number))

    let private action id documentation atLeast (parameters: Param list) (f: Arguments -> Tensor -> Tensor) =
        Action.afterBuild $"initialize_{id}" (parameters @ [ tensors; bias ]) (fun a built ->
            write a built (a.Get tensors) atLeast (f a >> ignore))
        |> Action.withDocumentation documentation

    // Uniform and normal, with the same standard deviation.
    let private scaled id whose parameters (std: Arguments -> int64[] -> float) =
        let std a (t: Tensor) = std a t.shape

        [
            action $"{id}_uniform" $"{whose}, uniform." 2L parameters (fun a t ->
                let bound = sqrt 3.0 * std a t
                t.uniform_ (-bound, bound))
            action $"{id}_normal" $"{whose}, normal." 2L parameters (fun a t -> t.normal_ (0.0, std a t))
        ]

    let private actions =
        [
            action "normal" "Numbers of a normal distribution." 0L [ mean; std ] (fun a t ->
                t.normal_ (a.Get mean, a.Get std))
            action "uniform" "Numbers of a uniform distribution." 0L [ low; high ] (fun a t ->
                if a.Get low > a.Get high then
                    Fail.with' (WrongValue(a.Tag, a.Kind, "b", "at least a", string (a.Get high)))

                t.uniform_ (a.Get low, a.Get high))
            Action.afterBuild "initialize_constant" [ weight; bias ] (fun a built ->
                match a.TryGet weight |> Option.flatten with
                | Some number -> write a built [ "weight" ] 0L (fill number)
                | None -> write a built [] 0L ignore)
            |> Action.withDocumentation "One number for weights, another for biases."
            yield! scaled "xavier" "Glorot's" [ gain ] (fun a sizes -> Fan.xavier (a.Get gain) sizes)
            yield!
                scaled "kaiming" "He's" [ slope; mode; nonlinearity ] (fun a sizes ->
                    Fan.kaiming (a.Get mode) (a.Get nonlinearity) (a.Get slope) sizes)
            // Source: Saxe et al. 2014; PyTorch docs, torch.nn.init.orthogonal_.
            action "orthogonal" "Orthogonal rows, or columns where there are fewer." 2L [ gain ] (fun a t ->
                torch.nn.init.orthogonal_ (t, a.Get gain))
        ]

    /// All initializers, to be found when a spec is read.
    let registry: Registry =
        List.fold (fun registry action -> Registry.addAction action registry) Registry.empty actions

    let private hook id arguments (whole: 'whole :> IChangeable<'whole>) : 'whole =
        let action = registry.Actions[$"initialize_{id}"]
        whole.With(Change.hook None action (Map.ofList arguments) whole.Selection)

    /// Numbers of a normal distribution. Parameters: mean = 0, std = 1, tensors, bias.
    let normal arguments spec = hook "normal" arguments spec

    /// Numbers of a uniform distribution. Parameters: a (`low`) = 0, b (`high`) = 1, tensors, bias.
    let uniform arguments spec = hook "uniform" arguments spec

    /// One number for weights, another for biases. Parameters: weight = 1, bias.
    let constant arguments spec = hook "constant" arguments spec

    /// Glorot's initializer, uniform. Parameters: gain = 1, tensors, bias.
    let xavierUniform arguments spec = hook "xavier_uniform" arguments spec

    /// Glorot's initializer, normal. Parameters: gain = 1, tensors, bias.
    let xavierNormal arguments spec = hook "xavier_normal" arguments spec

    /// He's initializer, uniform. Parameters: a (`slope`) = 0, mode = fan_in, nonlinearity = leaky_relu, tensors, bias.
    let kaimingUniform arguments spec = hook "kaiming_uniform" arguments spec

    /// He's initializer, normal. Parameters: a (`slope`) = 0, mode = fan_in, nonlinearity = leaky_relu, tensors, bias.
    let kaimingNormal arguments spec = hook "kaiming_normal" arguments spec

    /// A matrix with orthogonal rows, or columns where there are fewer. Parameters: gain = 1, tensors, bias.
    let orthogonal arguments spec = hook "orthogonal" arguments spec
