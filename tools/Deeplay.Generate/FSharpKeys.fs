/// The definitions of the library and their typed keys, as modules of the F# face.
module Deeplay.Generate.FSharpKeys

open Deeplay.Core

let private summary (definition: Definition) =
    Documentation.text definition.Signature (Documentation.sentence definition.Documentation)

/// What a holder's definitions and keys are to users, each as a value that is the library's own.
let values (holder: Catalog.Holder) =
    [
        for key in holder.Keys do
            let signature =
                holder.Definitions
                |> List.pick (fun (_, d) -> if d.Signature.Has key.Parameter.Name then Some d.Signature else None)

            let standard =
                match Documentation.standard key.Parameter with
                | Some value -> $" Default: {value}."
                | None -> ""

            yield!
                Documentation.element "    " "summary" "" (Documentation.parameter signature key.Parameter + standard)

            $"    let {key.Name} = {key.Path}"
            ""
        for name, definition in holder.Definitions do
            let parameters =
                match definition.Signature.Parameters with
                | [||] -> "No parameters."
                | several -> several |> Seq.map (fun p -> p.Name) |> String.concat ", " |> sprintf "Parameters: %s."

            yield! Documentation.element "    " "summary" "" $"{summary definition} {parameters}"
            $"    let {name} = {Catalog.path definition}"
            ""
    ]

/// A module for each holder that users don't see already.
let modules (holders: Catalog.Holder list) =
    [
        for holder in holders do
            if not holder.IsPublic then
                let definition = snd holder.Definitions.Head
                yield! Documentation.element "" "summary" "" (summary definition)
                yield! Documentation.remarks "" definition []
                "[<RequireQualifiedAccess>]"
                $"module {holder.Name} ="
                yield! values holder
    ]
