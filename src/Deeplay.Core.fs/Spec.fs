namespace Deeplay.Core

/// Making specs and recording changes on them. Nothing is checked here against the tree: `Change` does that.
[<RequireQualifiedAccess>]
module Spec =
    /// A spec of a definition with arguments as given.
    let create (definition: Definition) (arguments: Map<string, Value>) : ModuleSpec =
        {
            Definition = definition
            Arguments = arguments
            Config = Config.empty
            Steps = []
            Undone = []
            Focus = None
            Group = None
            IsFree = arguments |> Map.exists (fun _ value -> Value.isFree value)
            Cache = TreeCache None
        }

    /// The spec as it was made, before every change.
    let origin (spec: ModuleSpec) = create spec.Definition spec.Arguments

    /// The names that settings of these kinds are kept under. No parameter can have them.
    [<Literal>]
    let IdentityKey = "@module"

    [<Literal>]
    let HooksKey = "@hooks"

    [<Literal>]
    let InputsKey = "@inputs"

    [<Literal>]
    let OutputsKey = "@outputs"

    /// The settings that a change amounts to, by name.
    let settings change =
        match change with
        | Configure(name, value) -> [ name, Set value ]
        | Become(kind, arguments) ->
            (IdentityKey, Set(Kind kind))
            :: [ for KeyValue(name, value) in arguments -> name, Set value ]
        | Replace spec -> [ IdentityKey, Set(Module spec) ]
        | Hooked hook -> [ HooksKey, Run hook ]
        | MapInputs keys ->
            [
                InputsKey, Set(List [ for input, key in keys -> List [ Text input; Text key ] ])
            ]
        | MapOutputs keys ->
            [
                OutputsKey, Set(List [ for key, place in keys -> List [ Text key; Int(int64 place) ] ])
            ]

    /// Adds the settings of a change for these tags.
    let addChange source stamp location (tags: Tag list) change config =
        let item setting =
            {
                Source = source
                Stamp = stamp
                Location = location
                Value = setting
            }

        Config.addAll tags (settings change |> List.map (fun (name, setting) -> name, item setting)) config

    /// The spec with one more step on its tape. Steps that had been undone are gone for good.
    let record (step: Step) (spec: ModuleSpec) : ModuleSpec =
        let stamp =
            match spec.Steps with
            | [] -> [ 1 ]
            | _ -> [ spec.Steps.Length + 1 ]

        let config =
            addChange Detached stamp step.Location step.Targets step.Change spec.Config

        { spec with
            Config = config
            Steps = step :: spec.Steps
            Undone = []
            IsFree = true
            Cache = TreeCache(Some({ spec with Focus = None }, step.Targets))
        }
