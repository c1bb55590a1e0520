namespace Deeplay.FSharp

open Deeplay.Core
open Deeplay.Library

/// What a kind of block knows of itself, for edits that leave something open.
[<NoEquality; NoComparison>]
type BlockKind =
    {
        /// The normalization that `normalized` puts in where none is given.
        Normalization: Builder -> ModuleSpec
        /// The way past the block that `shortcut` takes where none is given.
        Shortcut: Builder -> ModuleSpec
    }

/// Named children that run in order. The children are there to be edited: see `Block`.
///
/// A child named `shortcut_start` keeps the value it gives for `shortcut_end`, which merges it with what came through
/// the children between them.
[<RequireQualifiedAccess>]
module SequentialBlock =
    /// The names of children in the order they run. A child that comes later and is named here goes to its place;
    /// a child of `init` that is not named here is left out.
    let order = Edit.order

    /// Children that a block may well not have at present.
    let private slots =
        [
            "layer"
            "activation"
            "normalization"
            "dropout"
            "pool"
            "upsample"
            "transpose"
            "blocks"
            "shortcut_start"
            "shortcut_end"
        ]

    /// A name in `order` that stands for nothing is a misspelt one.
    let private checkOrder (builder: Builder) =
        // Most blocks say no order, and many there may be.
        match Edit.orderOf builder with
        | [] -> ()
        | order ->
            let known = slots @ builder.Children @ builder.Definition.Signature.Names

            for name in List.except known order |> List.truncate 1 do
                Fail.with' (UnknownName(builder.Tag, builder.Definition.Id, "child", name, known))

    /// What the children make of an input one after another, the value before 'shortcut_start' led past those up to
    /// 'shortcut_end'. `run` calls one of the children.
    let internal through (run: Handle -> Sym -> Sym) (builder: Builder) (input: Sym) : Sym =
        let wrong problem = Fail.with' (WrongStructure(builder.Tag, builder.Definition.Id, problem))

        let step (x: Sym, past: Sym option) name =
            let child = at name

            match name, past with
            | "shortcut_start", None -> x, Some(run child x)
            | "shortcut_end", Some shortcut -> callOn child [ x; shortcut ], None
            | "shortcut_end", None -> wrong "'shortcut_end' runs without a 'shortcut_start' before it."
            | _ -> run child x, past

        match List.fold step (input, None) builder.Children with
        | _, Some _ -> wrong "'shortcut_start' runs without a 'shortcut_end' after it."
        | output, None -> output

    let private graph (builder: Builder) =
        if builder.Has "shortcut_start" || builder.Has "shortcut_end" then
            Graph.trace [ "input" ] (fun inputs -> [ "", through call builder inputs.Head ])
        else
            Graph.chain

    /// The `init` of a block with a forward pass of its own.
    let internal runWith (graph: Builder -> Graph) (children: Arguments -> (string * ModuleSpec) list) =
        let ordered (arguments: Arguments) =
            match arguments.Get order, children arguments with
            | None, children -> children
            | Some names, children -> names |> List.choose (fun name -> List.tryFind (fst >> (=) name) children)

        let forward =
            Forward(fun builder ->
                checkOrder builder
                graph builder)

        fun _ (builder: Builder) ->
            for name, spec in builder.Once ordered do
                builder.Attach(name, spec, Last)

            forward

    /// The `init` of a block: it attaches these children in the order its `order` asks for, or as given, and runs them in
    /// the order there is when all edits are done.
    let run (children: Arguments -> (string * ModuleSpec) list) : Arguments -> Init<Forward> = runWith graph children

    /// Where an edit puts its child in, by default.
    let internal modeOf standard =
        Key.choice
            [ "append"; "prepend"; "insert"; "replace" ]
            "mode"
            standard
            "Where the child is put in where there is none."

    let private mode = modeOf "append"

    let private splitAt (builder: Builder) position =
        let children = builder.Children

        let index name more =
            List.tryFindIndex ((=) name) children
            |> Option.map ((+) more)
            |> Option.defaultValue children.Length

        match position with
        | First -> [], children
        | Last -> children, []
        | After name -> List.splitAt (index name 1) children
        | Before name -> List.splitAt (index name 0) children

    /// Puts a module in the place of the child of this name, or puts one in where `mode` says. `fit` has the last
    /// word on the module, given the children before and after it.
    /// A block whose parameter of that name was set since stays as it was set.
    let set (arguments: Arguments) name (fit: string list -> string list -> ModuleSpec) (builder: Builder) =
        let children = builder.Children

        match List.tryFindIndex ((=) name) children, arguments.Get mode with
        | _ when builder.IsSetSince name -> ()
        | Some i, _ ->
            let spec = fit (List.take i children) (List.skip (i + 1) children)
            builder.Change(Tag.ofNames [ name ], Verbs.replace spec, false)
        | None, "replace" -> Edit.unknown builder name
        | None, mode ->
            let position = Edit.place builder name (Edit.position arguments mode)
            let before, after = splitAt builder position
            builder.Attach(name, fit before after, position)

    let private activation = Key.optionalSpec "activation" "The activation; a ReLU where not given."

    let private normalization =
        Key.optionalSpec "normalization" "The normalization; that of the kind of block where not given."

    let private merge = Key.optionalSpec "merge" "What makes one tensor of both ways; their sum where not given."

    let private shortcut = Key.optionalSpec "shortcut" "The way past the block; the kind's own where not given."

    /// The module that is given, or else one of the usual kind.
    let internal orUsual (definition: Definition) = Option.defaultWith (fun () -> Spec.create definition Map.empty)

    /// `activated(activation, mode, after)`: the activation in the place of the one there is, else put in.
    let activated =
        Action.afterInit "activated" [ activation; mode; Edit.optionalAfter ] (fun arguments ->
            let spec = arguments.Get activation |> orUsual ReLU.definition
            set arguments "activation" (fun _ _ -> spec))
        |> Action.withDocumentation "Puts the activation in the place of the one there is, else in."

    let private normalized (kind: BlockKind) =
        Action.afterInit "normalized" [ normalization; mode; Edit.optionalAfter ] (fun arguments builder ->
            let spec = arguments.Get normalization |> Option.defaultWith (fun () -> kind.Normalization builder)

            // Where nobody else knows the width, the one that was there does.
            let known () =
                if builder.Has "normalization" then
                    BlockWidth.ofNormalization (builder.Observe(Tag.ofNames [ "normalization" ])).Arguments
                else
                    None

            let fit before after = BlockWidth.give (BlockWidth.at builder before after |> Option.orElseWith known) spec

            set arguments "normalization" fit builder)
        |> Action.withDocumentation
            "Puts the normalization in the place of the one there is, else in; its width follows the block's."

    let private shortcutted (kind: BlockKind) =
        Action.afterInit "shortcut" [ merge; shortcut ] (fun arguments builder ->
            let past = arguments.Get shortcut |> Option.defaultWith (fun () -> kind.Shortcut builder)

            let leading, _, trailing = Multi.split builder.Children

            let start =
                match List.tryLast leading with
                | Some last -> After last
                | None -> First

            let stop =
                match List.tryHead trailing with
                | Some first -> Before first
                | None -> Last

            builder.Attach("shortcut_start", past, start)
            builder.Attach("shortcut_end", arguments.Get merge |> orUsual Add.definition, stop))
        |> Action.withDocumentation "Leads the input past the block, and merges it with what the block gives."

    /// The definition with every edit of a block.
    let withEdits (kind: BlockKind) (definition: Definition) : Definition =
        Definition.withMethods
            (activated :: normalized kind :: shortcutted kind :: Branch.dropPath :: Multi.action :: Edit.all)
            definition

    /// The modules, in order.
    let layers = Param.specs "layers" |> Param.withDefault [] |> Param.withDocumentation "The modules, in order."

    /// The names of `layers`, one for each.
    let names =
        Param.list (Param.text "names")
        |> Param.withDefault []
        |> Param.withDocumentation "The names of the layers, one for each."

    let private noNormalization (builder: Builder) =
        let hint = "This kind of block has no usual one; say which."
        Fail.with' (Missing(builder.Tag, builder.Definition.Id, "normalization", hint))

    let private kind =
        { Normalization = noNormalization; Shortcut = fun _ -> Spec.create Identity.definition Map.empty }

    let private children (arguments: Arguments) =
        let specs, names = arguments.Get layers, arguments.Get names
        Edit.checkNames arguments "names" names specs
        List.zip names specs

    /// Parameters: layers, names, order. Selecting by this kind finds every block that is based on it.
    let definition =
        Definition.create "SequentialBlock" [ layers; names; order ] (run children)
        |> Definition.withDocumentation "Named children that run in order."
        |> withEdits kind
        |> Definition.withPositional [ layers; names ]
        |> Definition.withShapes "what the first child takes → what the last gives"
        |> Definition.withSource "Deeplay, SequentialBlock"
        |> Definition.withExample
            [ layers => [ Samples.linear 3 4; Samples.relu ]; names => [ "layer"; "activation" ] ]
            [ Example.tensor [ 2; 3 ] ]
