namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

module private ListHelpers =
    let layers =
        Param.specs "layers"
        |> Param.withDefault []
        |> Param.withDocumentation "The modules, in order; they are named 0, 1, …"

    /// A list within the list counts as its items.
    let prepare (arguments: Map<string, Value>) =
        let rec flat value =
            match value with
            | List items -> List.collect flat items
            | other -> [ other ]

        match arguments.TryFind layers.Name with
        | Some(List items) when
            items
            |> List.exists (fun item ->
                match item with
                | List _ -> true
                | _ -> false)
            ->
            arguments.Add(layers.Name, List(List.collect flat items))
        | _ -> arguments

    let attach (arguments: Arguments) (builder: Builder) =
        arguments.Get layers |> List.iteri (fun i spec -> builder.Attach(string i, spec, Last))

    // Names are identities, not places: what was set for "2" was set for that module, so that it keeps its name, and
    // with it its settings and its weights in a file, when another is put in before it or taken away.
    let finish documentation definition =
        definition
        |> Definition.withDocumentation documentation
        |> Definition.withPrepare prepare
        |> Definition.withMethods Edit.all

open ListHelpers

/// Modules in a list, without a forward pass of its own: whoever holds it calls them.
///
/// The children are named 0, 1, …, as in PyTorch's `ModuleList`. A name stays its module's own: edits rename nobody, and a
/// child that is put in without a name, wherever it goes, gets the next number that was never given. A selector says a
/// name (`blocks/3`) or a place (`blocks/-1`, `blocks/0:1`).
module internal LayerList =
    /// The modules, in order.
    let layers = layers

    /// Parameters: layers.
    let definition =
        Definition.create "LayerList" [ layers ] (fun arguments ->
            init {
                do! attach arguments
                return NoForward
            })
        |> finish "Modules in a list."
        |> Definition.withPositional [ layers ]
        |> Definition.withShapes "no forward pass of its own"
        |> Definition.withSource "torch.nn.ModuleList"
        |> Definition.withSource "Deeplay, LayerList"

/// Modules that run one after another. Names are as in `LayerList`.
module internal Sequential =
    /// The modules, in order.
    let layers = layers

    /// Parameters: layers.
    let definition =
        Definition.create "Sequential" [ layers ] (fun arguments ->
            init {
                do! attach arguments
                return forwardChain
            })
        |> finish "Modules that run one after another."
        |> Definition.withBase LayerList.definition
        |> Definition.withPositional [ layers ]
        |> Definition.withShapes "what the first takes → what the last gives"
        |> Definition.withSource "torch.nn.Sequential"

/// Modules that all run on the same input; as many outputs as there are modules. Names are as in `LayerList`.
module internal Parallel =
    /// The modules, in order.
    let layers = layers

    /// The names of the outputs, one for each of `layers`; null where the outputs have none. A module that was put in
    /// later names its output by its own name. These tensors are all that it gives; with an output map
    /// (`Module.outputsTo`) in the place of keys they come beside the named tensors it was given.
    let keys =
        Param.list (Param.text "keys")
        |> Param.optional
        |> Param.withDefault None
        |> Param.withDocumentation "The names of the outputs, one for each module; null for none."

    let private run (arguments: Arguments) (builder: Builder) : Forward =
        let count = (arguments.Get layers).Length

        let keyOf: string -> string =
            match arguments.Get keys with
            | None -> fun _ -> ""
            | Some names when names.Length <> count ->
                Fail.with' (
                    WrongValue(
                        builder.Tag,
                        builder.Definition.Id,
                        "keys",
                        $"one name for each of the {count} layers",
                        $"{names.Length} names"
                    )
                )
            | Some names ->
                let known = names |> List.mapi (fun i name -> string i, name) |> Map.ofList
                fun child -> known.TryFind child |> Option.defaultValue child

        forwardNamed [ "input" ] (fun inputs ->
            builder.Children
            |> List.map (fun child -> keyOf child, callOn { Target = Tag.ofNames [ child ] } inputs))

    /// Parameters: layers, keys.
    let definition =
        Definition.create "Parallel" [ layers; keys ] (fun arguments ->
            init {
                do! attach arguments
                return! run arguments
            })
        |> finish "Modules that all run on the same input."
        |> Definition.withBase LayerList.definition
        |> Definition.withPositional [ layers ]
        |> Definition.withShapes "one input → an output of each module"
        |> Definition.withSource "Deeplay, Parallel"
