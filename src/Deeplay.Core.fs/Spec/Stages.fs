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

    /// Once the module is built: what is done with the torch module. `write` writes its parameters, by the id of an
    /// initializer.
    let afterBuild (write: string -> Arguments -> obj -> unit) tag (built: obj) (hook: Hook) =
        match hook.Action.Body with
        | OnBuilt action -> action (arguments tag hook) built
        | OnParameters -> write hook.Action.Id (arguments tag hook) built
        | _ -> ()

    /// At each call of the built module: the arguments of a log, and whether it keeps what the module gives (else what it is
    /// given). None where the hook is no log.
    let atCall tag (hook: Hook) : (Arguments * bool) option =
        match hook.Action.Body with
        | LogInput -> Some(arguments tag hook, false)
        | LogOutput -> Some(arguments tag hook, true)
        | _ -> None
