namespace Deeplay

open System
open System.Collections.Generic
open Deeplay.Core

/// What can be wrong.
type ErrorKind =
    /// A parameter, method, style or child that the module does not have.
    | UnknownName = 0
    /// A tag that no module has.
    | UnknownTag = 1
    /// A value that the parameter does not take.
    | WrongValue = 2
    /// A parameter that was neither given nor can be inferred.
    | Missing = 3
    /// An input that the module can't take.
    | WrongShape = 4
    /// A selector that selects nothing.
    | EmptySelection = 5
    /// A selector, tag or file that can't be read.
    | Malformed = 6
    /// Children, or an edit of them, that do not fit together.
    | WrongStructure = 7
    /// Settings made by the user that no module reads.
    | UnusedSettings = 8
    /// A step of a tape that does not apply to the spec it is replayed onto.
    | StepFailed = 9
    /// A call of a built module that failed.
    | CallFailed = 10
    /// Something that can be used but not saved.
    | NotSaveable = 11
    /// Something that the program needs and this project or machine lacks.
    | Unavailable = 12

/// One typed error, its parts as texts.
[<Sealed>]
type DeeplayError internal (error: Error) =
    let rec read error =
        let join (parts: string list) = String.Join(", ", parts)

        match error with
        | UnknownName(tag, _, _, name, known) -> ErrorKind.UnknownName, tag, join known, name, Nearest.names name known
        | ParameterBelow(tag, _, name, selector) -> ErrorKind.UnknownName, tag, selector, name, [ selector ]
        | UnknownTag(tag, at, known) ->
            let missing = tag.Names |> List.tryItem at.Depth |> Option.defaultValue ""
            ErrorKind.UnknownTag, tag, join known, string tag, Nearest.names missing known
        | WrongValue(tag, _, _, expected, found) -> ErrorKind.WrongValue, tag, expected, found, []
        | Missing(tag, _, name, _) -> ErrorKind.Missing, tag, name, "not set", []
        | WrongShape(tag, _, expected, found) -> ErrorKind.WrongShape, tag, expected, found, []
        | EmptySelection(selector, because, near) -> ErrorKind.EmptySelection, Tag.root, selector, because, near
        | Malformed(_, expected, found) -> ErrorKind.Malformed, Tag.root, expected, found, []
        | WrongStructure(tag, _, problem) -> ErrorKind.WrongStructure, tag, "", problem, []
        | UnusedSettings settings ->
            let found = settings |> List.map (fun (tag, name, _) -> $"{tag}: {name}")
            ErrorKind.UnusedSettings, Tag.root, "", join found, []
        | StepFailed(_, _, because) ->
            let _, tag, expected, found, suggestions = read because
            ErrorKind.StepFailed, tag, expected, found, suggestions
        | ActionFailed(_, _, _, because) -> read because
        | CallFailed(tag, _, inputs, because) -> ErrorKind.CallFailed, tag, "", $"{join inputs}: {because}", []
        | NotSaveable(tag, what) -> ErrorKind.NotSaveable, tag, "", what, []
        | Unavailable problem -> ErrorKind.Unavailable, Tag.root, "", problem, []

    let kind, tag, expected, found, suggestions = read error

    /// What is wrong.
    member _.Kind = kind

    /// The tag of the module that the error is about; empty for the root.
    member _.Tag = string tag

    /// The error as a sentence that a person can act on.
    member _.Message = Error.describe error

    /// What was expected; the names there are, where a name is unknown.
    member _.Expected = expected

    /// What was found.
    member _.Found = found

    /// The valid names nearest to an unknown one.
    member _.Suggestions: IReadOnlyList<string> = suggestions

    /// The message.
    override this.ToString() = this.Message

/// What is wrong with a spec, a change, a selection or a file, as typed errors: all of them, not the first alone. The
/// message says where, what was expected, what was found, and the nearest valid names.
[<Sealed>]
type DeeplayException internal (errors: Error list) =
    inherit Exception(Error.describeAll errors)

    member internal _.All = errors

    /// The errors, in the order in which they were found; at least one.
    member _.Errors: IReadOnlyList<DeeplayError> = errors |> List.map DeeplayError :> _

    /// The kind of the first error.
    member this.Kind = this.Errors[0].Kind
