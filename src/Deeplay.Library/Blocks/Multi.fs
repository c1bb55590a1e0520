namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// Several blocks in the place of one.
module internal Multi =
    /// The widths of a block before and behind it, by the names of its parameters.
    let private widths = [ "in_features", "out_features"; "in_channels", "out_channels" ]

    /// What is different in the second block and those after it: they take what the one before gives, `given` where it
    /// is known. A width that was left open stays open.
    let private following (given: int64 option) (arguments: Arguments) =
        let value name = if arguments.Signature.Has name then arguments[name] else Unset

        widths
        |> List.choose (fun (input, output) ->
            match value input, given, value output with
            | Int _, Some width, _
            | Int _, None, Int width -> Some(input, Int width)
            | _ -> None)
        |> Map.ofList

    let private count = Key.count "n" "How many blocks there are to be."

    /// `multi(n)`: the block becomes a chain of `n` such blocks, named `blocks`. Each is as the block was just before.
    let action =
        Action.afterInit "multi" [ count ] (fun arguments builder ->
            let given = BlockWidth.at builder builder.Children []
            let first = builder.Copy Map.empty
            let next = builder.Copy(following given builder.Arguments)

            let blocks = List.init (arguments.Get count) (fun i -> Module(if i = 0 then first else next))

            for name in builder.Children do
                builder.Remove name

            builder.Attach(
                "blocks",
                Spec.create Sequential.definition (Map.ofList [ Sequential.layers.Name, List blocks ]),
                Last
            ))
        |> Action.withDocumentation "Makes the block a chain of such blocks."
