namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// A linear layer with what belongs to it: layer, activation, normalization, dropout, of which only the layer must be
/// there. (…, in_features) → (…, out_features).
module internal LinearBlock =
    /// The input's last size; inferred where it is null.
    let inFeatures =
        Common.nullable (Common.positive "in_features")
        |> Param.inferred
        |> Param.withDocumentation "The input's last size; inferred where null."

    /// The output's last size.
    let outFeatures = Common.positive "out_features" |> Param.withDocumentation "The output's last size."

    /// Whether the layer has a learned bias.
    let bias = Common.bias

    /// The activation; none where it is null.
    let activation =
        Param.spec "activation"
        |> Param.optional
        |> Param.withDefault None
        |> Param.withDocumentation "The activation; none where null."

    /// The normalization; none where it is null. Its width follows that of the layer.
    let normalization =
        Param.spec "normalization"
        |> Param.optional
        |> Param.withDefault None
        |> Param.withDocumentation "The normalization; none where null."

    /// The probability of the dropout, or by name (`configure "dropout"`) a module; none where it is null.
    let dropout =
        let number = Param.float "dropout" |> Param.optional

        number.With(fun p ->
            { p with
                Type = AnyType
                Default = Null
                Documentation = "The dropout: its probability, or a module; none where null."
                Check =
                    fun value ->
                        match value with
                        | Null
                        | Module _
                        | Kind _ -> None
                        | Int _
                        | Float _ -> Dropout.p.Parameter.Check value
                        | _ -> Some "a probability, a module or null"
            })

    /// The names of the children in the order they run.
    let order = SequentialBlock.order

    let private dropoutOf (value: Value) =
        match value with
        | Module spec -> Some spec
        | Kind definition -> Some(Spec.create definition Map.empty)
        | Int _
        | Float _ -> Some(Spec.create Dropout.definition (Map.ofList [ Dropout.p.Name, value ]))
        | _ -> None

    let private linear (arguments: Arguments) =
        [ Linear.inFeatures.Name; Linear.outFeatures.Name; Linear.bias.Name ]
        |> List.choose (fun name ->
            match arguments[name] with
            | Unset
            | Null -> None
            | value -> Some(name, value))
        |> Map.ofList
        |> Spec.create Linear.definition

    let private children (arguments: Arguments) =
        let output = arguments.TryGet outFeatures |> Option.map int64

        [
            "layer", linear arguments
            match arguments.Get activation with
            | Some spec -> "activation", spec
            | None -> ()
            match arguments.Get normalization with
            | Some spec ->
                let input = arguments.TryGet inFeatures |> Option.map int64

                let isFirst =
                    match arguments.Get order with
                    | None -> false
                    | Some names ->
                        match List.tryFind (fun n -> n = "layer" || n = "normalization") names with
                        | Some "normalization" -> true
                        | _ -> false

                "normalization", BlockWidth.give (if isFirst then input else output) spec
            | None -> ()
            match dropoutOf arguments["dropout"] with
            | Some spec -> "dropout", spec
            | None -> ()
        ]

    let private kind =
        {
            Normalization = fun _ -> Spec.create BatchNorm1d.definition Map.empty
            Shortcut =
                fun builder ->
                    match builder.Arguments.TryGet inFeatures, builder.Arguments.TryGet outFeatures with
                    | Some input, Some output when input = output -> Spec.create Identity.definition Map.empty
                    | input, output ->
                        [
                            match input with
                            | Some input -> Linear.inFeatures => input
                            | None -> ()
                            match output with
                            | Some output -> Linear.outFeatures => output
                            | None -> ()
                        ]
                        |> Map.ofList
                        |> Spec.create Linear.definition
        }

    /// Parameters: in_features, out_features, bias, activation, normalization, dropout, order.
    let definition =
        Definition.create
            "LinearBlock"
            [ inFeatures; outFeatures; bias; activation; normalization; dropout; order ]
            (fun arguments ->
                init {
                    do! SequentialBlock.attach arguments (children arguments)
                    return! SequentialBlock.forward
                })
        |> Definition.withDocumentation "A linear layer with its activation, normalization and dropout."
        |> SequentialBlock.withEdits kind
        |> Definition.withBase SequentialBlock.definition
        |> Definition.withShapes "(…, in_features) → (…, out_features)"
        |> Definition.withSource "Deeplay, LinearBlock"
