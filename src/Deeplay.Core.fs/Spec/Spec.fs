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
            IsClaimed = arguments |> Map.exists (fun _ value -> Value.isClaimed value)
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

    let private pairs (read: Value list -> 'a option) value =
        match value with
        | List items ->
            items
            |> List.choose (fun item ->
                match item with
                | List pair -> read pair
                | _ -> None)
        | _ -> []

    /// The input map that a setting holds.
    let inputsOf =
        pairs (fun pair ->
            match pair with
            | [ Text input; Text key ] -> Some(input, key)
            | _ -> None)

    /// The output map that a setting holds.
    let outputsOf =
        pairs (fun pair ->
            match pair with
            | [ Text key; Int place ] -> Some(key, int place)
            | _ -> None)

    /// The change that amounts to one setting.
    let changeOf key setting =
        match key, setting with
        | _, Run hook -> Hooked hook
        | IdentityKey, Set(Kind kind) -> Become(kind, Map.empty)
        | IdentityKey, Set(Module spec) -> Replace spec
        | InputsKey, Set value -> MapInputs(inputsOf value)
        | OutputsKey, Set value -> MapOutputs(outputsOf value)
        | name, Set value -> Configure(name, value)

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

        let isClaimed (_, setting) =
            match setting with
            | Set value -> Value.isClaimed value
            | Run hook -> hook.Arguments |> Map.exists (fun _ value -> Value.isClaimed value)

        { spec with
            Config = config
            Steps = step :: spec.Steps
            Undone = []
            IsFree = true
            IsClaimed = spec.IsClaimed || settings step.Change |> List.exists isClaimed
            Cache = TreeCache(Some({ spec with Focus = None }, step.Targets))
        }
