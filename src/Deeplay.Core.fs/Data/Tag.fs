namespace Deeplay.Core

open System
open System.Buffers
open System.Collections.Generic
open System.Globalization
open System.Text

/// The path of a module from the root of its tree: `blocks.0.layer`. The root's own tag is empty.
/// A module that is shared has several tags.
[<Sealed; AllowNullLiteral>]
type Tag private (above: Tag, name: string) =
    static let root = Tag(null, "")

    static let rec same (a: Tag) (b: Tag) =
        Object.ReferenceEquals(a, b)
        || not (isNull a || isNull b) && a.Name = b.Name && same a.Above b.Above

    /// The root's tag.
    static member internal Root = root

    /// The tag of the module that holds this one; null for the root.
    member internal _.Above = above

    /// The tag of a child with this name.
    member internal this.Child name = Tag(this, name)

    /// How far below the root: 0 for the root itself.
    member _.Depth: int = if isNull above then 0 else above.Depth + 1

    /// The names from the root downwards.
    member this.Names =
        let rec before (tag: Tag) names = if isNull tag.Above then names else before tag.Above (tag.Name :: names)

        before this []

    /// The last name, or "" for the root.
    member _.Name = name

    override this.Equals other =
        match other with
        | :? Tag as that -> same this that
        | _ -> false

    override _.GetHashCode() = if isNull above then 0 else HashCode.Combine(above.GetHashCode(), name)

    interface IComparable with
        member this.CompareTo other =
            match other with
            | :? Tag as that -> compare this.Names that.Names
            | _ -> invalidArg (nameof other) "A tag can be compared with a tag alone."

    /// The names joined by dots, as in PyTorch's `named_modules`.
    override this.ToString() = String.Join(".", this.Names)

    /// Writes what `ToString` gives.
    member internal _.WriteTo(text: IBufferWriter<char>) : unit =
        if not (isNull above) then
            above.WriteTo text
            if not (isNull above.Above) then text.Write(".".AsSpan())
            text.Write(name.AsSpan())

[<RequireQualifiedAccess>]
module Tag =
    /// The root's tag.
    let root = Tag.Root

    /// The tag of a child with this name.
    let child name (tag: Tag) = tag.Child name

    /// The tag with these names, from the root downwards.
    let ofNames (names: string seq) = Seq.fold (fun tag name -> child name tag) root names

    /// The names from the root downwards.
    let names (tag: Tag) = tag.Names

    /// `below` seen from the root, when it was given as seen from `above`.
    let rec append (above: Tag) (below: Tag) : Tag =
        if isNull below.Above then above else child below.Name (append above below.Above)

    /// `tag` as seen from `above`; None where `above` is not on the way to it.
    let relativeTo (above: Tag) (tag: Tag) =
        let rec drop above names =
            match above, names with
            | [], rest -> Some(ofNames rest)
            | a :: above, n :: names when a = n -> drop above names
            | _ -> None

        drop above.Names tag.Names

    /// Whether `above` is the tag itself or on the way to it.
    let isWithin (above: Tag) (tag: Tag) = (relativeTo above tag).IsSome

    /// The tag written as `blocks.0.layer` or `blocks/0/layer`; the empty text is the root.
    let parse (text: string) = if String.IsNullOrEmpty text then root else ofNames (text.Split('.', '/'))

    /// What a module may be called, in words.
    let nameRule = "letters, digits, '_' and '-', and no '-' in front"

    /// Whether a module may be called so. Everything else has a meaning in selectors, in tags or in a saved model, and a
    /// module called so could not be selected.
    let isName (name: string) =
        let isPart (rune: Rune) =
            Rune.IsLetterOrDigit rune
            || rune.Value = int '_'
            || rune.Value = int '-'
            || Rune.GetUnicodeCategory rune = UnicodeCategory.NonSpacingMark
            || Rune.GetUnicodeCategory rune = UnicodeCategory.SpacingCombiningMark

        // Every child's name is looked at: nothing is allocated for it.
        let mutable runes = (if isNull name then "" else name).EnumerateRunes()
        let mutable isFine = not (String.IsNullOrEmpty name) && name[0] <> '-'

        while isFine && runes.MoveNext() do
            isFine <- isPart runes.Current

        isFine

    /// Tags, each as its names from the root downwards, by the child that they lead to, and as seen from there. The root
    /// itself leads to no child.
    let byChild (tags: string list list) : Dictionary<string, string list list> =
        // Neighbours that lead to different children mostly all do.
        let count =
            match tags with
            | (a :: _) :: (b :: _) :: _ when a <> b -> tags.Length
            | _ -> 0

        let children = Dictionary(count)

        for names in tags do
            match names with
            | [] -> ()
            | name :: rest ->
                match children.TryGetValue name with
                | true, others -> children[name] <- rest :: others
                | _ -> children.Add(name, [ rest ])

        children
