namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

module private Lists =
    let layers =
        Param.specs "layers"
        |> Param.withDefault []
        |> Param.withDocumentation "The modules, in order; they are named 0, 1, …"

    let rec private flat value =
        match value with
        | List items -> List.collect flat items
        | other -> [ other ]

    /// A list within the list counts as its items.
    let private prepare (arguments: Map<string, Value>) =
        match arguments.TryFind layers.Name with
        | Some(List items) when items |> List.exists (fun item -> item.IsList) ->
            arguments.Add(layers.Name, List(List.collect flat items))
        | _ -> arguments

    // Names are identities, not places: what was set for "2" was set for that module, so that it keeps its name, and
    // with it its settings and its weights in a file, when another is put in before it or taken away.
    let create id parameters documentation shapes (forward: Arguments -> Init<Forward>) =
        Definition.create id parameters (fun arguments builder ->
            arguments.Get layers |> List.iteri (fun i spec -> builder.Attach(string i, spec, Last))
            forward arguments builder)
        |> Definition.withDocumentation documentation
        |> Definition.withPrepare prepare
        |> Definition.withMethods Edit.all
        |> Definition.withPositional [ layers ]
        |> Definition.withShapes shapes

/// A name stays its module's own: edits rename nobody, and a child that is put in without a name, wherever it goes, gets the
/// next number that was never given. A selector says a name (`blocks/3`) or a place (`blocks/-1`, `blocks/0:1`).
module internal LayerList =
    let layers = Lists.layers

    let definition =
        Lists.create "LayerList" [ layers ] "Modules in a list." "no forward pass of its own" (fun _ ->
            init { return NoForward })
        |> Definition.withSource "torch.nn.ModuleList"
        |> Definition.withExample [ layers => [ Samples.linear 3 4; Samples.linear 4 2 ] ] []
        |> Definition.withSource "Deeplay, LayerList"

module internal Sequential =
    let layers = Lists.layers

    let definition =
        Lists.create
            "Sequential"
            [ layers ]
            "Modules that run one after another."
            "what the first takes → what the last gives"
            (fun _ -> init { return forwardChain })
        |> Definition.withBase LayerList.definition
        |> Definition.withSource "torch.nn.Sequential"
        |> Definition.withExample [ layers => [ Samples.linear 3 4; Samples.relu ] ] [ Example.tensor [ 2; 3 ] ]

/// With an output map (`Module.outputsTo`) in the place of keys the outputs come beside the named tensors it was given.
module internal Parallel =
    let layers = Lists.layers

    let keys =
        Param.list (Param.text "keys")
        |> Key.optional
            "The names of the outputs, one for each module, which are then all that it gives; null for none. A module that was put in later names its output by its own name."

    let private run (arguments: Arguments) (builder: Builder) : Forward =
        let keyOf: string -> string =
            match arguments.Get keys with
            | None -> fun _ -> ""
            | Some names ->
                Edit.checkNames arguments keys.Name names (arguments.Get layers)
                let known = names |> List.mapi (fun i name -> string i, name) |> Map.ofList
                fun child -> known.TryFind child |> Option.defaultValue child

        forwardNamed [ "input" ] (fun inputs ->
            builder.Children
            |> List.map (fun child -> keyOf child, callOn { Target = Tag.ofNames [ child ] } inputs))

    let definition =
        Lists.create
            "Parallel"
            [ layers; keys ]
            "Modules that all run on the same input."
            "one input → an output of each module"
            run
        |> Definition.withBase LayerList.definition
        |> Definition.withSource "Deeplay, Parallel"
        |> Definition.withExample [ layers => [ Samples.linear 3 4; Samples.linear 3 2 ] ] [ Example.tensor [ 2; 3 ] ]
