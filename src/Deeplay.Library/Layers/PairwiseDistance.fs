namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

module internal PairwiseDistance =
    let p = Key.number "p" 2.0 "Which norm: 2 for the Euclidean one."
    let eps = Key.number "eps" 1e-6 "Added to each difference, for numerical stability."
    let keepdim = Key.flag "keepdim" false "Whether the last dimension stays, as one of size 1."

    // Source: PyTorch docs, torch.nn.PairwiseDistance, "Shape": the norm of a difference over the last dimension.
    let private rule (arguments: Arguments) (inputs: Shape list) : Result<Inference, OpShape.Problem> =
        match inputs with
        | [ _; _ ] ->
            OpShape.infer (Deeplay.Core.Op.Binary BinaryOp.Sub) inputs
            |> Result.bind (fun outputs ->
                match outputs.Head with
                | Ranked [] as scalar -> Rule.fail "inputs of at least 1 dimension" scalar
                | Ranked dims ->
                    let outer = List.take (dims.Length - 1) dims
                    Rule.gives (Ranked(if arguments.Get keepdim then outer @ [ Known 1L ] else outer))
                | Unranked -> Rule.gives Unranked)
        | _ -> Rule.fail "2 inputs" inputs.Length

    let definition =
        Layer.create
            "PairwiseDistance"
            [ p; eps; keepdim ]
            rule
            "The distance of vectors: the norm of x₁ − x₂ + eps over the last dimension."
            "two inputs that broadcast → their shape without the last dimension, or with it of size 1 with keepdim"
        |> Layer.taking KindRule.floatsOfNumbers
        // As PyTorch prints it.
        |> Definition.withExtra (fun _ -> "")
        |> Definition.withExample [] [ Example.tensor [ 4; 3 ]; Example.tensor [ 4; 3 ] ]
