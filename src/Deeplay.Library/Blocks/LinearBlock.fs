namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

module internal LinearBlock =
    let inFeatures =
        Key.positive "in_features" "The input's last size; inferred where null."
        |> Param.inferred
        |> Key.nullable

    let outFeatures = Linear.outFeatures
    let bias = Key.bias
    let activation = LayerBlock.activation
    let normalization = LayerBlock.normalization
    let dropout = LayerBlock.dropout
    let order = LayerBlock.order

    /// A linear layer with those of these arguments that are set.
    let private linear (keys: Param list) = LayerBlock.withSet Linear.definition [ for key in keys -> key.Name ]

    let private children (arguments: Arguments) =
        let layer = linear [ Linear.inFeatures; Linear.outFeatures; Linear.bias ] arguments
        LayerBlock.children inFeatures outFeatures layer arguments

    let private kind =
        {
            Normalization = fun _ -> Spec.create BatchNorm1d.definition Map.empty
            Shortcut =
                fun builder ->
                    match builder.Arguments.TryGet inFeatures, builder.Arguments.TryGet outFeatures with
                    | Some input, Some output when input = output -> Spec.create Identity.definition Map.empty
                    | _ -> linear [ Linear.inFeatures; Linear.outFeatures ] builder.Arguments
        }

    let definition =
        Definition.create
            "LinearBlock"
            [ inFeatures; outFeatures; bias; activation; normalization; dropout; order ]
            (SequentialBlock.run children)
        |> Definition.withDocumentation "A linear layer with its activation, normalization and dropout."
        |> SequentialBlock.withEdits kind
        |> Definition.withBase SequentialBlock.definition
        |> Definition.withShapes "(…, in_features) → (…, out_features)"
        |> Definition.withSource "Deeplay, LinearBlock"
        |> Definition.withExample [ inFeatures => 3; outFeatures => 4 ] [ Example.tensor [ 2; 3 ] ]
