/// The oracle's construction: what `init` and hooks do, carried out with the rules.
module Deeplay.Properties.Making

open Deeplay.Properties.Scenario
open Deeplay.Properties.Rules

/// What is said under a second name is said under the first.
let private unaliased at (aliases: (string * Path) list) item =
    let rec follow steps (path: Path) =
        match path with
        | first :: rest when steps <= aliases.Length ->
            match List.tryFind (fst >> (=) first) aliases with
            | Some(_, target) -> follow (steps + 1) (target @ rest)
            | None -> path
        | _ -> path

    if List.length item.At > List.length at && List.take (List.length at) item.At = at then
        { item with At = at @ follow 0 (List.skip (List.length at) item.At) }
    else
        item

/// How many modules there are, each counted once.
let rec private count (children: (string * Choice<Node, Path>) list) =
    children
    |> List.sumBy (fun (_, child) ->
        match child with
        | Choice1Of2 node -> 1 + count node.Children
        | Choice2Of2 _ -> 0)

/// The tree of a spec that hangs at a tag, with what is said of it from outside.
let rec construct scenario at outer gift : Node =
    let kind, source, own = identity at outer gift

    if kind > 1 && List.length at > deepest then raise (Wrong "too deep")

    let items = outer @ own
    let parameters = parametersOf scenario kind

    for item in items do
        let known = item.Name.StartsWith '@' || List.exists (fst >> (=) item.Name) parameters

        // Whoever beats him put something else there.
        let isUnused = not (obj.ReferenceEquals(source.Spec, gift.Spec)) && rank source.Owner < rank item.Source

        if item.At = at && not known && item.Source.IsBy && kind = source.Spec.Kind && not isUnused then
            raise (Wrong $"no parameter {item.Name}")

    let prepared = applied (kindOf scenario source.Spec.Kind).Prepare source.Spec.Arguments

    let argument (name, standard) =
        match ranked (about at name items), prepared.TryFind name with
        | { Setting = Value value } as item :: _, _ -> claim item.Source item.When value, Setting item.Source
        | _, Some value -> claim source.Owner (source.Given @ [ 0 ]) value, Argument
        | _, None -> claim (By at) [ 0 ] (userValue standard), Default

    let arguments = Map.ofList [ for name, standard in parameters -> name, argument (name, standard) ]

    let ruled rules (arguments: Map<string, Value * Origin>) =
        let values = applied rules (Map.map (fun _ (value, _) -> value) arguments)
        arguments |> Map.map (fun name (_, origin) -> values[name], origin)

    let arguments = ruled (kindOf scenario kind).Resolve arguments
    // The user's hooks come last, the nearest parent's first. One change of one module is one, by whatever names.
    let hooks =
        [
            for item in ranked (about at "@hooks" items) |> List.distinctBy (fun i -> i.Source, i.When) |> List.rev do
                match item.Setting with
                | Doing(hook, given) ->
                    hook,
                    Map.map (fun _ value -> claim item.Source (item.When @ [ 0 ]) value) given,
                    (item.Source, item.When)
                | _ -> ()
        ]

    let children, mine = if kind < 2 then [], [] else contents scenario at items arguments kind hooks

    let arguments =
        match (kindOf scenario kind).Counts with
        | Some name -> arguments.Add(name, (Number(count children), snd arguments[name]))
        | None -> arguments

    let keys name =
        match ranked (about at name items) with
        | { Setting = Keys keys } :: _ -> Some keys
        | _ -> None

    {
        Tag = at
        Kind = kind
        Inputs = keys "@inputs"
        Outputs = keys "@outputs"
        Arguments = arguments
        Children = children
        Later =
            mine
            @ [
                for hook, _, _ in hooks do
                    if hook.Later then hook
            ]
    }

/// The children that `init` and after-init hooks leave, and the later hooks of its own.
and private contents scenario at items arguments kind hooks =
    let entries = ResizeArray<string * Choice<Gift, Path>>()
    let derived = ResizeArray<Item>()
    let mutable clock = 0
    let mutable mine: (Hook * Map<string, Value>) list = []
    let mutable running = false
    let mutable onBehalf = By at, []

    let now () =
        clock <- clock + 1
        snd onBehalf @ [ clock ]

    let aliases () =
        [
            for name, entry in entries do
                match entry with
                | Choice2Of2 target -> name, target
                | Choice1Of2 _ -> ()
        ]

    let placeOf name =
        match entries.FindIndex(fun (other, _) -> other = name) with
        | -1 -> raise (Wrong $"no child {name}")
        | i -> i

    let insert place name entry =
        if entries.Exists(fun (other, _) -> other = name) then raise (Wrong $"two children {name}")

        match place with
        | AtFront -> entries.Insert(0, (name, entry))
        | AtEnd -> entries.Add(name, entry)
        | Behind other -> entries.Insert(placeOf other + 1, (name, entry))

    let childrenNow () =
        let aliases = aliases ()
        let said = items @ List.ofSeq derived |> List.map (unaliased at aliases)

        [
            for name, entry in entries do
                match entry with
                | Choice1Of2 gift -> name, Choice1Of2(lazy construct scenario (at @ [ name ]) said gift)
                | Choice2Of2 target -> name, Choice2Of2 target
        ]

    let rec lookFrom steps (path: Path) =
        match path with
        | [] -> raise (Wrong "looks at itself")
        | _ when steps > entries.Count -> raise (Wrong "a circle of second names")
        | name :: rest ->
            match List.tryFind (fst >> (=) name) (childrenNow ()) with
            | Some(_, Choice1Of2 child) -> find child.Value rest
            | Some(_, Choice2Of2 target) -> lookFrom (steps + 1) (target @ rest)
            | None -> raise (Wrong $"no child {name}")

    let look = lookFrom 0

    let rec run own statements =
        let value given = evaluate own look given

        let attach name place given =
            match value given with
            | Spec spec -> insert place name (Choice1Of2 { Spec = spec; Owner = fst onBehalf; Given = now () })
            | _ -> ()

        for statement in statements do
            match statement with
            | Attach(name, make, place) -> attach name place (Mod make)
            | Each(name, argument) ->
                match own argument with
                | Specs specs ->
                    specs
                    |> List.iteri (fun i spec ->
                        insert AtEnd $"{name}{i}" (Choice1Of2 { Spec = spec; Owner = fst onBehalf; Given = now () }))
                | _ -> ()
            | Repeat(name, count, make) ->
                match value (Num count) with
                | Number n ->
                    for i in 0 .. countOf n - 1 do
                        attach $"{name}{i}" AtEnd (Mod make)
                | _ -> ()
            | Alias(_, []) -> raise (Wrong "contains itself")
            | Alias(name, target) -> insert AtEnd name (Choice2Of2 target)
            | Remove name ->
                entries.RemoveAt(placeOf name)

                derived.RemoveAll(fun item -> List.truncate (at.Length + 1) item.At = at @ [ name ]) |> ignore
            | Say([], Hook(hook, given)) ->
                let time = now () @ [ 0 ]

                let given = Map.ofList [ for name, given in given -> name, claim (fst onBehalf) time (value given) ]

                if running && not hook.Later then runHook hook given else mine <- mine @ [ hook, given ]
            | Say([], _) -> raise (Wrong "configures itself")
            | Say(path, change) ->
                let settings = settingsOf value change
                let time = now ()

                for name, setting in settings do
                    derived.Add { At = at @ path; Name = name; Source = fst onBehalf; When = time; Setting = setting }

    and runHook hook given =
        let own name =
            match Map.tryFind name given, List.tryFind (fst >> (=) name) hookParameters with
            | Some value, _ -> value
            | None, Some(_, standard) -> userValue standard
            | None, None -> Null

        run own hook.Body

    run (fun name -> arguments.TryFind name |> Option.map fst |> Option.defaultValue Null) scenario.Kinds[kind - 2].Init

    running <- true
    let atOnce, later = mine |> List.partition (fun (hook, _) -> not hook.Later)
    mine <- later

    for hook, given in atOnce do
        runHook hook given

    for hook, given, behalf in hooks do
        if not hook.Later then
            onBehalf <- behalf
            runHook hook given

    let children =
        [
            for name, entry in childrenNow () do
                match entry with
                | Choice1Of2 child -> name, Choice1Of2 child.Value
                | Choice2Of2 target -> name, Choice2Of2 target
        ]

    // A second name must lead to a module, and not in a circle.
    let rec leads steps (path: Path) =
        if steps > entries.Count then raise (Wrong "a circle of second names")

        match path with
        | name :: rest ->
            match List.tryFind (fst >> (=) name) children with
            | Some(_, Choice1Of2 child) -> find child rest |> ignore
            | Some(_, Choice2Of2 target) -> leads (steps + 1) (target @ rest)
            | None -> raise (Wrong $"no child {name}")
        | [] -> ()

    for _, target in aliases () do
        leads 0 target

    children, List.map fst mine
