namespace Deeplay.Core

open System

/// What can be wrong with a spec, a change or a selection. Every case says where, what was expected and what
/// was found; `Error.describe` writes it as one sentence with the nearest valid names.
type Error =
    /// A parameter (or method, style …) that the module does not have. `what` says which sort of name it is.
    | UnknownName of tag: Tag * kind: string * what: string * name: string * known: string list
    /// A parameter that the module does not have, but modules in it do: those that the selector selects.
    | ParameterBelow of tag: Tag * kind: string * name: string * selector: string
    /// A tag that no module has. `at` is the deepest module on the way that exists.
    | UnknownTag of tag: Tag * at: Tag * known: string list
    /// A value that the parameter does not take.
    | WrongValue of tag: Tag * kind: string * name: string * expected: string * found: string
    /// A parameter that was neither given nor can be inferred.
    | Missing of tag: Tag * kind: string * name: string * hint: string
    /// An input that the module can't take.
    | WrongShape of tag: Tag * kind: string * expected: string * found: string
    /// A selector that selects nothing.
    | EmptySelection of selector: string * because: string * near: string list
    /// A selector, tag or file that can't be read: where in the text, and what was expected there.
    | Malformed of path: string * expected: string * found: string
    /// Two children of one name, or an edit that does not fit the children there are.
    | WrongStructure of tag: Tag * kind: string * problem: string
    /// Settings made by the user that nothing reads: (tag, name, value).
    | UnusedSettings of (Tag * string * string) list
    /// A step of a tape that does not apply to the spec it is replayed onto.
    | StepFailed of index: int * step: string * because: Error
    /// An action that failed: its name, and the file and line that registered it.
    | ActionFailed of action: string * file: string * line: int * because: Error
    /// A call of a built module that failed: what it was given, and why.
    | CallFailed of tag: Tag * kind: string * inputs: string list * because: string
    /// Something that can be used but not saved.
    | NotSaveable of tag: Tag * what: string
    /// Something that the program needs and this project or machine lacks.
    | Unavailable of problem: string

[<RequireQualifiedAccess>]
module Error =
    /// A module in words: its tag and its kind, as far as they are known.
    let place (tag: Tag) kind =
        match string tag, kind with
        | "", "" -> "the root"
        | "", kind -> $"the root ({kind})"
        | tag, "" -> tag
        | tag, kind -> $"{tag} ({kind})"

    /// Names with commas between them; of many the first, and how many there are.
    let list (names: string list) =
        if names.Length <= 24 then
            String.Join(", ", names)
        else
            let shown = String.Join(", ", List.truncate 12 names)
            $"{shown} … ({names.Length} in all)"

    let private didYouMean near =
        match near with
        | [] -> ""
        | names -> " Did you mean " + String.Join(" or ", names |> List.map (fun name -> $"'{name}'")) + "?"

    let private suggest name known = didYouMean (Nearest.names name known)

    let private has what known = if List.isEmpty known then $"It has {what}." else $"It has: {list known}."

    let rec private whole error =
        match error with
        | UnknownName(tag, kind, what, name, known) ->
            $"{place tag kind} has no {what} '{name}'.{suggest name known} " + has "none" known
        | ParameterBelow(tag, kind, name, selector) ->
            $"{place tag kind} has no parameter '{name}', but modules in it have: select them with '{selector}'."
        | UnknownTag(tag, at, known) ->
            let missing = tag.Names |> List.skip (min at.Depth tag.Depth) |> List.tryHead |> Option.defaultValue ""

            let has = has "no children" known

            $"There is no module '{tag}': {place at String.Empty} has no child '{missing}'.{suggest missing known} {has}"
        | WrongValue(tag, kind, name, expected, found) ->
            $"{place tag kind}: '{name}' must be {expected}, but is {found}."
        | Missing(tag, kind, name, hint) -> $"{place tag kind}: '{name}' is not set and could not be inferred. {hint}"
        | WrongShape(tag, kind, expected, found) -> $"{place tag kind} expects {expected}, but gets {found}."
        | EmptySelection(selector, because, near) -> $"The selection '{selector}' is empty: {because}.{didYouMean near}"
        | Malformed(path, expected, found) -> $"{path}: expected {expected}, found {found}."
        | WrongStructure(tag, kind, problem) -> $"{place tag kind}: {problem}"
        | UnusedSettings settings ->
            let lines =
                settings |> List.map (fun (tag, name, value) -> $"\n  {place tag String.Empty}: {name} = {value}")

            let more = if lines.Length > 10 then [ $"\n  … and {lines.Length - 10} more" ] else []

            "No module reads these settings. Drop the unused ones, or allow them when building:"
            + String.Join("", List.truncate 10 lines @ more)
        | StepFailed(index, step, because) -> $"Step {index} ({step}) does not apply: {whole because}"
        | ActionFailed(action, file, line, because) -> $"{action}, asked for at {file}:{line}: {whole because}"
        | CallFailed(tag, kind, inputs, because) ->
            $"{place tag kind} fails on " + String.Join(", ", inputs) + $": {because}"
        | NotSaveable(tag, what) -> $"{place tag String.Empty} can't be saved: {what}"
        | Unavailable problem -> problem

    /// The error as a text that a person can act on: of a very long one its ends.
    let describe error =
        let text: string = whole error
        if text.Length <= 4000 then text else $"{text[..1999]} … {text[text.Length - 999 ..]}"

    /// The errors one below the other. One mistake may be made in ten thousand modules: the first few say it, and then how
    /// many more there are.
    let describeAll (errors: Error list) =
        let shown = errors |> List.truncate 5 |> List.map describe

        match errors.Length - shown.Length with
        | 0 -> String.Join("\n", shown)
        | more -> String.Join("\n", shown) + $"\n… and {more} more"
