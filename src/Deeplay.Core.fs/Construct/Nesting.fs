namespace Deeplay.Core

open System
open System.Collections.Generic

/// How deep modules may be nested.
[<RequireQualifiedAccess>]
module internal Nesting =
    /// The most levels there are. What goes deeper contains itself without end.
    let maxDepth = 1000

    // Whether specs are nested at least so deep in the arguments and steps of a spec.
    let private isNested depth (spec: ModuleSpec) =
        let rec modules value =
            match value with
            | Module spec -> [ spec ]
            | List values -> List.collect modules values
            | _ -> []

        let inside (spec: ModuleSpec) =
            let changes = spec.Steps |> List.map (fun step -> step.Change)

            Seq.append spec.Arguments.Values (changes |> Seq.collect (fun change -> change.Arguments.Values))
            |> Seq.append (changes |> Seq.map (fun change -> change.Subject))
            |> Seq.collect modules

        let rec go depth (specs: HashSet<ModuleSpec>) =
            specs.Count > 0
            && (depth = 0 || go (depth - 1) (HashSet(Seq.collect inside specs, HashIdentity.Reference)))

        go depth (HashSet([ spec ], HashIdentity.Reference))

    /// The error of a tag that is too deep. `above` is the builder of the module above it.
    let tooDeep (tag: Tag) (above: NodeBuilder voption) : Node =
        let next (builder: NodeBuilder voption) =
            if builder.IsSome then Some(builder.Value, builder.Value.Above) else None

        let above = List.unfold next above
        let kinds = above |> List.map (fun builder -> builder.Definition.Id) |> List.rev |> Array.ofList
        let last = kinds.Length - 1

        let repeatsAt period i = i >= period && kinds[i] = kinds[i - period]

        let period =
            seq { 1 .. kinds.Length / 3 }
            |> Seq.tryFind (fun period -> Seq.forall (repeatsAt period) (seq { last - period .. last }))

        // What was given so is finite; what an init makes anew in itself is not.
        let isGiven =
            above
            |> List.tryItem (kinds.Length / 2)
            |> Option.exists (fun builder -> isNested (kinds.Length / 4) builder.Spec)

        match period with
        | Some period when not isGiven ->
            // The first module that is as one above it.
            let mutable first = last

            while repeatsAt period (first - 1) do
                first <- first - 1

            let place = Tag.ofNames (List.truncate (tag.Depth - (last - first) - 1) tag.Names)
            let circle = String.Join(" > ", kinds[first - period .. first])
            Fail.with' (WrongStructure(place, kinds[first], $"it contains itself without end: {circle}."))
        | _ ->
            let problem = $"modules are nested too deep; {maxDepth} levels are the most."
            let kind = Array.tryLast kinds |> Option.defaultValue ""
            Fail.with' (WrongStructure(Tag.ofNames (List.truncate 24 tag.Names), kind, problem))
