namespace Deeplay.Core

/// What definitions demand of several arguments together (`Definition.withCheck`). A change may break it for a while, as
/// when groups are set before the channels; what is created, constructed or built keeps it.
[<RequireQualifiedAccess>]
module internal Constraints =
    let private broken tag (definition: Definition) (arguments: Arguments) : Error list =
        match definition.Constraints with
        | None -> []
        | Some check ->
            check arguments
            |> List.map (fun (name, expected) ->
                WrongValue(tag, definition.Id, name, expected, Value.print arguments[name]))

    let private stopAt (errors: Error list) = if not errors.IsEmpty then Fail.withAll errors

    /// Checks the arguments that a spec is made with, its defaults included.
    let ofGiven (definition: Definition) (given: Map<string, Value>) =
        if definition.Constraints.IsSome then
            Checks.arguments Tag.root definition.Id definition.Signature (fun parameter ->
                given.TryFind parameter.Name |> Option.defaultValue parameter.Default)
            |> broken Tag.root definition
            |> stopAt

    /// Checks every module of a tree, and gives the tree; all that is wrong is reported.
    let ofTree (root: Node) : Node =
        let errors = ResizeArray()

        let rec go (node: Node) =
            if node.Definition.Constraints.IsSome then
                errors.AddRange(broken node.Tag node.Definition node.Arguments)

            for place in 0 .. node.Children.Length - 1 do
                let child = node.Children[place]
                if not child.IsAlias then go child.Own

        go root
        stopAt (List.ofSeq errors)
        root
