namespace Deeplay.Core

/// The stages of a module's life at which hooks run, and what they do there. Nothing else looks into an action's body.
[<RequireQualifiedAccess>]
module internal Stages =
    let private arguments tag (hook: Hook) = Checks.hook tag hook

    /// Whether the hook goes on where `init` stopped.
    let isAfterInit (hook: Hook) =
        match hook.Action.Body with
        | OnBuilder _ -> true
        | _ -> false

    /// After `init`: attaches, configures, edits. Does nothing where the hook is one of a later stage. An action that fails says
    /// where it was asked for.
    let afterInit (location: Location option) (builder: Builder) (hook: Hook) =
        match hook.Action.Body with
        | OnBuilder action ->
            try
                action (arguments builder.Arguments.Tag hook) builder
            with :? DeeplayException as failure when location.IsSome ->
                let told error = ActionFailed(hook.Action.Id, location.Value.File, location.Value.Line, error)
                Fail.withAll (List.map told failure.All)
        | _ -> ()

    /// Just before the module is built: the node that it gives in the place of this one, which it leaves as it is where the
    /// hook is one of another stage.
    let beforeBuild (node: Node) (hook: Hook) : Node =
        match hook.Action.Body with
        | OnNode action -> action (arguments node.Tag hook) node
        | _ -> node

    /// Once the module is built: what is done with the torch module. `write` sees to its parameters, by the id of the action.
    let afterBuild (write: string -> Arguments -> obj -> unit) tag (built: obj) (hook: Hook) =
        match hook.Action.Body with
        | OnBuilt action -> action (arguments tag hook) built
        | OnParameters
        | OnWeights _ -> write hook.Action.Id (arguments tag hook) built
        | _ -> ()

    /// At each call of the built module: the arguments of a log, and whether it keeps what the module gives (else what it is
    /// given). None where the hook is no log.
    let atCall tag (hook: Hook) : (Arguments * bool) option =
        match hook.Action.Body with
        | LogInput -> Some(arguments tag hook, false)
        | LogOutput -> Some(arguments tag hook, true)
        | _ -> None

    /// The hooks that are about a layer's weights and count, in the order they were asked for: of several of one kind the last
    /// one, and none that was taken away again.
    let onWeights (hooks: Hook list) : Hook list =
        let add (kept: Hook list) (hook: Hook) =
            match hook.Action.Body with
            | OnWeights TakesAway ->
                kept
                |> List.filter (fun other ->
                    match other.Action.Body with
                    | OnWeights(Computes _) -> false
                    | _ -> true)
            | OnWeights _ -> List.filter (fun other -> other.Action.Id <> hook.Action.Id) kept @ [ hook ]
            | _ -> kept

        List.fold add [] hooks

    /// The same of those that compute weights from other parameters, each with its arguments.
    let computing tag (hooks: Hook list) =
        [
            for hook in onWeights hooks do
                match hook.Action.Body with
                | OnWeights(Computes change) -> hook.Action.Id, arguments tag hook, change
                | _ -> ()
        ]

/// What modules train.
[<AutoOpen>]
module internal NodeWeights =
    type Node with

        /// The shape of what it has of its own, as far as its arguments say it.
        member this.ShapeOf(own: OwnTensor) : Shape =
            let arguments = this.Arguments
            Ranked(OwnTensor.sizes this.Tag this.Definition.Id arguments.Known own)

        /// The sizes of what it has of its own, which must be known by now.
        member this.SizesOf(own: OwnTensor) : int64 list =
            let demanded = SizeExpr.filled this.Arguments.Demanded

            { own with Sizes = own.Sizes |> List.map demanded }
            |> OwnTensor.sizes this.Tag this.Definition.Id (fun _ -> Unknown)
            |> List.choose Dim.tryValue

        /// What it trains itself, without its children: names with their sizes, where its arguments say them.
        member this.Weights: (string * int64 list) list =
            let own =
                [
                    yield! this.Definition.Weights this.Arguments
                    for own in this.Own do
                        if own.IsTrained then
                            match Shape.tryKnown (this.ShapeOf own) with
                            | Some sizes -> own.Name, sizes
                            | None -> ()
                ]

            if this.Hooks.IsEmpty then
                own
            else
                Stages.computing this.Tag this.Hooks
                |> List.fold (fun weights (_, given, change) -> change given this.Arguments weights) own
