namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// x / √(mean of x² + eps) · weight.
[<Group "Layers">]
module internal RMSNorm =
    let normalizedShape =
        Param.perDimension "normalized_shape"
        |> Param.withCheck "one positive int or more" (fun sizes ->
            not sizes.IsEmpty && List.forall (fun size -> size > 0) sizes)
        |> Param.withDocumentation "The sizes of the last dimensions, which are normalized over."

    let eps =
        Key.nullable (Param.float "eps")
        |> Param.withDocumentation "Added to the mean square; the least step of a float32 where null."

    let elementwiseAffine = Key.flag "elementwise_affine" true "Whether the result is scaled by learned numbers."

    // Source: PyTorch docs, torch.nn.RMSNorm: torch.finfo(x.dtype).eps.
    let private float32Step = 1.1920928955078125e-7

    let definition =
        Definition.create "RMSNorm" [ normalizedShape; eps; elementwiseAffine ] (fun arguments ->
            let sizes = arguments.Get normalizedShape
            let dims = [ for i in 1 .. sizes.Length -> -i ]
            let eps = arguments.TryGet eps |> Option.defaultValue float32Step
            let normalize x = x * Op.rsqrt (Op.meanKeep dims (Op.square x) + eps)

            init {
                if arguments.Get elementwiseAffine then
                    let! weight = parameter "weight" sizes Initial.ones
                    return forward (fun x -> normalize x * weight)
                else
                    return forward normalize
            })
        |> Definition.withDocumentation
            "Divides by the root of the mean square over the last dimensions of each example."
        |> Definition.withPositional [ normalizedShape ]
        |> Definition.withExtra (Extra.placed [ "normalized_shape" ] [ "eps"; "elementwise_affine" ])
        |> Definition.withShapes "(…, normalized_shape) → the same"
        |> Definition.withExample [ normalizedShape => [ 8 ] ] [ Example.tensor [ 2; 5; 8 ] ]
        |> Definition.withSource "Zhang and Sennrich, 2019, Root Mean Square Layer Normalization"
        |> Definition.withSource "torch.nn.RMSNorm"
