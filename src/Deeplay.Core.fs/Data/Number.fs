namespace Deeplay.Core

open System
open System.Globalization

/// Numbers as text, alike in every culture: many write the minus with signs of their own.
[<RequireQualifiedAccess>]
module internal Number =
    /// The whole number that a text says, and nothing else around it.
    let tryInt (text: string) =
        match Int32.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) with
        | true, number -> Some number
        | _ -> None

    /// Whole numbers with commas between them.
    let list (numbers: int64 seq) = numbers |> Seq.map string |> String.concat ", "
