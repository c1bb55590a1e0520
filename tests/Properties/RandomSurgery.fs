/// Changes of any model: edits and styles of its blocks, edits of weights, on one module or on all that have them.
module internal Deeplay.Properties.RandomSurgery

open FsCheck
open FsCheck.FSharp
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open Deeplay.Properties.RandomInputs
open Deeplay.Properties.RandomArguments

/// The place of a module that is made, as far as its arguments tell it.
let private placeOf (node: Node) : Place =
    let width =
        [ "in_channels"; "in_features"; "num_features"; "features" ]
        |> List.filter node.Definition.Signature.Has
        |> List.tryPick (fun name ->
            match node.Arguments[name] with
            | Int width -> Some(int width)
            | _ -> None)
        |> Option.defaultValue 2

    let n = spatialOf node.Definition
    let dims = if n = 0 then [ 2; 3; width ] else 2 :: width :: List.replicate n 4
    { Dims = [ dims ]; Spatial = n; Unit = 1; Names = node.Children.Names }

/// Whether two edits compute the same weight, or one does not fit its groups, or has no weight any more where a style put another
/// layer there, or a module takes what no log keeps: what a
/// build, or a call, refuses.
let private contradicts (root: Node) =
    let isWrong (node: Node) =
        let edits id = node.Hooks |> List.filter (fun hook -> hook.Action.Id = id)
        let computes id = not (edits id).IsEmpty

        let divides (hook: Hook) =
            match hook.Arguments.TryFind "rank", Reparametrization.groupsOf node.Arguments with
            | Some(Int rank), groups -> rank % groups = 0L
            | _, groups -> 8L % groups = 0L

        let isLeft id = computes id && not (node.Definition.Methods.ContainsKey id)

        (computes "weight_norm" && computes "spectral_norm")
        || List.exists isLeft [ "lora"; "weight_norm"; "spectral_norm" ]
        || not (List.forall divides (edits "lora"))

    let nodes = [ for _, node, _ in Tree.walk root -> node ]
    let kept = nodes |> List.collect Logging.keysOf |> List.map fst

    let isMissing (node: Node) =
        node.Definition.Id = Logging.fromLogs.Id
        && not (List.contains (node.Arguments.Get Logging.key) kept)

    nodes |> List.exists (fun node -> isWrong node || isMissing node)

/// The change made, where it fits what the others left.
let private apply (change: Selection -> Selection) (tags: Tag list) (spec: ModuleSpec) : ModuleSpec =
    match Fail.catch (fun () -> (change (Selection.ofTags spec tags)).Spec) with
    | Ok changed ->
        match Construct.tree changed with
        | Ok root when not (contradicts root) -> changed
        | _ -> spec
    | Error _ -> spec

// Every weight has two dimensions; what is none of its is told by a build.
let private ofWeights: (string * Gen<Value>) list = [ "dim", Gen.elements [ Int 0L; Int 1L; Unset ] ]

let private actions (node: Node) : (ActionDefinition * ((string * Value) list -> Selection -> Selection)) list =
    [
        for KeyValue(_, action) in node.Definition.Methods do
            action, (fun given -> Module.call action.Id given)
        for KeyValue(_, action) in node.Definition.Styles do
            action, (fun given -> Module.style action.Id given)
    ]

let private modulesOf (spec: ModuleSpec) =
    match Construct.tree spec with
    | Error _ -> []
    | Ok root ->
        [
            for tag, node, isAlias in Tree.walk root do
                if not isAlias then tag, node
        ]

/// One edit or style of one module of the model.
let private one (spec: ModuleSpec) : Gen<ModuleSpec> =
    match modulesOf spec |> List.filter (fun (_, node) -> not (actions node).IsEmpty) with
    | [] -> Gen.constant spec
    | modules ->
        gen {
            let! tag, node = Gen.elements modules
            let! action, change = Gen.elements (actions node)
            let! given = arguments (placeOf node) ofWeights action.Signature
            return apply (change given) [ tag ] spec
        }

/// The same edit of every module that has it, or of some of them.
let private several (spec: ModuleSpec) : Gen<ModuleSpec> =
    let modules = modulesOf spec
    let names = modules |> List.collect (fun (_, node) -> List.ofSeq node.Definition.Methods.Keys) |> List.distinct

    if names.IsEmpty then
        Gen.constant spec
    else
        gen {
            let! name = Gen.elements names
            let having = modules |> List.filter (fun (_, node) -> node.Definition.Methods.ContainsKey name)
            let! some = Gen.subListOf having
            let! isAll = Draw.chance 50
            let meant = if isAll || some.IsEmpty then having else some
            let _, node = meant.Head
            let! given = arguments (placeOf node) ofWeights node.Definition.Methods[name].Signature
            return apply (Module.call name given) (List.map fst meant) spec
        }

let private frozen (spec: ModuleSpec) : Gen<ModuleSpec> =
    match modulesOf spec with
    | [] -> Gen.constant spec
    | modules ->
        gen {
            let! tag, _ = Gen.elements modules
            let! isFrozen = Draw.chance 80
            return apply (Module.frozen isFrozen) [ tag ] spec
        }

/// Another activation in the place of one, with what it was given.
let private exchanged (spec: ModuleSpec) : Gen<ModuleSpec> =
    match
        modulesOf spec
        |> List.filter (fun (_, node) -> node.Definition.Is Deeplay.Library.Activation.definition)
    with
    | [] -> Gen.constant spec
    | activations ->
        gen {
            let! tag, _ = Gen.elements activations
            let! other = activation { Dims = [ [ 2; 2 ] ]; Spatial = 0; Unit = 1; Names = [] }
            return apply (Module.become other) [ tag ] spec
        }

let private change (spec: ModuleSpec) : Gen<ModuleSpec> =
    Gen.frequency [ 5, one spec; 3, several spec; 1, frozen spec; 1, exchanged spec ]

/// The model after so many changes, as far as they fit it and each other.
let rec changed count (spec: ModuleSpec) : Gen<ModuleSpec> =
    if count = 0 then Gen.constant spec else change spec |> Gen.bind (changed (count - 1))
