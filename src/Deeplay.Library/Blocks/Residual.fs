namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// Blocks that something leads past: what styles make of a block.
module internal Residual =
    /// One of the blocks that the way past leads around: the names of its children in order, and what is different in it.
    [<NoComparison; NoEquality>]
    type Part = { Order: string list; Changed: Map<string, Value> }

    let private slots = Map.ofList [ 'l', "layer"; 'a', "activation"; 'n', "normalization"; 'd', "dropout" ]

    /// The blocks before the '|' of a shorthand such as "lnaln|a", and what comes behind it; None where it is malformed.
    /// A new block begins where a letter comes again.
    let parse (shorthand: string) : (string list list * string list) option =
        let before, after =
            match shorthand.ToLowerInvariant().Split '|' with
            | [| before |] -> before, ""
            | [| before; after |] -> before, after
            | _ -> "", "|"

        let names (text: string) =
            let found = text |> Seq.map slots.TryFind |> List.ofSeq
            if List.forall Option.isSome found then Some(List.choose id found) else None

        let add (blocks: string list list) name =
            match blocks with
            | current :: done' when not (List.contains name current) -> (current @ [ name ]) :: done'
            | _ -> [ name ] :: blocks

        let comesOnce (after: string list) = after.Length = (List.distinct after).Length

        match names before, names after with
        | Some(_ :: _ as before), Some after when comesOnce after && not (List.contains "layer" after) ->
            Some(List.rev (List.fold add [] before), after)
        | _ -> None

    let private activation = Key.optionalSpec "activation" "The activation; a ReLU where not given."

    let private normalization =
        Key.optionalSpec "normalization" "The normalization; that of the kind of block where not given."

    let private dropout =
        Key.dropout "The probability of a dropout, where the order has one." |> Param.withDefault 0.1

    // Puts in, or sets, a child that an order names; behind another one, where that is said.
    let private put (arguments: Arguments) builder target (after: string option) name =
        let behind key =
            match after with
            | Some after -> [ key, Text "insert"; "after", Text after ]
            | None -> []

        match name with
        | "activation" -> Edit.call builder target "activated" ((name, arguments[name]) :: behind "mode")
        | "normalization" -> Edit.call builder target "normalized" ((name, arguments[name]) :: behind "mode")
        | "dropout" ->
            let p = arguments.TryGet dropout |> Option.defaultValue 0.1
            Edit.call builder target "set_dropout" (("p", Float p) :: behind "on_missing")
        | _ -> ()

    /// Puts a chain of copies in the place of what the block holds, given what is different in each, and which children it will not
    /// have: the one at `strided` moves by `stride`, the others by one.
    let chain n (stride: int64 list) strided (parts: (Map<string, Value> * string list) list) (builder: Builder) =
        let said = Sizes.ofValue n builder.Arguments["stride"]
        let ones = List.replicate n 1L
        let isStrided = said <> ones || stride <> ones || Strides.ofBlock n builder <> ones
        let wanted i = if i = strided then stride else ones
        let value i = List(List.map Int (wanted i))
        let withStride i basis = if wanted i = said then basis else Map.add "stride" (value i) basis
        let copies = parts |> List.mapi (fun i (changed, without) -> withStride i changed, without)

        // Equal ones are one spec.
        let make (changed, without) = Multi.copyWithout without builder changed
        let specs = copies |> List.distinct |> List.map (fun copy -> copy, make copy)
        Multi.chain builder [ for copy in copies -> specs |> List.find (fst >> (=) copy) |> snd ]

        // An edit that set another stride was made in each copy, too.
        if isStrided then
            for i in 0 .. copies.Length - 1 do
                let block = Tag.ofNames [ "blocks"; string i ]

                if Strides.ofNode n (builder.Observe block) <> wanted i then
                    Edit.call builder block "strided" [ "stride", value i; "remove_pool", Bool false ]

    /// Makes the block a chain of `parts` with a way past them, and puts in what the names `after` say behind. The part at
    /// `strided` has the stride that the block had, the others move by one.
    let make n (arguments: Arguments) (parts: Part list) strided (after: string list) (builder: Builder) =
        let missing part =
            [
                for name in slots.Values do
                    if name <> "layer" && not (List.contains name part.Order) then name
            ]

        let copies = [ for part in parts -> part.Changed, missing part ]
        chain n (Strides.ofBlock n builder) strided copies builder

        for i, part in List.indexed parts do
            let block = Tag.ofNames [ "blocks"; string i ]
            builder.Change(block, Verbs.configure "order" (List(List.map Text part.Order)), false)

            for name in slots.Values do
                if List.contains name part.Order then put arguments builder block None name

            for name in missing part do
                // An edit that put it in is made in each copy, too.
                Edit.call builder block "remove" [ Edit.requiredName => name; Edit.allowMissing => true ]

        Edit.call builder Tag.root "shortcut" []

        List.fold
            (fun before name ->
                put arguments builder Tag.root (Some before) name
                name)
            "shortcut_end"
            after
        |> ignore

    // As much as keeps the sizes, for odd kernels.
    let private padding n (kernel: int64 list) (arguments: Arguments) =
        List.map2 (fun k d -> Int(d * (k / 2L))) kernel (Sizes.ofValue n arguments["dilation"])
        |> function
            | [ one ] -> one
            | several when (List.distinct several).Length = 1 -> several.Head
            | several -> List several

    let private order =
        Param.text "order"
        |> Param.withDefault "lanlan|"
        |> Param.withCheck
            "letters l, a, n, d, of which a, n, d may also come once behind a '|'"
            (parse >> Option.isSome)
        |> Param.withDocumentation
            "The order as letters: l for the layer, a for the activation, n for the normalization, d for a dropout, and | for where the way past ends. A new block begins where a letter comes again."

    /// `residual(order, activation, normalization, dropout)`: blocks of the order with a way past them.
    let residual n =
        Action.afterInit "residual" [ order; activation; normalization; dropout ] (fun arguments builder ->
            let blocks, after = (parse (arguments.Get order)).Value
            let kernel = Sizes.ofValue n builder.Arguments["kernel_size"]
            let padded = Map.ofList [ "padding", padding n kernel builder.Arguments ]
            let widths = Multi.following (Multi.width builder) builder.Arguments

            let part i order =
                {
                    Order = order
                    Changed = if i = 0 then padded else Map.fold (fun all k v -> Map.add k v all) padded widths
                }

            make n arguments (List.mapi part blocks) 0 after builder)
        |> Action.withDocumentation "Several blocks of the same width with a way past them."

    let private expansion =
        Key.positive "expansion" "How many times as wide as the inner blocks the block is."
        |> Param.withDefault 4

    /// `bottleneck(activation, normalization, expansion)`: a convolution of kernel 1 to fewer channels, the block's own on
    /// these, and one of kernel 1 back, with a way past them.
    let bottleneck n =
        Action.afterInit "bottleneck" [ activation; normalization; expansion ] (fun arguments builder ->
            let own = builder.Arguments

            let output =
                Multi.width builder
                |> Option.map int
                |> Option.defaultWith (fun () -> own.Get(Param.int "out_channels"))

            if output % arguments.Get expansion <> 0 then
                let expected = $"a divisor of the {string output} channels of the block"

                Fail.with' (
                    WrongValue(arguments.Tag, arguments.Kind, "expansion", expected, string (arguments.Get expansion))
                )

            let inner = Int(int64 (output / arguments.Get expansion))
            let kernel = Sizes.ofValue n own["kernel_size"]

            let pointwise = [ "kernel_size", Int 1L; "padding", Int 0L; "dilation", Int 1L; "groups", Int 1L ]

            let part order changed = { Order = order; Changed = Map.ofList changed }
            let active = [ "layer"; "normalization"; "activation" ]

            let parts =
                [
                    part active (("out_channels", inner) :: pointwise)
                    part active [ "in_channels", inner; "out_channels", inner; "padding", padding n kernel own ]
                    part active[..1] ([ "in_channels", inner; "out_channels", Int(int64 output) ] @ pointwise)
                ]

            make n arguments parts 1 [ "activation" ] builder)
        |> Action.withDocumentation
            "A convolution of kernel 1 to fewer channels, the block's own, and one back, with a way past them (He et al., 2016)."
