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
    let activation = Key.optionalSpec "activation" "The activation; none where null."
    let normalization = Key.optionalSpec "normalization" "The normalization; none where null."

    let dropout =
        Param.float "dropout"
        |> Key.optional "The dropout: its probability, or a module; none where null."
        |> Key.mixed Null (fun _ value ->
            match value with
            | Null
            | Module _
            | Kind _ -> None
            | Int _
            | Float _ -> Dropout.p.Parameter.Check value
            | _ -> Some "a probability, a module or null")

    let order = SequentialBlock.order

    let private dropoutOf (value: Value) =
        match value with
        | Module spec -> Some spec
        | Kind definition -> Some(Spec.create definition Map.empty)
        | Int _
        | Float _ -> Some(Spec.create Dropout.definition (Map.ofList [ Dropout.p.Name, value ]))
        | _ -> None

    let private widths: Param list = [ Linear.inFeatures; Linear.outFeatures ]
    let private everything: Param list = widths @ [ Linear.bias ]

    /// A linear layer with those of these arguments that are set.
    let private linear (arguments: Arguments) (keys: Param list) =
        let add given (key: Param) =
            match arguments[key.Name] with
            | Unset
            | Null -> given
            | value -> Map.add key.Name value given

        Spec.create Linear.definition (List.fold add Map.empty keys)

    let private children (arguments: Arguments) =
        let fitted spec =
            let isFirst =
                arguments.Get order
                |> Option.defaultValue []
                |> List.tryFind (fun name -> name = "layer" || name = "normalization")
                |> (=) (Some "normalization")

            let width = arguments.TryGet(if isFirst then inFeatures else outFeatures)
            BlockWidth.give (Option.map int64 width) spec

        let given name spec = spec |> Option.map (fun spec -> name, spec) |> Option.toList

        ("layer", linear arguments everything) :: given "activation" (arguments.Get activation)
        @ given "normalization" (arguments.Get normalization |> Option.map fitted)
        @ given "dropout" (dropoutOf arguments["dropout"])

    let private kind =
        {
            Normalization = fun _ -> Spec.create BatchNorm1d.definition Map.empty
            Shortcut =
                fun builder ->
                    match builder.Arguments.TryGet inFeatures, builder.Arguments.TryGet outFeatures with
                    | Some input, Some output when input = output -> Spec.create Identity.definition Map.empty
                    | _ -> linear builder.Arguments widths
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
