namespace Deeplay.Core

/// Making specs and recording changes on them. Nothing is checked here against the tree: `Change` does that.
[<RequireQualifiedAccess>]
module Spec =
    /// A spec of a definition with arguments as given.
    let create (definition: Definition) (arguments: Map<string, Value>) : ModuleSpec =
        let holdsModules = arguments |> Map.exists (fun _ value -> Owners.isFree value)
        let holdsOwned = arguments |> Map.exists (fun _ value -> Owners.isOwned value)

        let memory =
            if holdsModules || holdsOwned then
                { SpecMemory.Nothing with HoldsModules = holdsModules; HoldsOwned = holdsOwned }
            else
                SpecMemory.Nothing

        ModuleSpec(definition, arguments, [], [], memory, None)

    /// The spec as it was made, before every change.
    let origin (spec: ModuleSpec) = create spec.Definition spec.Arguments

    /// Adds the settings of a change for these tags.
    let internal addChange source order location (tags: Tag list) (change: Change) config =
        let item setting = { Source = source; Order = order; Location = location; Value = setting }

        Config.addAll tags (change.Verb.Settings change |> List.map (fun (key, setting) -> key, item setting)) config

    let private recordWith undone (step: Step) (spec: ModuleSpec) : ModuleSpec =
        let memory = spec.Memory
        let number = memory.Count + 1

        let config = addChange Detached (Order.step number) step.Location step.Targets step.Change memory.Config

        let holdsOwned =
            memory.HoldsOwned
            || Owners.isOwned step.Change.Subject
            || step.Change.Arguments |> Map.exists (fun _ value -> Owners.isOwned value)

        spec.Told(
            step :: spec.Steps,
            undone,
            { memory with Config = config; Count = number; HoldsOwned = holdsOwned },
            Some(spec, step.Targets)
        )

    /// The spec with one more step on its tape. Steps that had been undone are gone for good.
    let record (step: Step) (spec: ModuleSpec) = recordWith [] step spec

    /// The spec with the step that was undone last done again.
    let internal redo (spec: ModuleSpec) =
        match spec.Undone with
        | next :: later -> recordWith later next spec
        | [] -> spec

    /// The spec without its last step.
    let internal undo (spec: ModuleSpec) =
        match spec.Steps with
        | last :: before ->
            let memory = spec.Memory
            let number = memory.Count

            let keep (item: ConfigItem<Setting>) = if Order.number item.Order = number then None else Some item

            spec.Told(
                before,
                last :: spec.Undone,
                { memory with
                    Config = Config.choose (fun _ _ item -> keep item) memory.Config
                    Count = number - 1
                    Owners = Owners.truncate (number - 1) memory.Owners
                },
                Some(spec, last.Targets)
            )
        | [] -> spec

    /// The spec, its newest steps told otherwise: `steps` say the same settings as the steps there are.
    let internal withSteps steps (spec: ModuleSpec) = spec.Told(steps, spec.Undone, spec.Memory, Some(spec, []))

    /// The spec with one more argument. It stands with those that the spec was given.
    let withArgument name value (spec: ModuleSpec) : ModuleSpec =
        let memory = spec.Memory

        ModuleSpec(
            spec.Definition,
            spec.Arguments.Add(name, value),
            spec.Steps,
            spec.Undone,
            { memory with
                HoldsModules = memory.HoldsModules || Owners.isFree value
                HoldsOwned = memory.HoldsOwned || Owners.isOwned value
            },
            None
        )

    /// An equal spec of which no tree is remembered.
    let internal forget (spec: ModuleSpec) = Owners.withOwners spec.Memory.Owners spec

    /// A spec that brings these changes as its steps, each of somebody: who made it, and when.
    let internal ofOwned definition arguments (steps: (Tag list * Change * _ * Source * Order) list) =
        let record (spec: ModuleSpec) (targets, change, location, _, _) =
            let step = { Targets = targets; Change = change; Group = None; Continues = false; Location = location }

            record step spec

        let spec = List.fold record (create definition arguments) steps

        let owners =
            steps
            |> List.mapi (fun i (_, _, _, source, order) -> { Steps = i + 1; Source = source; Order = order })
            |> List.rev

        Owners.withOwners owners spec

    let rec private releaseValue value =
        match value with
        | Module spec -> Module(release spec)
        | List values when List.exists Owners.isOwned values -> List(List.map releaseValue values)
        | _ -> value

    /// The spec as nobody's, as when it was made: what a user took out of a tree must forget whose it was there, or it would
    /// construct otherwise than its equal that was made anew.
    and internal release (spec: ModuleSpec) : ModuleSpec =
        let memory = spec.Memory

        if memory.Owners.IsEmpty && not memory.HoldsOwned then
            spec
        else
            let releaseAll = Map.map (fun _ value -> releaseValue value)

            let releaseChange (change: Change) =
                { change with Subject = releaseValue change.Subject; Arguments = releaseAll change.Arguments }

            List.foldBack
                (fun (step: Step) -> record { step with Change = releaseChange step.Change })
                spec.Steps
                (create spec.Definition (releaseAll spec.Arguments))
            |> fun released -> released.Told(released.Steps, spec.Undone, released.Memory, None)
