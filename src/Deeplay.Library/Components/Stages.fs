namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// Networks of several stages, each of several blocks: their keys, and what these demand together.
module internal Stages =
    let channels = Key.each (Key.positive "channels" "") "The channels of each stage."
    let depths = Key.each (Key.count "depths" "") "The number of blocks of each stage."

    /// There is a number of blocks for each stage.
    let check (channels: Param<int list>) (depths: Param<int list>) (arguments: Arguments) : (Param * string) list =
        match arguments.TryGet channels, arguments.TryGet depths with
        | Some widths, Some depths' when widths.Length <> depths'.Length ->
            [ depths, $"one number for each of the {string widths.Length} channels" ]
        | _ -> []
