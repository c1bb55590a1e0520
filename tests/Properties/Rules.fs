/// The oracle: who says what, as one flat list of items, and who wins. No trie, no layers, nothing remembered.
/// Written from the rules alone:
///   1. the user beats everything; 2. else the source closest to the root wins; 3. between equal sources the later
///   one, where a setting that travels inside a spec counts as made when that spec was given; 4. nothing set: the
///   argument given, else the default.
/// What is attached by an `init` belongs to the module that constructs, what comes in through an argument stays its
/// giver's, and a hook acts for whoever registered it.
module Deeplay.Properties.Rules

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
    | Keys of string list

and Item = { At: Path; Name: string; Source: Source; When: int list; Setting: Setting }

and Spec = { Kind: int; Arguments: Map<string, Value>; Items: Item list; Steps: int }

type Origin =
    | Setting of Source
    | Argument
    | Default

type Gift = { Spec: Spec; Owner: Source; Given: int list }

type Node =
    {
        Tag: Path
        Kind: int
        Arguments: Map<string, Value * Origin>
        Children: (string * Choice<Node, Path>) list
        Later: Hook list
        Inputs: string list option
        Outputs: string list option
    }

let rank source =
    match source with
    | User -> -1
    | By path -> path.Length
    | Nobody -> raise (Wrong "an item of nobody's took part")

/// Rules 1 to 3: the item that wins first. `items` come in the order they were made.
let ranked items = List.rev items |> List.sortWith (fun a b -> compare (rank a.Source, b.When) (rank b.Source, a.When))

let about at name items = items |> List.filter (fun item -> item.At = at && item.Name = name)

/// What was nobody's is from now on `source`'s, made at this time.
let claimItem source time item =
    match item.Source with
    | Nobody -> { item with Source = source; When = time @ item.When }
    | _ -> item

let rec claim source time value =
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
    |> List.map (fun item -> { claimItem gift.Owner gift.Given item with At = at @ item.At })

/// Which kind hangs at a tag, whose arguments it has, and what its spec brings: another kind or another module may
/// have been put there. A module that was replaced from outside goes with all that it brought.
let rec identity at outer (gift: Gift) =
    let own = brought at gift
    let said = ranked (about at "@module" (outer @ own))
    let isSpec item = item.Setting.IsValue

    let kind, gift, own =
        match List.tryFind isSpec said with
        | Some({ Setting = Value(Spec spec) } as item) ->
            let kind, gift, added = identity at [] { Spec = spec; Owner = item.Source; Given = item.When }

            kind, gift, (if List.contains item own then own @ added else added)
        | _ -> gift.Spec.Kind, gift, own

    match said with
    | { Setting = Kind other } :: _ -> other, gift, own
    | _ -> kind, gift, own

/// The settings that a change amounts to.
let settingsOf evaluate change =
    match change with
    | Set(name, given) -> [ name, Value(evaluate given) ]
    | Become(kind, given) -> ("@module", Kind kind) :: [ for name, given in given -> name, Value(evaluate given) ]
    | Replace make ->
        match evaluate (Mod make) with
        | Null -> []
        | value -> [ "@module", Value value ]
    | Hook(hook, given) -> [ "@hooks", Doing(hook, Map.ofList [ for name, given in given -> name, evaluate given ]) ]
    | Inputs keys -> [ "@inputs", Keys keys ]
    | Outputs keys -> [ "@outputs", Keys keys ]

/// Arguments by the rules of a definition.
let applied rules (arguments: Map<string, Value>) =
    rules
    |> List.fold
        (fun (arguments: Map<string, Value>) rule ->
            match rule with
            | Plus(name, n) ->
                match arguments.TryFind name with
                | Some(Number i) -> arguments.Add(name, Number(i + n))
                | _ -> arguments
            | Same(name, other) ->
                match arguments.TryFind other with
                | Some(Number i) -> arguments.Add(name, Number i)
                | _ -> arguments)
        arguments

/// The spec with one more change on it.
let record evaluate (targets: Path list) change (spec: Spec) =
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
                            { At = at; Name = name; Source = Nobody; When = [ spec.Steps + 1 ]; Setting = setting }
                ]
        }

/// The spec without its last change, if there is one.
let undo (spec: Spec) =
    { spec with
        Items = spec.Items |> List.filter (fun item -> List.last item.When <> spec.Steps)
        Steps = max 0 (spec.Steps - 1)
    }

/// The value of an expression, where `own` gives the arguments and `look` a descendant.
let rec evaluate (own: string -> Value) (look: Path -> Node) given =
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

            node.Arguments.TryFind name |> Option.map (fst >> toInt) |> Option.defaultValue 0

    let rec make m =
        match m with
        | Copy inner -> make inner
        | Back inner -> make inner |> Option.map undo
        | New(kind, given) ->
            let arguments = Map.ofList [ for name, given in given -> name, evaluate own look given ]

            Some { Kind = kind; Arguments = arguments; Items = []; Steps = 0 }
        | FromArg name ->
            match own name with
            | Spec spec -> Some spec
            | _ -> None
        | With(inner, changes) ->
            make inner
            |> Option.map (fun spec ->
                changes |> List.fold (fun spec (at, change) -> record (evaluate own look) [ at ] change spec) spec)

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
