/// The oracle: who says what, as one flat list of items, and who wins. No trie, no layers, nothing remembered.
/// Written from the rules alone:
///   1. the user beats everything; 2. else the source closest to the root wins; 3. between equal sources the later
///   one, where a setting that travels inside a spec counts as made when that spec was given; 4. nothing set: the
///   argument given, else the default.
/// What is attached by an `init` belongs to the module that constructs, what comes in through an argument stays its
/// giver's, and a hook acts for whoever registered it.
module Deeplay.Properties.Reference

open Deeplay.Properties.Scenario

exception Wrong of string

/// Whose a setting is. `Nobody`: made on a spec that is not attached to anything yet.
type Source =
    | User
    | By of Path
    | Nobody

type Value =
    | Number of int
    | Null
    | Spec of Spec
    | Specs of Spec list

and Setting =
    | Value of Value
    | Kind of int
    | Doing of Hook * Map<string, Value>

and Item =
    {
        At: Path
        Name: string
        Source: Source
        When: int list
        Setting: Setting
    }

and Spec =
    {
        Kind: int
        Arguments: Map<string, Value>
        Items: Item list
        Steps: int
    }

type Origin =
    | Setting of Source
    | Argument
    | Default

type Gift =
    {
        Spec: Spec
        Owner: Source
        Given: int list
    }

type Node =
    {
        Tag: Path
        Kind: int
        Arguments: Map<string, Value * Origin>
        Children: (string * Choice<Node, Path>) list
        Later: Hook list
    }

let private rank source =
    match source with
    | User -> -1
    | By path -> path.Length
    | Nobody -> raise (Wrong "an item of nobody's took part")

/// Rules 1 to 3: the item that wins first. `items` come in the order they were made.
let ranked items =
    List.rev items
    |> List.sortWith (fun a b -> compare (rank a.Source, b.When) (rank b.Source, a.When))

let private about at name items =
    items |> List.filter (fun item -> item.At = at && item.Name = name)

/// What was nobody's is from now on `source`'s, made at this time.
let private claimItem source time item =
    match item.Source with
    | Nobody ->
        { item with
            Source = source
            When = time @ item.When
        }
    | _ -> item

let rec private claim source time value =
    let claimSpec (spec: Spec) =
        { spec with
            Items = List.map (claimItem source time) spec.Items
            Arguments = Map.map (fun _ value -> claim source (time @ [ 0 ]) value) spec.Arguments
        }

    match value with
    | Spec spec -> Spec(claimSpec spec)
    | Specs specs -> Specs(List.map claimSpec specs)
    | _ -> value

/// What a spec that hangs at a tag says, as seen from the root.
let private brought at (gift: Gift) =
    gift.Spec.Items
    |> List.map (fun item ->
        { claimItem gift.Owner gift.Given item with
            At = at @ item.At
        })

/// Which kind hangs at a tag, whose arguments it has, and what its spec brings: another kind or another module may
/// have been put there. A module that was replaced from outside goes with all that it brought.
let rec private identity at outer (gift: Gift) =
    let own = brought at gift
    let said = ranked (about at "@module" (outer @ own))
    let isSpec item = item.Setting.IsValue

    let kind, gift, own =
        match List.tryFind isSpec said with
        | Some({ Setting = Value(Spec spec) } as item) ->
            let kind, gift, added =
                identity
                    at
                    []
                    {
                        Spec = spec
                        Owner = item.Source
                        Given = item.When
                    }

            kind, gift, (if List.contains item own then own @ added else added)
        | _ -> gift.Spec.Kind, gift, own

    match said with
    | { Setting = Kind other } :: _ -> other, gift, own
    | _ -> kind, gift, own

/// The settings that a change amounts to.
let private settingsOf evaluate change =
    match change with
    | Set(name, given) -> [ name, Value(evaluate given) ]
    | Become(kind, given) ->
        ("@module", Kind kind)
        :: [ for name, given in given -> name, Value(evaluate given) ]
    | Replace make ->
        match evaluate (Mod make) with
        | Null -> []
        | value -> [ "@module", Value value ]
    | Hook(hook, given) ->
        [
            "@hooks", Doing(hook, Map.ofList [ for name, given in given -> name, evaluate given ])
        ]

/// The spec with one more change on it.
let private record evaluate (targets: Path list) change (spec: Spec) =
    match settingsOf evaluate change with
    | [] -> spec
    | settings ->
        { spec with
            Steps = spec.Steps + 1
            Items =
                spec.Items
                @ [
                    for at in targets do
                        for name, setting in settings ->
                            {
                                At = at
                                Name = name
                                Source = Nobody
                                When = [ spec.Steps + 1 ]
                                Setting = setting
                            }
                ]
        }

/// The spec without its last change, if there is one.
let undo (spec: Spec) =
    { spec with
        Items = spec.Items |> List.filter (fun item -> List.last item.When <> spec.Steps)
        Steps = max 0 (spec.Steps - 1)
    }

/// The value of an expression, where `own` gives the arguments and `look` a descendant.
let rec private evaluate (own: string -> Value) (look: Path -> Node) given =
    let number n =
        let toInt value =
            match value with
            | Number i -> i
            | _ -> 0

        match n with
        | Just i -> i
        | Own name -> toInt (own name)
        | Seen(path, name) ->
            let node = look path

            node.Arguments.TryFind name
            |> Option.map (fst >> toInt)
            |> Option.defaultValue 0

    let rec make m =
        match m with
        | Copy inner -> make inner
        | Back inner -> make inner |> Option.map undo
        | New(kind, given) ->
            let arguments =
                Map.ofList [ for name, given in given -> name, evaluate own look given ]

            Some
                {
                    Kind = kind
                    Arguments = arguments
                    Items = []
                    Steps = 0
                }
        | FromArg name ->
            match own name with
            | Spec spec -> Some spec
            | _ -> None
        | With(inner, changes) ->
            make inner
            |> Option.map (fun spec ->
                changes
                |> List.fold (fun spec (at, change) -> record (evaluate own look) [ at ] change spec) spec)

    match given with
    | Num n -> Number(number n)
    | Nothing -> Null
    | Mod m -> make m |> Option.map Spec |> Option.defaultValue Null
    | Mods all -> Specs(List.choose make all)

let private noLook _ : Node = raise (Wrong "nothing to look at")

/// An expression of the user's, who has no arguments and nothing to look at.
let userValue given = evaluate (fun _ -> Null) noLook given

let rec find (node: Node) (path: Path) : Node =
    match path with
    | [] -> node
    | name :: rest ->
        match List.tryFind (fst >> (=) name) node.Children with
        | Some(_, Choice1Of2 child) -> find child rest
        | Some(_, Choice2Of2 target) -> find node (target @ rest)
        | None -> raise (Wrong $"no child {name}")

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
        { item with
            At = at @ follow 0 (List.skip (List.length at) item.At)
        }
    else
        item

let rec private construct scenario at outer gift : Node =
    let kind, source, own = identity at outer gift

    if kind > 1 && List.length at > deepest then
        raise (Wrong "too deep")

    let items = outer @ own
    let parameters = parametersOf scenario kind

    for item in items do
        let known =
            item.Name.StartsWith '@' || List.exists (fst >> (=) item.Name) parameters

        if item.At = at && not known && item.Source.IsBy && kind = source.Spec.Kind then
            raise (Wrong $"no parameter {item.Name}")

    let argument (name, standard) =
        match ranked (about at name items), source.Spec.Arguments.TryFind name with
        | { Setting = Value value } as item :: _, _ -> claim item.Source item.When value, Setting item.Source
        | _, Some value -> claim source.Owner (source.Given @ [ 0 ]) value, Argument
        | _, None -> claim (By at) [ 0 ] (userValue standard), Default

    let arguments =
        Map.ofList [ for name, standard in parameters -> name, argument (name, standard) ]
    // The user's hooks come last, the nearest parent's first. One change of one module is one, by whatever names.
    let hooks =
        [
            for item in
                ranked (about at "@hooks" items)
                |> List.distinctBy (fun i -> i.Source, i.When)
                |> List.rev do
                match item.Setting with
                | Doing(hook, given) ->
                    hook,
                    Map.map (fun _ value -> claim item.Source (item.When @ [ 0 ]) value) given,
                    (item.Source, item.When)
                | _ -> ()
        ]

    let children, mine =
        if kind < 2 then
            [], []
        else
            contents scenario at items arguments kind hooks

    {
        Tag = at
        Kind = kind
        Arguments = arguments
        Children = children
        Later =
            mine
            @ [
                for hook, _, _ in hooks do
                    if hook.Later then
                        hook
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
        if entries.Exists(fun (other, _) -> other = name) then
            raise (Wrong $"two children {name}")

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
            | Spec spec ->
                insert
                    place
                    name
                    (Choice1Of2
                        {
                            Spec = spec
                            Owner = fst onBehalf
                            Given = now ()
                        })
            | _ -> ()

        for statement in statements do
            match statement with
            | Attach(name, make, place) -> attach name place (Mod make)
            | Each(name, argument) ->
                match own argument with
                | Specs specs ->
                    specs
                    |> List.iteri (fun i spec ->
                        insert
                            AtEnd
                            $"{name}{i}"
                            (Choice1Of2
                                {
                                    Spec = spec
                                    Owner = fst onBehalf
                                    Given = now ()
                                }))
                | _ -> ()
            | Repeat(name, count, make) ->
                match value (Num count) with
                | Number n ->
                    for i in 0 .. countOf n - 1 do
                        attach $"{name}{i}" AtEnd (Mod make)
                | _ -> ()
            | Alias(_, []) -> raise (Wrong "contains itself")
            | Alias(name, target) -> insert AtEnd name (Choice2Of2 target)
            | Remove name -> entries.RemoveAt(placeOf name)
            | Say([], Hook(hook, given)) ->
                let time = now () @ [ 0 ]

                let given =
                    Map.ofList [ for name, given in given -> name, claim (fst onBehalf) time (value given) ]

                if running && not hook.Later then
                    runHook hook given
                else
                    mine <- mine @ [ hook, given ]
            | Say([], _) -> raise (Wrong "configures itself")
            | Say(path, change) ->
                let settings = settingsOf value change
                let time = now ()

                for name, setting in settings do
                    derived.Add
                        {
                            At = at @ path
                            Name = name
                            Source = fst onBehalf
                            When = time
                            Setting = setting
                        }

    and runHook hook given =
        let own name =
            match Map.tryFind name given, List.tryFind (fst >> (=) name) hookParameters with
            | Some value, _ -> value
            | None, Some(_, standard) -> userValue standard
            | None, None -> Null

        run own hook.Body

    run
        (fun name -> arguments.TryFind name |> Option.map fst |> Option.defaultValue Null)
        scenario.Kinds[kind - 2].Init

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
        if steps > entries.Count then
            raise (Wrong "a circle of second names")

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

/// The tree of a spec as a root.
let tree scenario spec =
    try
        Ok(
            construct
                scenario
                []
                []
                {
                    Spec = spec
                    Owner = User
                    Given = []
                }
        )
    with Wrong problem ->
        Error problem

/// The spec that the scenario begins with.
let origin (scenario: Scenario) =
    match userValue (Mod scenario.Root) with
    | Spec spec -> spec
    | _ -> raise (Wrong "no root")

/// Every module under each of its tags, in tree order.
let rec walk (tag: Path) (node: Node) : (Path * Node) list =
    (tag, node)
    :: [
        for name, child in node.Children do
            match child with
            | Choice1Of2 below -> yield! walk (tag @ [ name ]) below
            | Choice2Of2 target -> yield! walk (tag @ [ name ]) (find node target)
    ]

/// The spec after a user's change; an error where a target does not exist or does not have such a parameter, and
/// where nothing could be constructed from it.
let change scenario targets change (spec: Spec) =
    try
        let root =
            construct
                scenario
                []
                []
                {
                    Spec = spec
                    Owner = User
                    Given = []
                }

        for target in targets do
            let node = find root target

            match change with
            | Set(name, _) when not (node.Arguments.ContainsKey name) -> raise (Wrong $"no parameter {name}")
            | _ -> ()

        let changed = record userValue targets change spec

        construct
            scenario
            []
            []
            {
                Spec = changed
                Owner = User
                Given = []
            }
        |> ignore

        Ok changed
    with Wrong problem ->
        Error problem
