namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// A block that something leads past: what stands at the end of the other way.
module internal Branch =
    /// The child that makes one of both ways; None where nothing leads past.
    let stop (builder: Builder) : string option = [ "shortcut_end"; "skip" ] |> List.tryFind builder.Has

    let private name =
        Param.text "name"
        |> Param.withDefault "drop_path"
        |> Param.withDocumentation "The name of the child."

    /// `drop_path(p, name)`.
    let dropPath =
        Action.afterInit "drop_path" [ DropPath.p; name ] (fun arguments builder ->
            let name, p = arguments.Get name, arguments[DropPath.p.Name]

            match stop builder with
            | None ->
                let problem =
                    "nothing leads past it, so that no path can be dropped: `shortcut` leads something past a block."

                Fail.with' (WrongStructure(builder.Tag, builder.Definition.Id, problem))
            | Some _ when builder.Has name ->
                builder.Change(Tag.ofNames [ name ], Verbs.configure DropPath.p.Name p, false)
            | Some stop ->
                let spec = Spec.create DropPath.definition (Map.ofList [ DropPath.p.Name, p ])
                Edit.put builder (Some name) spec (Before stop))
        |> Action.withDocumentation
            "Leaves the block out for some examples while training: stochastic depth (Huang et al., 2016). It stands in front of the sum with what leads past the block."
