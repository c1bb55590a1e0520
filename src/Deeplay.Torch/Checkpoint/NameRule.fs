namespace Deeplay.Torch

open System
open System.Text.RegularExpressions
open Deeplay.Core
open TorchSharp

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
    /// The same where there are any: what some files have and others have not.
    | DropNamesIfAny of pattern: string
    /// Matrices whose names are as a pattern are transposed: `TransposePattern "*.c_fc.weight"`.
    | TransposePattern of pattern: string
    /// Tensors whose names are as a pattern get one more dimension, of size 1, at a place: `UnsqueezePattern("wpe.weight", 0)`.
    | UnsqueezePattern of pattern: string * dim: int
    /// Tensors whose names are as a pattern become several of equal size along a dimension, one for each of these patterns:
    /// `SplitPattern("*.qkv.*", 0, [ "*.q.*"; "*.k.*"; "*.v.*" ])`.
    | SplitPattern of pattern: string * dim: int * becomes: string list

    override this.ToString() =
        match this with
        | Rename(name, becomes) -> $"'{name}' → '{becomes}'"
        | ReplacePrefix(prefix, becomes) -> $"prefix '{prefix}' → '{becomes}'"
        | ReplacePattern(pattern, becomes) -> $"pattern '{pattern}' → '{becomes}'"
        | ReplaceRegex(expression, becomes) -> $"regex '{expression}' → '{becomes}'"
        | DropNames pattern -> $"drop '{pattern}'"
        | DropNamesIfAny pattern -> $"drop '{pattern}' if any"
        | TransposePattern pattern -> $"transpose '{pattern}'"
        | UnsqueezePattern(pattern, dim) -> $"unsqueeze '{pattern}' at {dim}"
        | SplitPattern(pattern, dim, becomes) ->
            let parts = becomes |> List.map (fun part -> $"'{part}'") |> String.concat ", "
            $"split '{pattern}' along {dim} → {parts}"

/// What becomes of a tensor that gets another name.
type internal TensorChange =
    | Transposed
    | Unsqueezed of dim: int
    /// One of several parts of equal size along a dimension.
    | Part of dim: int * index: int64 * count: int64

[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module internal TensorChange =
    /// The shape that becomes of one; an error of `where` where it can't.
    let shape (where: string) (shape: int64 list) (change: TensorChange) : int64 list =
        let wrong expected = Fail.with' (Malformed(where, expected, string (Shape.known shape)))

        match change with
        | Transposed when shape.Length = 2 -> List.rev shape
        | Transposed -> wrong "a matrix, which is transposed"
        | Unsqueezed dim when dim <= shape.Length -> List.insertAt dim 1L shape
        | Unsqueezed dim -> wrong $"a tensor of at least {string dim} dimensions"
        | Part(dim, _, count) when dim < shape.Length && shape[dim] % count = 0L ->
            List.updateAt dim (shape[dim] / count) shape
        | Part(dim, _, count) ->
            wrong $"a tensor that has {string count} parts of equal size along dimension {string dim}"

    /// The tensor that becomes of one, of which it may be a view.
    let apply (tensor: torch.Tensor) (change: TensorChange) : torch.Tensor =
        match change with
        | Transposed -> tensor.t ()
        | Unsqueezed dim -> tensor.unsqueeze (int64 dim)
        | Part(dim, index, count) ->
            let size = tensor.shape[dim] / count
            tensor.narrow (int64 dim, index * size, size)

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

    // What a pattern becomes has no more `*` than it.
    let private checkStars rule (pattern: string) (becomes: string) =
        if stars becomes > stars pattern then
            wrong rule $"at most {stars pattern} times '*' in what it becomes" $"'{becomes}'"

    let private checkDim rule dim = if dim < 0 then wrong rule "a dimension from 0" (string dim)

    let private renamed name = Some [ name, [] ]

    /// What becomes of a name, with what becomes of the tensor: None where the rule does not speak of it, and nothing where it is left
    /// out. What is wrong with the rule is found before the first name.
    let compile (rule: NameRule) : string -> (string * TensorChange list) list option =
        match rule with
        | Rename(name, becomes) -> fun given -> if given = name then renamed becomes else None
        | ReplacePrefix(prefix, becomes) ->
            fun given ->
                if given.StartsWith(prefix, StringComparison.Ordinal) then
                    renamed (becomes + given.Substring prefix.Length)
                else
                    None
        | ReplacePattern(pattern, becomes) ->
            checkStars rule pattern becomes
            let known = ofPattern pattern

            fun given ->
                match known.Match given with
                | found when found.Success -> renamed (fill becomes found)
                | _ -> None
        | ReplaceRegex(text, becomes) ->
            let known = expression rule text

            fun given ->
                try
                    if known.IsMatch given then renamed (known.Replace(given, becomes)) else None
                with :? RegexMatchTimeoutException ->
                    wrong rule "an expression that is matched within a second" $"'{given}', for which it is not"
        | DropNames pattern
        | DropNamesIfAny pattern ->
            let known = ofPattern pattern
            fun given -> if known.IsMatch given then Some [] else None
        | TransposePattern pattern ->
            let known = ofPattern pattern
            fun given -> if known.IsMatch given then Some [ given, [ Transposed ] ] else None
        | UnsqueezePattern(pattern, dim) ->
            checkDim rule dim
            let known = ofPattern pattern
            fun given -> if known.IsMatch given then Some [ given, [ Unsqueezed dim ] ] else None
        | SplitPattern(pattern, dim, becomes) ->
            if becomes.Length < 2 then wrong rule "at least two parts" (string becomes.Length)
            checkDim rule dim
            List.iter (checkStars rule pattern) becomes
            let known, count = ofPattern pattern, int64 becomes.Length

            fun given ->
                match known.Match given with
                | found when found.Success ->
                    Some [ for i, part in List.indexed becomes -> fill part found, [ Part(dim, int64 i, count) ] ]
                | _ -> None
