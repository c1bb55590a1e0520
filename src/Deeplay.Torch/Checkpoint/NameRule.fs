namespace Deeplay.Torch

open System
open System.Text.RegularExpressions
open Deeplay.Core

/// How names of tensors become others, where a file calls them differently. In a pattern `*` stands for any text, dots included.
type NameRule =
    /// One name becomes another.
    | Rename of name: string * becomes: string
    /// What names begin with becomes something else: `ReplacePrefix("module.", "")`. An empty prefix is that of every name.
    | ReplacePrefix of prefix: string * becomes: string
    /// Names that are as a pattern become another one, with the same texts for each `*` in turn:
    /// `ReplacePattern("*.gamma", "*.weight")`. It may have fewer.
    | ReplacePattern of pattern: string * becomes: string
    /// Every match of a regular expression of .NET becomes a text, in which `$1` stands for its first group:
    /// `ReplaceRegex(@"layers\.(\d+)\.", "blocks.$1.")`.
    | ReplaceRegex of expression: string * becomes: string
    /// Tensors whose names are as a pattern are left out.
    | DropNames of pattern: string

    override this.ToString() =
        match this with
        | Rename(name, becomes) -> $"'{name}' → '{becomes}'"
        | ReplacePrefix(prefix, becomes) -> $"prefix '{prefix}' → '{becomes}'"
        | ReplacePattern(pattern, becomes) -> $"pattern '{pattern}' → '{becomes}'"
        | ReplaceRegex(expression, becomes) -> $"regex '{expression}' → '{becomes}'"
        | DropNames pattern -> $"drop '{pattern}'"

[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module internal NameRule =
    let private wrong rule expected found = Fail.with' (Malformed($"names, {rule}", expected, found))

    // An expression can take longer than anybody waits.
    let private expression rule (text: string) =
        try
            Regex(text, RegexOptions.CultureInvariant, TimeSpan.FromSeconds 1.0)
        with :? ArgumentException as error ->
            wrong rule "a regular expression" error.Message

    // Each `*` as a group, of as few characters as can be.
    let private ofPattern (pattern: string) =
        let parts = pattern.Split '*' |> Array.map Regex.Escape
        Regex(@"\A" + String.Join("(.*?)", parts) + @"\z", RegexOptions.CultureInvariant ||| RegexOptions.Singleline)

    let private stars (pattern: string) = pattern |> Seq.filter ((=) '*') |> Seq.length

    let private fill (pattern: string) (found: Match) =
        let parts = pattern.Split '*'

        parts
        |> Array.mapi (fun i part -> if i = 0 then part else found.Groups[i].Value + part)
        |> String.Concat

    /// What becomes of a name: None where the rule does not speak of it, and `Some None` where it is left out. What is wrong with
    /// the rule is found before the first name.
    let compile (rule: NameRule) : string -> string option option =
        match rule with
        | Rename(name, becomes) -> fun given -> if given = name then Some(Some becomes) else None
        | ReplacePrefix(prefix, becomes) ->
            fun given ->
                if given.StartsWith(prefix, StringComparison.Ordinal) then
                    Some(Some(becomes + given.Substring prefix.Length))
                else
                    None
        | ReplacePattern(pattern, becomes) ->
            if stars becomes > stars pattern then
                wrong rule $"at most {stars pattern} times '*' in what it becomes" $"'{becomes}'"

            let known = ofPattern pattern

            fun given ->
                match known.Match given with
                | found when found.Success -> Some(Some(fill becomes found))
                | _ -> None
        | ReplaceRegex(text, becomes) ->
            let known = expression rule text

            fun given ->
                try
                    if known.IsMatch given then Some(Some(known.Replace(given, becomes))) else None
                with :? RegexMatchTimeoutException ->
                    wrong rule "an expression that is matched within a second" $"'{given}', for which it is not"
        | DropNames pattern ->
            let known = ofPattern pattern
            fun given -> if known.IsMatch given then Some None else None
