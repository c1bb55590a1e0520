namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

module internal CosineSimilarity =
    let dim = Key.whole "dim" 1 "The dimension that the vectors lie along."
    let eps = Key.number "eps" 1e-8 "The least product of norms that is divided by, for numerical stability."

    let private rule (arguments: Arguments) (inputs: Shape list) : Result<Inference, OpShape.Problem> =
        match inputs with
        | [ _; _ ] ->
            let op = ProductOp.CosineSimilarity(arguments.Get dim, arguments.Get eps)

            OpShape.infer (Deeplay.Core.Op.Product op) inputs
            |> Result.map (fun outputs -> { Outputs = outputs; Inferred = [] })
        | _ -> Rule.fail "2 inputs" inputs.Length

    let definition =
        Layer.create
            "CosineSimilarity"
            [ dim; eps ]
            rule
            "The cosine of the angle between vectors: x₁ · x₂ / max(‖x₁‖ ‖x₂‖, eps)."
            "two inputs that broadcast → their shape without dim"
        |> Definition.withExample [] [ Example.tensor [ 2; 8 ]; Example.tensor [ 2; 8 ] ]
        // As PyTorch prints it.
        |> Definition.withExtra (fun _ -> "")
