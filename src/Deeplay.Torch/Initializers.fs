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
    let tensors = Initialization.tensors

    /// The number that is written to every `bias`; None leaves them as they are.
    let bias = Initialization.bias

    /// The number that is written to every `weight`; None leaves them as they are.
    let weight = Initialization.weight

    /// The mean of the normal distribution.
    let mean = Initialization.mean

    /// The standard deviation of the normal distribution.
    let std = Initialization.std

    /// The lower bound of the uniform distribution.
    let low = Initialization.low

    /// The upper bound of the uniform distribution.
    let high = Initialization.high

    /// The factor of a Xavier or orthogonal initializer.
    let gain = Initialization.gain

    /// The slope of the leaky ReLU that follows.
    let slope = Initialization.slope

    /// `fan_in` keeps the variance of the forward pass, `fan_out` that of the backward pass.
    let mode = Initialization.mode

    /// The nonlinearity that follows.
    let nonlinearity = Initialization.nonlinearity

    /// Whether a module without such a tensor stays as it is; else that is an error.
    let allowMissing = Initialization.allowMissing

    // A shared parameter comes once.
    let private find (a: Arguments) (target: torch.nn.Module) (name: string) atLeast : Tensor list =
        let all = [ for struct (path, p) in target.named_parameters () -> path, (p :> Tensor) ]

        // What a weight is computed from is as large, and written in its place.
        let names = if name = "weight" then [ name; "weight_orig"; "weight_v" ] else [ name ]

        let isNamed (path: string) (name: string) = path = name || path.EndsWith("." + name, StringComparison.Ordinal)

        let named = all |> List.filter (fun (path, _) -> List.exists (isNamed path) names)

        match named, named |> List.map snd |> List.filter (fun tensor -> tensor.dim () >= atLeast) with
        | _, [] when a.Get allowMissing -> []
        | [], _ -> Fail.with' (UnknownName(a.Tag, target.GetName(), "tensor", name, List.map fst all))
        | (path, tensor) :: _, [] ->
            let expected = $"'{path}' to have at least {string atLeast} dimensions for this initializer"
            Fail.with' (WrongShape(a.Tag, target.GetName(), expected, string (Shape.known tensor.shape)))
        | _, found -> found

    let private fill (number: float) (tensor: Tensor) =
        use number = Numbers.real number
        tensor.fill_ number |> ignore

    let private write names atLeast (f: Tensor -> unit) (a: Arguments) (built: torch.nn.Module) =
        use _ = torch.no_grad ()
        let each name atLeast f = find a built name atLeast |> List.iter f

        for name in names do
            each name atLeast f

        a.TryGet bias |> Option.flatten |> Option.iter (fun number -> each "bias" 1L (fill number))

    let private drawn (action: ActionDefinition) atLeast (f: Arguments -> Tensor -> Tensor) =
        action.Id, (fun (a: Arguments) -> write (a.Get tensors) atLeast (f a >> ignore) a)

    // Uniform and normal, with the same standard deviation.
    let private uniformOf std a (t: Tensor) =
        let bound = sqrt 3.0 * std a t.shape
        t.uniform_ (-bound, bound)

    let private normalOf std a (t: Tensor) = t.normal_ (0.0, std a t.shape)

    let private xavier (a: Arguments) sizes = Fan.xavier (a.Get gain) sizes

    let private kaiming (a: Arguments) sizes = Fan.kaiming (a.Get mode) (a.Get nonlinearity) (a.Get slope) sizes

    let private writers: Map<string, Arguments -> torch.nn.Module -> unit> =
        Map.ofList
            [
                drawn Initialization.normal 0L (fun a t -> t.normal_ (a.Get mean, a.Get std))
                drawn Initialization.uniform 0L (fun a t ->
                    if a.Get low > a.Get high then
                        Fail.with' (WrongValue(a.Tag, a.Kind, "b", "at least a", string (a.Get high)))

                    t.uniform_ (a.Get low, a.Get high))
                Initialization.constant.Id,
                fun a ->
                    match a.TryGet weight |> Option.flatten with
                    | Some number -> write [ "weight" ] 0L (fill number) a
                    | None -> write [] 0L ignore a
                drawn Initialization.xavierUniform 2L (uniformOf xavier)
                drawn Initialization.xavierNormal 2L (normalOf xavier)
                drawn Initialization.kaimingUniform 2L (uniformOf kaiming)
                drawn Initialization.kaimingNormal 2L (normalOf kaiming)
                // Source: Saxe et al. 2014; PyTorch docs, torch.nn.init.orthogonal_.
                drawn Initialization.orthogonal 2L (fun a t -> torch.nn.init.orthogonal_ (t, a.Get gain))
            ]

    /// Writes the parameters of a built module, by the id of the initializer.
    let internal run (id: string) (arguments: Arguments) (built: obj) =
        match writers.TryFind id with
        | Some write ->
            let target = built :?> torch.nn.Module
            write arguments target

            for part in Seq.append [ target ] (target.modules ()) do
                match part with
                | :? ReparametrizedLayer as layer -> layer.TakeNorms()
                | _ -> ()
        | None ->
            Fail.with' (UnknownName(arguments.Tag, arguments.Kind, "initializer", id, Map.keys writers |> List.ofSeq))

    /// All initializers, to be found when a spec is read.
    let registry: Registry =
        List.fold (fun registry action -> Registry.addAction action registry) Registry.empty Initialization.all

    let private hook id arguments (whole: 'whole :> IChangeable<'whole>) : 'whole =
        let action = registry.Actions[$"initialize_{id}"]
        whole.With(Change.hook None action (Map.ofList arguments) whole.Selection)

    /// Numbers of a normal distribution. Parameters: mean = 0, std = 1, tensors, bias, allow_missing.
    let normal arguments spec = hook "normal" arguments spec

    /// Numbers of a uniform distribution. Parameters: a (`low`) = 0, b (`high`) = 1, tensors, bias, allow_missing.
    let uniform arguments spec = hook "uniform" arguments spec

    /// One number for weights, another for biases. Parameters: weight = 1, bias, allow_missing.
    let constant arguments spec = hook "constant" arguments spec

    /// Glorot's initializer, uniform. Parameters: gain = 1, tensors, bias, allow_missing.
    let xavierUniform arguments spec = hook "xavier_uniform" arguments spec

    /// Glorot's initializer, normal. Parameters: gain = 1, tensors, bias, allow_missing.
    let xavierNormal arguments spec = hook "xavier_normal" arguments spec

    /// He's initializer, uniform. Parameters: a (`slope`) = 0, mode = fan_in, nonlinearity = leaky_relu, tensors, bias, allow_missing.
    let kaimingUniform arguments spec = hook "kaiming_uniform" arguments spec

    /// He's initializer, normal. Parameters: a (`slope`) = 0, mode = fan_in, nonlinearity = leaky_relu, tensors, bias, allow_missing.
    let kaimingNormal arguments spec = hook "kaiming_normal" arguments spec

    /// A matrix with orthogonal rows, or columns where there are fewer. Parameters: gain = 1, tensors, bias, allow_missing.
    let orthogonal arguments spec = hook "orthogonal" arguments spec
