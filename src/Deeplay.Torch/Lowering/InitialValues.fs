namespace Deeplay.Torch

open System
open Deeplay.Core
open TorchSharp

/// What initializers need to know of a tensor. Source: PyTorch's documentation of torch.nn.init.
module internal Fan =
    /// The elements that lead into one output, and those that one input leads to. The first dimension counts outputs,
    /// the second inputs, the others positions of a kernel.
    let inAndOut (sizes: int64[]) =
        let positions = Array.fold (*) 1L sizes[2..]
        float (sizes[1] * positions), float (sizes[0] * positions)

    /// The gain that keeps variances the same through a nonlinearity; `slope` is that of leaky_relu.
    let gain nonlinearity slope =
        match nonlinearity with
        | "tanh" -> 5.0 / 3.0
        | "relu" -> sqrt 2.0
        | "leaky_relu" -> sqrt (2.0 / (1.0 + slope * slope))
        | "selu" -> 0.75
        | _ -> 1.0

    /// The standard deviation of Glorot's. Source: Glorot and Bengio 2010; PyTorch docs, torch.nn.init.xavier_uniform_.
    let xavier gain sizes =
        let fanIn, fanOut = inAndOut sizes
        gain * sqrt (2.0 / (fanIn + fanOut))

    /// The standard deviation of He's. Source: He et al. 2015; PyTorch docs, torch.nn.init.kaiming_uniform_.
    let kaiming mode nonlinearity slope sizes =
        let fanIn, fanOut = inAndOut sizes
        gain nonlinearity slope / sqrt (if mode = "fan_in" then fanIn else fanOut)

/// What a module has of its own, as tensors.
module internal InitialValues =
    // Of this standard deviation, uniform or normal.
    let private scaled isUniform std (x: Tensor) =
        if isUniform then
            x.uniform_ (-(sqrt 3.0 * std), sqrt 3.0 * std) |> ignore
        else
            x.normal_ (0.0, std) |> ignore

    // By the inverse of the distribution function; TorchSharp's gives the upper bound everywhere. Source: PyTorch docs,
    // torch.nn.init.trunc_normal_.
    let private truncatedNormal mean std (low: float) (high: float) (x: Tensor) =
        // 2 Φ(z) - 1, where Φ is the distribution function.
        let centered (bound: float) =
            use z = torch.tensor ((bound - mean) / (std * sqrt 2.0), Nullable torch.ScalarType.Float64)
            use p = z.erf ()
            Numbers.read p

        x.uniform_ (centered low, centered high) |> ignore
        x.erfinv_ () |> ignore
        use scale = Numbers.real (std * sqrt 2.0)
        use shift = Numbers.real mean
        use low = Numbers.real low
        use high = Numbers.real high
        x.mul_ scale |> ignore
        x.add_ (shift, Numbers.one) |> ignore
        x.clamp_ (low, high) |> ignore

    // Source: Vaswani et al., 2017, Attention Is All You Need, section 3.5. Angles in float64, since those of far positions are
    // large.
    let private sinusoidal (x: Tensor) =
        let features = int x.shape[x.shape.Length - 1]
        let positions = if features = 0 then 0 else int (x.numel ()) / features

        let numbers =
            Array.init (positions * features) (fun i ->
                let position, feature = float (i / features), i % features
                let angle = position / 10000.0 ** (float (feature - feature % 2) / float features)
                if feature % 2 = 0 then Math.Sin angle else Math.Cos angle)

        use flat = torch.tensor (numbers, Nullable x.dtype)
        use shaped = flat.reshape x.shape
        x.copy_ shaped |> ignore

    /// Fills a tensor, without a gradient.
    let fill (initial: Initial) (x: Tensor) : unit =
        use _ = torch.no_grad ()

        match initial with
        | Initial.Constant number ->
            use number = Numbers.real number
            x.fill_ number |> ignore
        | Initial.Numbers numbers ->
            use flat = torch.tensor (Array.ofList numbers, Nullable x.dtype)
            use shaped = flat.reshape x.shape
            x.copy_ shaped |> ignore
        | Initial.Normal(mean, std) -> x.normal_ (mean, std) |> ignore
        | Initial.Uniform(low, high) -> x.uniform_ (low, high) |> ignore
        | Initial.TruncatedNormal(mean, std, low, high) -> truncatedNormal mean std low high x
        | Initial.Xavier(isUniform, gain) -> scaled isUniform (Fan.xavier gain x.shape) x
        | Initial.Kaiming(isUniform, slope, mode, nonlinearity) ->
            scaled isUniform (Fan.kaiming mode nonlinearity slope x.shape) x
        | Initial.Orthogonal gain -> torch.nn.init.orthogonal_ (x, gain) |> ignore
        | Initial.Eye ->
            use ones = torch.eye (x.size 0, x.size 1, Nullable x.dtype)
            x.copy_ ones |> ignore
        | Initial.Sinusoidal -> sinusoidal x

    /// Makes what a module has of its own, in the order in which it was declared.
    let make (node: Node) : (OwnTensor * Tensor) list =
        [
            for own in node.Own do
                let made = torch.empty (Array.ofList (node.SizesOf own), Nullable(DTypes.toTorch own.DType))
                fill own.Initial made
                // Made inside somebody's dispose scope it would go with it.
                own, made.DetachFromDisposeScope()
        ]

    /// Registers it with the module that has it, by name.
    let register (all: (OwnTensor * Tensor) list) (target: torch.nn.Module) : unit =
        for own, made in all do
            if own.IsTrained then
                target.register_parameter (own.Name, new Modules.Parameter(made))
            else
                target.register_buffer (own.Name, made, own.IsPersistent)
