namespace Deeplay.Library

open System.Collections.Generic
open Deeplay.Core
open Deeplay.FSharp

/// Blocks one after another, of which each takes what the one before gives.
module internal BlockChain =
    /// The widths of the hidden blocks.
    let hidden name documentation : Param<int list> =
        Param.list (Param.int name |> Param.atLeast 1) |> Param.withDocumentation documentation

    let outActivation = Key.optionalSpec "out_activation" "The activation of the last block; the identity where null."

    let private identity = Spec.create Identity.definition Map.empty
    let private relu = Spec.create ReLU.definition Map.empty

    /// What a block is: its place from the front and from the back, what it takes, what it gives, and its activation.
    [<NoComparison; NoEquality>]
    type Place = { IsFirst: bool; IsLast: bool; Input: Value; Output: Value; Activation: ModuleSpec }

    /// The list of blocks from `input` over the widths `hidden` to `output`, with ReLUs and, in the end, `last`. It looks at none
    /// of them: thousands of blocks cost thousands of times one block.
    let list (block: Place -> ModuleSpec) (input: Value) (hidden: Value) (output: Value) (last: ModuleSpec option) =
        let hidden =
            match hidden with
            | List widths -> widths
            | _ -> []

        // Blocks of the same widths are the same.
        let known = Dictionary()

        let hiddenBlock isFirst input output =
            let key = struct (isFirst, input, output)

            match known.TryGetValue key with
            | true, block -> block
            | _ ->
                let place = { IsFirst = isFirst; IsLast = false; Input = input; Output = output; Activation = relu }
                known[key] <- Module(block place)
                known[key]

        let blocks =
            [
                let mutable input = input

                for i, output in List.indexed hidden do
                    hiddenBlock (i = 0) input output
                    input <- output

                let activation = Option.defaultValue identity last

                Module(
                    block
                        {
                            IsFirst = hidden.IsEmpty
                            IsLast = true
                            Input = input
                            Output = output
                            Activation = activation
                        }
                )
            ]

        Spec.create LayerList.definition (Map.ofList [ LayerList.layers.Name, List blocks ])

    /// The arguments that are set.
    let given (arguments: (string * Value) list) =
        arguments |> List.filter (fun (_, value) -> value <> Unset && value <> Null) |> Map.ofList

    /// The names of the blocks of a list that have a method, with the method, whether it is the first of the list and
    /// whether the last.
    let private having name (builder: Builder) =
        let list = builder.Observe(Tag.ofNames [ "blocks" ])

        [
            for i, (tag, node, _) in List.indexed (Tree.children list.Tag list) do
                match node.Definition.Methods.TryFind name with
                | Some action -> Tag.ofNames [ "blocks"; tag.Name ], action, i = 0, i = list.Children.Length - 1
                | None -> ()
        ]

    /// Calls a method of those blocks that are meant, given whether they are the first and the last.
    let callEach name (arguments: (string * Value) list) (isMeant: bool -> bool -> bool) (builder: Builder) =
        for target, action, isFirst, isLast in having name builder do
            if isMeant isFirst isLast then
                builder.Change(target, Verbs.act action (Map.ofList arguments), false)
