/// Carries a scenario out with the core: definitions, specs and changes as a library's author and a user make them.
module Deeplay.Properties.Real

open System.Collections.Generic
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Properties.Scenario

let private nameOf kind =
    match kind with
    | 0 -> "Leaf"
    | 1 -> "OtherLeaf"
    | kind -> $"K{kind}"

let private anyShape: ShapeRule = fun _ shapes -> Ok { Outputs = shapes; Inferred = [] }

/// Arguments by the rules of a definition.
let private applied rules (arguments: Map<string, Value>) =
    rules
    |> List.fold
        (fun (arguments: Map<string, Value>) rule ->
            match rule with
            | Plus(name, n) ->
                match arguments.TryFind name with
                | Some(Int i) -> arguments.Add(name, Int(i + int64 n))
                | _ -> arguments
            | Same(name, other) ->
                match arguments.TryFind other with
                | Some(Int i) -> arguments.Add(name, Int i)
                | _ -> arguments)
        arguments

/// How many modules there are below, each counted once.
let rec private count (node: Node) : int64 =
    node.Children
    |> Seq.sumBy (fun child ->
        match child with
        | Child.Own below -> 1L + count below
        | Child.Alias _ -> 0L)

let private ruled (kind: Kind) (definition: Definition) =
    let resolve (arguments: Arguments) =
        Seq.zip arguments.Signature.Names arguments.Values
        |> Map.ofSeq
        |> applied kind.Resolve
        |> Map.fold (fun (a: Arguments) name value -> a.With(name, value)) arguments

    let definition = definition |> Definition.withPrepare (applied kind.Prepare) |> Definition.withResolve resolve

    match kind.Counts with
    | None -> definition
    | Some name ->
        definition
        |> Definition.withFinish (fun node -> Tree.withArguments (node.Arguments.With(name, Int(count node))) node)

/// The definitions and actions of a scenario.
type World(scenario: Scenario) as this =
    // An action is one thing however often it is registered: specs are compared by it.
    let actions = Dictionary<Hook, ActionDefinition>()

    /// Ids are found in a registry: two different hooks with one id get different ones.
    let idOf (hook: Hook) =
        let same = actions.Keys |> Seq.filter (fun other -> other.Id = hook.Id) |> Seq.length

        $"hook{hook.Id}" + String.replicate same "'"

    let parameters (given: (string * Given) list) =
        given
        |> List.map (fun (name, standard) ->
            let parameter =
                match name with
                | "m" -> (Param.spec name |> Param.optional).Parameter
                | "ms" -> (Param.spec name |> Param.list).Parameter
                | _ -> (Param.int name).Parameter

            let parameter = { parameter with Default = this.User standard }

            Param<Value>(parameter, id, ValueSome) :> Param)

    let definitions =
        [|
            for kind in 0 .. scenario.Kinds.Length + 1 ->
                lazy
                    (let parameters = parameters (parametersOf scenario kind)

                     if kind < 2 then
                         Definition.primitive (nameOf kind) parameters anyShape
                     else
                         Definition.create (nameOf kind) parameters (fun arguments builder ->
                             // Not the builder's tag: who looks at that has no twins.
                             if arguments.Tag.Depth > deepest then
                                 Fail.with' (WrongStructure(arguments.Tag, nameOf kind, "too deep"))

                             this.Run arguments builder scenario.Kinds[kind - 2].Init

                             match scenario.Kinds[kind - 2].Forward with
                             | None -> NoForward
                             | Some calls ->
                                 forward (fun x ->
                                     calls |> List.fold (fun x path -> call { Target = Tag.ofNames path } x) x))
                         |> ruled scenario.Kinds[kind - 2])
        |]

    member _.Definition kind = definitions[kind].Value

    member _.Action(hook: Hook) =
        lock actions (fun () ->
            match actions.TryGetValue hook with
            | true, action -> action
            | _ ->
                let parameters = parameters hookParameters

                let action =
                    if hook.Later then
                        Action.beforeBuild (idOf hook) parameters (fun _ node -> node)
                    else
                        Action.afterInit (idOf hook) parameters (fun arguments builder ->
                            this.Run arguments builder hook.Body)

                actions[hook] <- action
                action)

    /// Everything that a saved spec can name: the definitions, and the actions met so far.
    member _.Registry =
        let known = definitions |> Array.fold (fun registry d -> Registry.add d.Value registry) Registry.empty

        lock actions (fun () ->
            actions.Values |> Seq.fold (fun registry action -> Registry.addAction action registry) known)

    /// The value of an expression; `own` gives the arguments, `look` a descendant.
    member this.Value (own: string -> Value) (look: Path -> Node) (given: Given) : Value =
        let number n =
            let toInt value =
                match value with
                | Int i -> int i
                | _ -> 0

            match n with
            | Just i -> i
            | Own name -> toInt (own name)
            | Seen(path, name) ->
                let node = look path

                if node.Definition.Signature.Has name then toInt node.Arguments[name] else 0

        let rec make m =
            match m with
            | Copy inner -> make inner |> Option.map Tape.fresh
            | Back inner -> make inner |> Option.map (fun spec -> if spec.Steps.IsEmpty then spec else Tape.undo spec)
            | New(kind, given) ->
                Some(Spec.create (this.Definition kind) (Map.ofList [ for n, v in given -> n, this.Value own look v ]))
            | FromArg name ->
                match own name with
                | Module spec -> Some spec
                | _ -> None
            | With(inner, changes) ->
                make inner
                |> Option.map (fun spec ->
                    changes
                    |> List.fold
                        (fun spec (at, change) ->
                            match this.ToCore own look change with
                            | Some change ->
                                Spec.record
                                    {
                                        Targets = [ Tag.ofNames at ]
                                        Change = change
                                        Group = None
                                        Continues = false
                                        Location = None
                                    }
                                    spec
                            | None -> spec)
                        spec)

        match given with
        | Num n -> Int(int64 (number n))
        | Nothing -> Null
        | Mod m -> make m |> Option.map Value.Module |> Option.defaultValue Null
        | Mods all -> List(all |> List.choose make |> List.map Value.Module)

    /// The core's change for a change of the scenario; None where it comes to nothing.
    member this.ToCore own look (change: Scenario.Change) : Deeplay.Core.Change option =
        let values given = Map.ofList [ for name, value in given -> name, this.Value own look value ]

        match change with
        | Change.Set(name, given) -> Some(Verbs.configure name (this.Value own look given))
        | Change.Become(kind, given) -> Some(Verbs.changeKind (this.Definition kind) (values given))
        | Change.Inputs keys -> Some(Verbs.mapInputs [ for key in keys -> "", key ])
        | Change.Outputs keys -> Some(Verbs.mapOutputs [ for i, key in List.indexed keys -> key, i ])
        | Change.Replace make ->
            match this.Value own look (Mod make) with
            | Module spec -> Some(Verbs.replace spec)
            | _ -> None
        | Change.Hook(hook, given) -> Some(Verbs.act (this.Action hook) (values given))

    member this.User(given: Given) : Value =
        this.Value (fun _ -> Null) (fun _ -> failwith "the user has nothing to look at") given

    member this.UserChange change =
        this.ToCore (fun _ -> Null) (fun _ -> failwith "the user has nothing to look at") change

    /// What an `init` or an action does.
    member this.Run (arguments: Arguments) (builder: Builder) (statements: Statement list) =
        let own name = if arguments.Signature.Has name then arguments[name] else Null

        let look path = builder.Observe(Tag.ofNames path)

        let attach name place value =
            match value, place with
            | Module spec, AtFront -> builder.Attach(name, spec, First)
            | Module spec, AtEnd -> builder.Attach(name, spec, Last)
            | Module spec, Behind other -> builder.Attach(name, spec, After other)
            | _ -> ()

        for statement in statements do
            match statement with
            | Attach(name, make, place) -> attach name place (this.Value own look (Mod make))
            | Each(name, argument) ->
                match own argument with
                | List specs -> specs |> List.iteri (fun i spec -> attach $"{name}{i}" AtEnd spec)
                | _ -> ()
            | Repeat(name, count, make) ->
                match this.Value own look (Num count) with
                | Int n ->
                    for i in 0 .. countOf (int n) - 1 do
                        attach $"{name}{i}" AtEnd (this.Value own look (Mod make))
                | _ -> ()
            | Alias(name, target) -> builder.Alias(name, Tag.ofNames target)
            | Say(path, change) ->
                match this.ToCore own look change with
                | Some change -> builder.Change(Tag.ofNames path, change, true)
                | None -> ()
            | Remove name -> builder.Remove name

/// The spec that the scenario begins with.
let origin (world: World) (scenario: Scenario) =
    match world.User(Mod scenario.Root) with
    | Module spec -> spec
    | _ -> failwith "no root"

/// The spec after a user's change, where what comes of it can be constructed.
let change (world: World) (targets: Path list) (change: Scenario.Change) (spec: ModuleSpec) =
    Fail.catch (fun () ->
        match world.UserChange change with
        | None -> spec
        | Some change ->
            let changed = (Selection.ofTags spec (List.map Tag.ofNames targets) |> Change.apply None change).Spec

            Construct.root changed |> ignore
            changed)

/// The spec after one step; None where the step does not apply. Undoing and redoing take in what `change` refused.
let step world step (spec: ModuleSpec) =
    match step with
    | Do(targets, what) -> change world targets what spec |> Result.toOption
    | Undo -> if spec.Steps.IsEmpty then None else Some(Tape.undo spec)
    | Redo -> if spec.Undone.IsEmpty then None else Some(Tape.redo spec)
    | Fresh -> Some(Tape.fresh spec)

/// The specs after each step that applies, the first of them the origin.
let run world (scenario: Scenario) =
    let first = origin world scenario

    if Result.isError (Construct.tree first) then
        []
    else
        scenario.Script
        |> List.fold
            (fun specs s ->
                match step world s (List.head specs) with
                | Some spec -> spec :: specs
                | None -> specs)
            [ first ]
        |> List.rev
