namespace Deeplay.Torch

open System
open Deeplay.Core
open Deeplay.FSharp
open TorchSharp

/// What initializers need to know of a tensor. Source: PyTorch's documentation of torch.nn.init.
module internal Fan =
    /// The elements that lead into one output, and those that one input leads to. The first dimension counts outputs,
    /// the second inputs, the others positions of a kernel.
    let inAndOut (sizes: int64[]) =
        let positions = Array.fold (*) 1L sizes[2..]
        float (sizes[1] * positions), float (sizes[0] * positions)

    /// The names of PyTorch's `calculate_gain`.
    let nonlinearities =
        [
            "linear"
            "conv1d"
            "conv2d"
            "conv3d"
            "conv_transpose1d"
            "conv_transpose2d"
            "conv_transpose3d"
            "sigmoid"
            "tanh"
            "relu"
            "leaky_relu"
            "selu"
        ]

    /// The gain that keeps variances the same through a nonlinearity; `slope` is that of leaky_relu.
    let gain nonlinearity slope =
        match nonlinearity with
        | "tanh" -> 5.0 / 3.0
        | "relu" -> sqrt 2.0
        | "leaky_relu" -> sqrt (2.0 / (1.0 + slope * slope))
        | "selu" -> 0.75
        | _ -> 1.0

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

    /// The number that is written to every `bias`; None leaves them as they are.
    let bias =
        Param.float "bias"
        |> Param.optional
        |> Param.withDefault None
        |> Param.withDocumentation "The number written to every bias; null leaves them as they are."

    let private number name standard documentation =
        Param.float name |> Param.withDefault standard |> Param.withDocumentation documentation

    let private positive name standard documentation =
        number name standard documentation |> Param.withCheck "a float of at least 0" (fun x -> x >= 0.0)

    /// The mean of the normal distribution.
    let mean = number "mean" 0.0 "The mean of the normal distribution."

    /// The standard deviation of the normal distribution.
    let std = positive "std" 1.0 "The standard deviation of the normal distribution."

    /// The lower bound of the uniform distribution.
    let low = number "a" 0.0 "The lower bound of the uniform distribution."

    /// The upper bound of the uniform distribution.
    let high = number "b" 1.0 "The upper bound of the uniform distribution."

    /// The number that is written to every `weight`; None leaves them as they are.
    let weight =
        Param.float "weight"
        |> Param.optional
        |> Param.withDefault (Some 1.0)
        |> Param.withDocumentation "The number written to every weight; null leaves them as they are."

    /// The factor of a Xavier or orthogonal initializer.
    let gain = number "gain" 1.0 "What the numbers are multiplied by."

    /// The slope of the leaky ReLU that follows.
    let slope = number "a" 0.0 "The slope of the leaky ReLU that follows."

    /// `fan_in` keeps the variance of the forward pass, `fan_out` that of the backward pass.
    let mode =
        Param.oneOf [ "fan_in"; "fan_out" ] "mode"
        |> Param.withDefault "fan_in"
        |> Param.withDocumentation
            "fan_in keeps the variance of the forward pass, fan_out that of the backward pass."

    /// The nonlinearity that follows.
    let nonlinearity =
        Param.oneOf Fan.nonlinearities "nonlinearity"
        |> Param.withDefault "leaky_relu"
        |> Param.withDocumentation "The nonlinearity that follows."

    // A shared parameter is written once.
    let private distinct (found: (string * Tensor) list) =
        found
        |> List.fold
            (fun known (name, tensor) ->
                if known |> List.exists (fun (_, other) -> obj.ReferenceEquals(other, tensor)) then
                    known
                else
                    (name, tensor) :: known)
            []
        |> List.rev

    let private find (tag: Tag) (target: torch.nn.Module) (name: string) atLeast : (string * Tensor) list =
        let all = [ for struct (path, p) in target.named_parameters () -> path, (p :> torch.Tensor) ]

        let named =
            all
            |> List.filter (fun (path, _) ->
                path = name || path.EndsWith("." + name, System.StringComparison.Ordinal))

        let found = named |> List.filter (fun (_, tensor) -> tensor.dim () >= atLeast)

        match named, found with
        | [], _ -> Fail.with' (UnknownName(tag, target.GetName(), "tensor", name, List.map fst all))
        | (path, tensor) :: _, [] ->
            let sizes = string (Shape.known tensor.shape)

            let expected = $"'{path}' to have at least {atLeast} dimensions for this initializer"

            Fail.with' (WrongShape(tag, target.GetName(), expected, sizes))
        | _ -> distinct found

    let private fill (number: float) (tensor: Tensor) =
        use number = Scalar.op_Implicit number
        tensor.fill_ number |> ignore

    let private write (a: Arguments) (built: obj) names atLeast (f: Tensor -> unit) =
        let target = built :?> torch.nn.Module
        use _ = torch.no_grad ()

        for name in names do
            for _, tensor in find a.Tag target name atLeast do
                f tensor

        if a.Signature.Has bias.Name then
            match a.TryGet bias |> Option.flatten with
            | Some number ->
                for _, tensor in find a.Tag target "bias" 1L do
                    fill number tensor
            | None -> ()

    let private action id documentation atLeast (parameters: Param list) (f: Arguments -> Tensor -> unit) =
        Action.afterBuild id (parameters @ [ tensors; bias ]) (fun a built ->
            write a built (a.Get tensors) atLeast (f a))
        |> Action.withDocumentation documentation

    let private drawNormal mean std (t: Tensor) = t.normal_ (mean, std) |> ignore
    let private drawUniform low high (t: Tensor) = t.uniform_ (low, high) |> ignore

    let private normalAction =
        action "initialize_normal" "Numbers of a normal distribution." 0L [ mean; std ] (fun a ->
            drawNormal (a.Get mean) (a.Get std))

    let private uniformAction =
        action "initialize_uniform" "Numbers of a uniform distribution." 0L [ low; high ] (fun a t ->
            if a.Get low > a.Get high then
                Fail.with' (WrongValue(a.Tag, a.Kind, "b", "at least a", string (a.Get high)))

            drawUniform (a.Get low) (a.Get high) t)

    let private constantAction =
        Action.afterBuild "initialize_constant" [ weight; bias ] (fun a built ->
            match a.TryGet weight |> Option.flatten with
            | Some number -> write a built [ "weight" ] 0L (fill number)
            | None -> write a built [] 0L ignore)
        |> Action.withDocumentation "One number for weights, another for biases."

    // Source: Glorot and Bengio 2010; PyTorch docs, torch.nn.init.xavier_uniform_.
    let private xavierStd (a: Arguments) (t: Tensor) =
        let fanIn, fanOut = Fan.inAndOut t.shape
        a.Get gain * sqrt (2.0 / (fanIn + fanOut))

    let private xavierUniformAction =
        action "initialize_xavier_uniform" "Glorot's, uniform." 2L [ gain ] (fun a t ->
            let bound = sqrt 3.0 * xavierStd a t
            drawUniform -bound bound t)

    let private xavierNormalAction =
        action "initialize_xavier_normal" "Glorot's, normal." 2L [ gain ] (fun a t ->
            drawNormal 0.0 (xavierStd a t) t)

    // Source: He et al. 2015; PyTorch docs, torch.nn.init.kaiming_uniform_.
    let private kaimingStd (a: Arguments) (t: Tensor) =
        let fanIn, fanOut = Fan.inAndOut t.shape
        let fan = if a.Get mode = "fan_in" then fanIn else fanOut
        Fan.gain (a.Get nonlinearity) (a.Get slope) / sqrt fan

    let private kaimingUniformAction =
        action "initialize_kaiming_uniform" "He's, uniform." 2L [ slope; mode; nonlinearity ] (fun a t ->
            let bound = sqrt 3.0 * kaimingStd a t
            drawUniform -bound bound t)

    let private kaimingNormalAction =
        action "initialize_kaiming_normal" "He's, normal." 2L [ slope; mode; nonlinearity ] (fun a t ->
            drawNormal 0.0 (kaimingStd a t) t)

    // Source: Saxe et al. 2014; PyTorch docs, torch.nn.init.orthogonal_.
    let private orthogonalAction =
        action
            "initialize_orthogonal"
            "Orthogonal rows, or columns where there are fewer."
            2L
            [ gain ]
            (fun a t -> torch.nn.init.orthogonal_ (t, a.Get gain) |> ignore)

    let private hook
        (action: ActionDefinition)
        (arguments: (string * Value) list)
        (whole: 'whole :> IChangeable<'whole>)
        : 'whole =
        whole.With(Change.hook None action (Map.ofList arguments) whole.Selection)

    /// Numbers of a normal distribution. Parameters: mean = 0, std = 1, tensors, bias.
    let normal arguments spec = hook normalAction arguments spec

    /// Numbers of a uniform distribution. Parameters: a (`low`) = 0, b (`high`) = 1, tensors, bias.
    let uniform arguments spec = hook uniformAction arguments spec

    /// One number for weights, another for biases. Parameters: weight = 1, bias.
    let constant arguments spec = hook constantAction arguments spec

    /// Glorot's initializer, uniform. Parameters: gain = 1, tensors, bias.
    let xavierUniform arguments spec = hook xavierUniformAction arguments spec

    /// Glorot's initializer, normal. Parameters: gain = 1, tensors, bias.
    let xavierNormal arguments spec = hook xavierNormalAction arguments spec

    /// He's initializer, uniform. Parameters: a (`slope`) = 0, mode = fan_in, nonlinearity = leaky_relu, tensors, bias.
    let kaimingUniform arguments spec = hook kaimingUniformAction arguments spec

    /// He's initializer, normal. Parameters: a (`slope`) = 0, mode = fan_in, nonlinearity = leaky_relu, tensors, bias.
    let kaimingNormal arguments spec = hook kaimingNormalAction arguments spec

    /// A matrix with orthogonal rows, or columns where there are fewer. Parameters: gain = 1, tensors, bias.
    let orthogonal arguments spec = hook orthogonalAction arguments spec

    /// All initializers, to be found when a spec is read.
    let registry: Registry =
        [
            normalAction
            uniformAction
            constantAction
            xavierUniformAction
            xavierNormalAction
            kaimingUniformAction
            kaimingNormalAction
            orthogonalAction
        ]
        |> List.fold (fun registry action -> Registry.addAction action registry) Registry.empty
