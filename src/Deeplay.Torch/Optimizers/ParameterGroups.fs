namespace Deeplay.Torch

open System
open Deeplay.Core
open Deeplay.Library

/// Which parameters an optimizer steps, and how otherwise than the rest.
module internal ParameterGroups =
    /// The number of this name: a parameter of the definition, or one of the two `betas`.
    let number (a: Arguments) name : float =
        match name with
        | "beta1" -> a.Get(Optimizers.betas)[0]
        | "beta2" -> a.Get(Optimizers.betas)[1]
        | _ ->
            match a[name] with
            | Bool flag -> if flag then 1.0 else 0.0
            | Float number -> number
            | other -> Fail.with' (WrongValue(a.Tag, a.Kind, name, "a number", Value.print other))

    // The tag of what has a parameter, and the parameter's own name.
    let private split (parameter: string) =
        let names = parameter.Split '.'
        Tag.ofNames names[.. names.Length - 2], names[names.Length - 1]

    /// The parameters that a selector means: those of the modules it selects, shared ones under any of their names, and those that
    /// its last part names. Each is given with the name that stands for it. None is an error.
    let select (root: Node) (parameters: (string * string) list) (text: string) : Set<string> =
        let selector = SelectorText.parse text

        // A layer may keep its parameters in a part that the tree does not know.
        let within (modules: (Tag * Node) list) =
            let tags =
                [ for tag, node in modules -> Tree.walkFrom tag node |> Seq.map (fun (_, node, _) -> node.Tag) ]
                |> Seq.concat
                |> Set.ofSeq

            let rec isIn (tag: Tag) =
                tags.Contains tag
                || (tag <> Tag.root && isIn (Tag.ofNames (List.take (tag.Names.Length - 1) tag.Names)))

            [
                for name, first in parameters do
                    if isIn (fst (split name)) then first
            ]

        let named =
            match List.rev selector with
            | OneFrom choices :: above ->
                let names =
                    [
                        for choice in choices do
                            for pick in choice.AnyOf do
                                match pick with
                                | Named name when choice.Only.IsEmpty && choice.Which.IsNone -> name
                                | _ -> ()
                    ]

                let owners =
                    Selector.select (List.rev above) Tag.root root |> List.map (fun (_, node) -> node.Tag) |> Set.ofList

                [
                    for name, first in parameters do
                        let owner, own = split name
                        if List.contains own names && owners.Contains owner then first
                ]
            | _ -> []

        match named @ within (Selector.select selector Tag.root root) with
        | [] ->
            match Selector.select selector Tag.root root with
            | [] -> Fail.with' (Selector.empty selector Tag.root root)
            | _ -> Fail.with' (EmptySelection(text, "what it selects has no parameters", []))
        | found -> Set.ofList found

    // What a group says of an optimizer's numbers.
    let private settingsOf (optimizer: Arguments) (group: Arguments) : Map<string, float> =
        Map.ofList
            [
                for key in Optimizers.ownOfGroups do
                    match group[key.Name] with
                    | Null -> ()
                    | _ when not (optimizer.Signature.Has key.Name) ->
                        let expected = $"null, for {optimizer.Kind} has no such parameter"
                        Fail.with' (WrongValue(group.Tag, group.Kind, key.Name, expected, Value.print group[key.Name]))
                    | _ when key.Name = Optimizers.betas.Name ->
                        "beta1", number group "beta1"
                        "beta2", number group "beta2"
                    | _ -> key.Name, number group key.Name
            ]

    // The parameters of each group, whether they are frozen, and what it says of the others.
    let private groups (optimizer: Arguments) (root: Lazy<Node>) (parameters: (string * string) list) =
        let specs =
            if optimizer.Signature.Has Optimizers.paramGroups.Name then
                optimizer.Get Optimizers.paramGroups
            else
                []

        [
            for i, spec in List.indexed specs do
                let node = Construct.root spec

                if not (node.Definition.Is Optimizers.groupDefinition) then
                    let found = $"{node.Definition.Id} at {string i}"
                    let key = Optimizers.paramGroups.Name
                    Fail.with' (WrongValue(optimizer.Tag, optimizer.Kind, key, "a list of ParameterGroup", found))

                let group = node.Arguments
                let meant = select root.Value parameters (group.Get Optimizers.parameters)
                meant, group.Get Optimizers.frozen, settingsOf optimizer group
        ]

    // The step size of each group that is trained, and last that of the rest, where there is one.
    let private rates
        (optimizer: Arguments)
        (own: Set<string>)
        (groups: (Set<string> * bool * Map<string, float>) list)
        =
        let rate = number optimizer Optimizers.lr.Name
        let rest = own - Set.unionMany [ for meant, _, _ in groups -> meant ]

        [
            for _, isFrozen, said in groups do
                if not isFrozen then said.TryFind Optimizers.lr.Name |> Option.defaultValue rate

            if groups.IsEmpty || not rest.IsEmpty then rate
        ]

    /// The parameters that an optimizer steps, each with what groups say of it; those that groups freeze; and the step sizes of the
    /// groups and of the rest. The tree is looked through where there are selectors.
    let settings (optimizer: Arguments) (root: Lazy<Node>) (parameters: (string * string) list) =
        let own =
            match optimizer.TryGet Optimizers.parameters with
            | Some text -> select root.Value parameters text
            | None -> parameters |> List.map snd |> Set.ofList

        let groups = groups optimizer root parameters

        let frozen =
            Set.unionMany
                [
                    for meant, isFrozen, _ in groups do
                        if isFrozen then meant
                ]

        let said name =
            groups
            |> Seq.filter (fun (meant, _, _) -> meant.Contains name)
            |> Seq.collect (fun (_, _, settings) -> Map.toSeq settings)
            |> Map.ofSeq

        Map.ofSeq [ for name in own - frozen -> name, said name ], frozen, rates optimizer own groups
