namespace Deeplay.Torch

open System
open System.Collections.Generic
open System.Text
open Deeplay.Core
open TorchSharp

/// The characters of texts, each with an index: what a language model reads and writes. A character is one of Unicode's, whatever
/// number of `char` it takes.
[<Sealed>]
type Vocabulary private (characters: Rune[]) =
    let places = Dictionary<Rune, int64>()

    do
        for i, character in Array.indexed characters do
            places[character] <- int64 i

    static let check (text: string) =
        if String.IsNullOrEmpty text then
            Fail.with' (Malformed("vocabulary", "a text of at least one character", "none"))

    let unknown (place: int) (character: Rune) =
        let expected = $"one of the {string characters.Length} characters of the vocabulary"
        Fail.with' (Malformed($"text, character {string place}", expected, $"'{character}' (U+{character.Value:X4})"))

    /// That of a text: its characters, each once, in the order of Unicode.
    static member OfText(text: string) : Vocabulary =
        check text
        new Vocabulary(text.EnumerateRunes() |> Seq.distinct |> Seq.sort |> Array.ofSeq)

    /// Its characters, in the order of their indices.
    member _.Characters: string = String.Join("", characters)

    /// How many there are.
    member _.Size: int = characters.Length

    /// The index of each character, (L,) in int64. A character that is none of its own is an error.
    member _.Encode(text: string) : torch.Tensor =
        if isNull text then Fail.with' (Malformed("text", "characters", "null"))

        let index (place: int) character =
            match places.TryGetValue character with
            | true, index -> index
            | _ -> unknown place character

        torch.tensor (text.EnumerateRunes() |> Seq.mapi index |> Array.ofSeq, dtype = torch.int64)

    /// The text of indices (L,).
    member _.Decode(tokens: torch.Tensor) : string =
        use _scope = torch.NewDisposeScope()

        if not (torch.is_integral tokens) || tokens.dim () <> 1L then
            let found = $"{Shown.dtype tokens.dtype} {Shape.known tokens.shape}"
            Fail.with' (Malformed("tokens", "indices (L,)", found))

        let text = StringBuilder()

        for index in tokens.``to``(torch.int64).cpu().contiguous().data<int64>().ToArray() do
            if index < 0L || index >= int64 characters.Length then
                Fail.with' (Malformed("tokens", $"indices from 0 to {string (characters.Length - 1)}", string index))

            text.Append(characters[int index].ToString()) |> ignore

        text.ToString()

/// Texts as examples for language models.
[<RequireQualifiedAccess>]
module Texts =
    /// Rows of tokens (N, L + 1) as inputs (N, L), all but the last of each, and targets (N, L), all but the first: the target of a
    /// token is the one behind it. A target that is `padding`, where that is given, becomes -100, which the loss ignores.
    let nextTokens (padding: int64 option) (rows: torch.Tensor) : Dataset =
        if not (torch.is_integral rows) || rows.dim () <> 2L || rows.shape[1] < 2L then
            let found = $"{Shown.dtype rows.dtype} {Shape.known rows.shape}"
            Fail.with' (Malformed("texts", "rows of at least two token indices each, (N, L + 1)", found))

        use _scope = torch.NewDisposeScope()
        let rows = rows.``to`` torch.int64
        let length = rows.shape[1] - 1L
        let targets = rows.narrow(1L, 1L, length).clone()

        match padding with
        | Some padding ->
            use padding = Numbers.whole padding
            use ignored = Numbers.whole -100L
            targets.masked_fill_ (targets.eq padding, ignored) |> ignore
        | None -> ()

        new Dataset(rows.narrow(1L, 0L, length).clone(), targets)

    /// A text as examples of so many tokens, one every `stride` tokens, each with the tokens that come next: inputs (N, length) and
    /// targets (N, length). What is left at the end of the text, and is shorter, is no example.
    let windows (length: int) (stride: int) (vocabulary: Vocabulary) (text: string) : Dataset =
        use _scope = torch.NewDisposeScope()

        let positive what number =
            if number < 1 then Fail.with' (Malformed("texts", $"a positive {what}", string number))

        positive "length" length
        positive "stride" stride
        let tokens = vocabulary.Encode text

        if tokens.shape[0] <= int64 length then
            let expected = $"a text of more than {string length} characters, the length of an example"
            Fail.with' (Malformed("texts", expected, $"one of {string tokens.shape[0]}"))

        nextTokens None (tokens.unfold (0L, int64 length + 1L, int64 stride))
