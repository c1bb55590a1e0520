namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// What blocks around one layer have in common: its activation, normalization and dropout.
module internal LayerBlock =
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

    /// A module with those of these arguments of a block that are set.
    let withSet (definition: Definition) (names: string seq) (arguments: Arguments) : ModuleSpec =
        let add given name =
            match arguments[name] with
            | Unset
            | Null -> given
            | value -> Map.add name value given

        Spec.create definition (Seq.fold add Map.empty names)

    /// The child that is given, by its name; none where it is null.
    let given name (spec: ModuleSpec option) = spec |> Option.map (fun spec -> name, spec) |> Option.toList

    /// The children of a block around `layer`, which is as wide as these keys say.
    let children (input: Param<int>) (output: Param<int>) layer (arguments: Arguments) : (string * ModuleSpec) list =
        let fitted spec =
            let isFirst =
                arguments.Get order
                |> Option.defaultValue []
                |> List.tryFind (fun name -> name = "layer" || name = "normalization")
                |> (=) (Some "normalization")

            let width = arguments.TryGet(if isFirst then input else output)
            BlockWidth.give (Option.map int64 width) spec

        ("layer", layer) :: given "activation" (arguments.Get activation)
        @ given "normalization" (arguments.Get normalization |> Option.map fitted)
        @ given "dropout" (dropoutOf arguments["dropout"])
