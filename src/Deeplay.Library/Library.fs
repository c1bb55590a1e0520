namespace Deeplay.Library

open System
open System.Reflection
open Deeplay.Core
open Deeplay.FSharp

/// Everything of the library that a saved spec can name. Nobody lists it: it is what the modules of the library hold. In which
/// group it is follows from its kind, or from the mark of its holder; whatever has neither is a component.
module internal Library =
    let private flags =
        BindingFlags.Public ||| BindingFlags.NonPublic ||| BindingFlags.Static ||| BindingFlags.Instance

    let private values (holder: Type) (from: obj) =
        [
            for property in holder.GetProperties flags do
                let kind = property.PropertyType

                // Optimized code keeps what a pipe passes on as `arg@1`.
                if
                    not (property.Name.Contains '@')
                    && (kind = typeof<Definition> || typeof<Param>.IsAssignableFrom kind)
                then
                    property.Name, property.GetValue from
        ]

    let private groupOf (holder: Type) =
        holder.GetCustomAttributes<GroupAttribute>() |> Seq.tryHead |> Option.map _.Name

    // The path of each holder in a module, the group that it is marked with, and what it holds.
    let private found: (string * string option * (string * obj) list) list list =
        [
            for holder in Assembly.GetExecutingAssembly().GetTypes() do
                // What F# makes of a module.
                if holder.IsAbstract && holder.IsSealed && not holder.IsNested then
                    [
                        string holder, groupOf holder, values holder null

                        for property in holder.GetProperties flags do
                            let kind = property.PropertyType

                            if kind.Namespace = "Deeplay.Library" then
                                $"{holder}.{property.Name}", groupOf kind, values kind (property.GetValue null)
                    ]
        ]

    /// What holds definitions and the keys to their parameters, with these by their names: modules, and values in one.
    let holders: (string * (string * obj) list) list = [ for path, _, held in List.concat found -> path, held ]

    let private definitions (held: (string * obj) list) =
        held
        |> List.choose (function
            | _, (:? Definition as definition) -> Some definition
            | _ -> None)

    let private inGroups found : (string option * Definition) list =
        List.concat found
        |> List.collect (fun (_, group, held) -> [ for definition in definitions held -> group, definition ])
        |> List.distinctBy snd

    let private all: Definition list = inGroups found |> List.map snd

    // The compiler writes modules the last one first: this is the order of their files.
    let private inOrder: (string option * Definition) list = inGroups (List.rev found)

    /// What others are special cases of, and nobody makes.
    let bases: Definition list =
        [
            Layer.definition
            Activation.definition
            RNNBase.definition
            MergeOp.definition
            Losses.definition
            Optimizers.definition
            Metrics.definition
            Schedules.definition
            Applications.trainable
            Applications.definition
        ]

    let private kindsOf (parent: Definition) = all |> List.filter _.Is(parent) |> List.except bases

    let private marked (group: string) =
        [
            for mark, definition in inOrder do
                if mark = Some group then definition
        ]

    /// Activations, which are layers too.
    let activations: Definition list = kindsOf Activation.definition

    /// Other layers, which torch makes.
    let layers: Definition list = kindsOf Layer.definition |> List.except activations

    // Each group but the components, with its documentation.
    let private others: (string * string * Definition list) list =
        [
            "Layers",
            "Layers, with PyTorch's names, parameters and defaults.",
            layers
            @ activations
            @ kindsOf LayerList.definition
            @ kindsOf MergeOp.definition
            @ marked "Layers"
            // Of the core.
            @ [ Logging.fromLogs ]
            "Blocks",
            "Blocks: named children that run in order, and are there to be edited.",
            kindsOf SequentialBlock.definition
            "Models", "Models, of usual sizes and for usual tasks.", marked "Models"
            "Losses",
            "Loss functions: modules of two inputs, the prediction and the target. Parameters and defaults are PyTorch's.",
            kindsOf Losses.definition
            "Optimizers",
            "Optimizers: configured like any module, and made over the parameters when training starts. Parameters and "
            + "defaults are PyTorch's.",
            kindsOf Optimizers.definition @ marked "Optimizers"
            "Metrics",
            "Metrics: what is measured beside the loss, over all examples, however they come in batches. Names, parameters and "
            + "defaults are torchmetrics'.",
            kindsOf Metrics.definition @ marked "Metrics"
            "Schedules",
            "Schedules: how the step size of an optimizer changes with time. Names, parameters and defaults are PyTorch's.",
            kindsOf Schedules.definition @ marked "Schedules"
            "Applications",
            "Models with all it takes to train them: modules that are configured, explained and saved like any other.",
            kindsOf Applications.trainable
        ]
        |> List.map (fun (group, documentation, found) -> group, documentation, List.except bases found)

    // What is nowhere else.
    let private components =
        let elsewhere = others |> List.collect (fun (_, _, definitions) -> definitions)
        List.map snd inOrder |> List.except (bases @ elsewhere)

    /// What has a factory, by the names of the modules (F#) and classes (C#) that hold the factories, each with its
    /// documentation.
    let groups: (string * string * Definition list) list =
        let before, behind = List.splitAt 2 others
        before @ ("Components", "Components: what models are made of.", components) :: behind

    /// Every definition of the library. The methods and styles of each are found through it.
    let registry: Registry =
        bases @ List.collect (fun (_, _, definitions) -> definitions) groups
        |> List.fold (fun registry definition -> Registry.add definition registry) Registry.empty
        |> Registry.addAction Logging.input
        |> Registry.addAction Logging.output
        |> Registry.addAction Reparametrization.frozen
