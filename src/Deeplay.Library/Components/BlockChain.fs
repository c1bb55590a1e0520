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
        arguments |> List.filter (fun (_, value) -> not (value.IsUnset || value.IsNull)) |> Map.ofList

    /// The blocks of a network, each with where it is below the network and its kind. They are not constructed for it: what the
    /// user does to a block comes behind what a style or an edit of the network does to it.
    let blocks (builder: Builder) : (Tag * Definition) list =
        [
            for name, kind in builder.KindsOf(Tag.ofNames [ "blocks" ]) -> Tag.ofNames [ "blocks"; name ], kind
        ]

    /// Calls a method of those blocks that have it and are meant, given their place and how many there are.
    let callEach name (arguments: (string * Value) list) (isMeant: int -> int -> bool) (builder: Builder) =
        let blocks = blocks builder

        for i, (target, kind) in List.indexed blocks do
            match kind.Methods.TryFind name with
            | Some action when isMeant i blocks.Length ->
                builder.Change(target, Verbs.act action (Map.ofList arguments), false)
            | _ -> ()

    /// Applies a style of a block. One of another kind, which the user has put there, stays as it is.
    let style name (arguments: (string * Value) list) (target: Tag, kind: Definition) (builder: Builder) =
        match kind.Styles.TryFind name with
        | Some style -> builder.Change(target, Verbs.act style (Map.ofList arguments), false)
        | None -> ()

    /// Changes what a block holds under a name, where it holds it.
    let change (target: Tag) name change (builder: Builder) = builder.Change(Tag.child name target, change, true)

    /// Configures what a block holds under a name, where it holds it.
    let configure target name (arguments: (string * Value) list) builder =
        for key, value in arguments do
            change target name (Verbs.configure key value) builder
