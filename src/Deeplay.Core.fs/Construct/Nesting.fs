namespace Deeplay.Core

open System

/// How deep modules may be nested.
[<RequireQualifiedAccess>]
module internal Nesting =
    /// The most levels there are.
    let maxDepth = 1000

    /// The error of a tag that is too deep: where kinds come again and again, most likely since one contains itself, it names
    /// those and where that begins. `above` is the builder of the module above it.
    let tooDeep (tag: Tag) (above: NodeBuilder voption) : Node =
        let next (builder: NodeBuilder voption) =
            if builder.IsSome then Some(builder.Value, builder.Value.Above) else None

        let above = List.unfold next above
        let kinds = above |> List.rev |> List.map (fun builder -> builder.Definition.Id) |> Array.ofList
        let last = kinds.Length - 1

        let repeatsAt period i = i >= period && kinds[i] = kinds[i - period]

        let period =
            seq { 1 .. kinds.Length / 3 }
            |> Seq.tryFind (fun period -> Seq.forall (repeatsAt period) (seq { last - period .. last }))

        let problem = $"modules are nested too deep, {maxDepth} levels are the most"

        match period with
        | Some period ->
            // The first module that is as one above it.
            let mutable first = last

            while repeatsAt period (first - 1) do
                first <- first - 1

            let place = Tag.ofNames (List.truncate (tag.Depth - (last - first) - 1) tag.Names)
            let circle = String.Join(" > ", kinds[first - period .. first])
            Fail.with' (WrongStructure(place, kinds[first], $"{problem}: {circle} > …"))
        | None ->
            let kind = Array.tryLast kinds |> Option.defaultValue ""
            Fail.with' (WrongStructure(Tag.ofNames (List.truncate 24 tag.Names), kind, problem + "."))
