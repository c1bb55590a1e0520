namespace Deeplay.FSharp

open Deeplay.Core
open Deeplay.Library

/// The number of features or channels at a place of a block.
[<RequireQualifiedAccess>]
module BlockWidth =
    let private first (names: string list) (arguments: Arguments) =
        names
        |> List.filter arguments.Signature.Has
        |> List.tryPick (fun name ->
            match arguments[name] with
            | Int width -> Some width
            | _ -> None)

    let private inputWidth = first [ "in_features"; "in_channels" ]
    let private outputWidth = first [ "out_features"; "out_channels" ]

    /// The width of what arrives behind the children `before`: what the last of them with a width gives, else what
    /// the first one after takes, else what the block itself says. None where nobody knows.
    let at (builder: Builder) (before: string list) (after: string list) =
        let ask width name = width (builder.Observe(Tag.ofNames [ name ])).Arguments

        // What goes past the others gives its width to none of them.
        let before = before |> List.filter ((<>) "shortcut_start")

        // A child that says nothing of its width, such as a list of blocks, ends with the width of the block.
        let isOpaque name = name = "layer" || name = "blocks"

        match List.tryPick (ask outputWidth) (List.rev before) with
        | Some width -> Some width
        | None when List.exists isOpaque before -> outputWidth builder.Arguments
        | None -> List.tryPick (ask inputWidth) after |> Option.orElseWith (fun () -> inputWidth builder.Arguments)

    let private add names (width: int64 option) (spec: ModuleSpec) : ModuleSpec =
        match width with
        | None -> spec
        | Some width ->
            names
            |> List.filter (fun name -> spec.Definition.Signature.Has name && not (spec.Arguments.ContainsKey name))
            |> List.fold (fun spec name -> Spec.withArgument name (Int width) spec) spec

    let private ofNormalizations = [ "num_features"; "num_channels"; "normalized_shape" ]

    /// The width of a normalization; None where it has none or several sizes.
    let internal ofNormalization (arguments: Arguments) : int64 option =
        ofNormalizations
        |> List.filter arguments.Signature.Has
        |> List.tryPick (fun name ->
            match arguments[name] with
            | Int width
            | List [ Int width ] -> Some width
            | _ -> None)

    /// The normalization with its width, where it does not say one itself. Being an argument, the width gives way to
    /// every setting.
    let give (width: int64 option) (spec: ModuleSpec) : ModuleSpec = add ofNormalizations width spec

    /// The layer with the width of what it takes, and of what it gives, in the same way.
    let internal between (input: int64 option) (output: int64 option) (spec: ModuleSpec) : ModuleSpec =
        spec |> add [ "in_features"; "in_channels" ] input |> add [ "out_features"; "out_channels" ] output
