namespace Deeplay.FSharp

open Deeplay.Core

/// A module that is being constructed, or something below it: what `child` gives.
type Handle =
    {
        Target: Tag
    }

    /// Something below this one: `blocks / "0" / "layer"`, or `blocks / "0.layer"`.
    static member (/)(handle: Handle, path: string) = { Target = Tag.append handle.Target (Tag.parse path) }

/// What an `init` ends with: the forward pass, or none where the module only holds others.
[<NoEquality; NoComparison>]
type Forward =
    | NoForward
    | Forward of graph: (Builder -> Graph)

/// A part of an `init`: what is done with the module under construction, and what it gives.
type Init<'T> = Builder -> 'T

/// Writes an `init` as a computation expression.
type InitBuilder() =
    member inline _.Bind([<InlineIfLambda>] first: Init<'a>, [<InlineIfLambda>] next: 'a -> Init<'b>) : Init<'b> =
        fun builder -> next (first builder) builder

    member inline _.Return(value: 'a) : Init<'a> = fun _ -> value
    member inline _.ReturnFrom([<InlineIfLambda>] init: Init<'a>) : Init<'a> = init
    member inline _.Zero() : Init<unit> = fun _ -> ()

    member inline _.Combine([<InlineIfLambda>] first: Init<unit>, [<InlineIfLambda>] next: Init<'a>) : Init<'a> =
        fun builder ->
            first builder
            next builder

    member inline _.Delay([<InlineIfLambda>] init: unit -> Init<'a>) : Init<'a> = fun builder -> init () builder

    member inline _.For(items: seq<'a>, [<InlineIfLambda>] body: 'a -> Init<unit>) : Init<unit> =
        fun builder ->
            for item in items do
                body item builder

/// What a module has of its own, as its author says it.
module internal OwnTensors =
    let make isTrained isPersistent dtype name (sizes: SymInt list) initial : OwnTensor =
        {
            Name = name
            Sizes =
                sizes
                |> List.map (fun size ->
                    if not (isNull size.Tracer) then
                        let found = "the size of a tensor in its forward pass"
                        Fail.with' (Malformed($"'{name}'", "sizes that are known before the module runs", found))

                    size.Expression)
            Initial = initial
            DType = dtype
            IsTrained = isTrained
            IsPersistent = isPersistent
        }

    /// The same, of sizes that are numbers.
    let known isTrained isPersistent dtype name (sizes: int list) initial : OwnTensor =
        make isTrained isPersistent dtype name (sizes |> List.map SymInt.op_Implicit) initial

/// What an `init` can do.
[<AutoOpen>]
module Init =
    /// Writes an `init`.
    let init = InitBuilder()

    /// Attaches a module as a child.
    let child name (spec: ModuleSpec) : Init<Handle> =
        fun builder ->
            builder.Attach(name, spec, Last)
            { Target = Tag.ofNames [ name ] }

    /// Declares a parameter of the module's own: what stands for it in the forward pass. It is trained and saved, and goes
    /// where the module goes, under its name.
    let parameter name (sizes: int list) (initial: Initial) : Init<Sym> =
        fun builder -> builder.Own(OwnTensors.known true true DType.Float32 name sizes initial)

    /// Declares a buffer of the module's own: numbers that are saved with the weights and not trained.
    let buffer name (sizes: int list) (initial: Initial) : Init<Sym> =
        fun builder -> builder.Own(OwnTensors.known false true DType.Float32 name sizes initial)

    /// `buffer`, of another type perhaps; one that is not persistent is no part of what is saved.
    let bufferOf (dtype: DType) (persistent: bool) name (sizes: int list) (initial: Initial) : Init<Sym> =
        fun builder -> builder.Own(OwnTensors.known false persistent dtype name sizes initial)

    /// `parameter` of sizes that may be inferred: PyTorch's `UninitializedParameter`. `args.Size inFeatures` is such a size, `Op.int 3`
    /// a number beside it; the definition says what the argument is, by `Definition.withInferred`.
    let lazyParameter name (sizes: SymInt list) (initial: Initial) : Init<Sym> =
        fun builder -> builder.Own(OwnTensors.make true true DType.Float32 name sizes initial)

    /// `buffer` of sizes that may be inferred: PyTorch's `UninitializedBuffer`.
    let lazyBuffer name (sizes: SymInt list) (initial: Initial) : Init<Sym> =
        fun builder -> builder.Own(OwnTensors.make false true DType.Float32 name sizes initial)

    /// Attaches the same module once more, under another name: its weights are shared.
    let alias name (same: Handle) : Init<Handle> =
        fun builder ->
            builder.Alias(name, same.Target)
            { Target = Tag.ofNames [ name ] }

    /// Something that will be, or was, attached: `at "blocks.0"`.
    let at (path: string) = { Target = Tag.parse path }

    /// Configures a descendant, before or after it is attached, by a name or a typed key: `configure gate "bias" false` or
    /// `configure gate Linear.bias false`. The user's own settings beat it. Where there is no such module once the
    /// construction is finished, that is an error.
    let inline configure (handle: Handle) key value : Init<unit> =
        let name, value = key => value
        fun builder -> builder.Change(handle.Target, Verbs.configure name value, false)

    /// `configure`, where it is fine that there is no such module: for children that are attached in some cases only.
    let inline tryConfigure (handle: Handle) key value : Init<unit> =
        let name, value = key => value
        fun builder -> builder.Change(handle.Target, Verbs.configure name value, true)

    /// Observes a descendant as it is with what was said of it so far: its resolved arguments, its children.
    let observe (handle: Handle) : Init<Node> = fun builder -> builder.Observe handle.Target

    /// The children of a descendant, with the kinds that they are said to be so far. They are not constructed for it, so that
    /// what the user does to one of them runs behind what this `init` or edit still says of it; to look at their arguments, `observe`.
    let kindsOf (handle: Handle) : Init<(string * Definition) list> = fun builder -> builder.KindsOf handle.Target

    /// Whether a parameter of the module under construction was set after the hook that runs was registered, or by
    /// somebody who beats whoever registered it.
    let isSetSince (key: Param<'v>) : Init<bool> = fun builder -> builder.IsSetSince key.Name

    /// A spec of what the module under construction is at this moment, but for the arguments that are given: the edits
    /// that were made are made anew in each copy.
    let copy (changed: (string * Value) list) : Init<ModuleSpec> = fun builder -> builder.Copy(Map.ofList changed, [])

    /// Registers an action for a descendant, or for the module itself with `at ""`.
    let act (handle: Handle) (action: ActionDefinition) (arguments: (string * Value) list) : Init<unit> =
        fun builder -> builder.Change(handle.Target, Verbs.act action (Map.ofList arguments), false)

    /// The forward pass of a module that gives named tensors.
    let forwardNamed inputs (body: Sym list -> (string * Sym) list) : Forward =
        Forward(fun _ -> Graph.trace inputs body)

    /// The forward pass of a module whose children run one after another, whichever they are in the end.
    let forwardChain: Forward = Forward(fun _ -> Graph.chain)

    /// The forward pass of a module with one input and one output.
    let forward (body: Sym -> Sym) : Forward =
        forwardNamed [ "input" ] (fun inputs -> [ "", body (List.exactlyOne inputs) ])

    /// The forward pass of a module with several inputs, by their names, and one output.
    let forwardOf inputs (body: Sym list -> Sym) : Forward = forwardNamed inputs (fun inputs -> [ "", body inputs ])

    /// The forward pass of a module with several inputs and several outputs.
    let forwardMany inputs (body: Sym list -> Sym list) : Forward =
        forwardNamed inputs (fun inputs -> body inputs |> List.map (fun output -> "", output))

    /// Calls a child, or something below one, on a tensor.
    let call (handle: Handle) (input: Sym) : Sym = Sym.Record(Call handle.Target, [ input ], 1) |> List.exactlyOne

    /// Calls a child on several tensors.
    let callOn (handle: Handle) (inputs: Sym list) : Sym = Sym.Record(Call handle.Target, inputs, 1) |> List.exactlyOne

    /// Calls a child that gives several tensors.
    let callMany outputs (handle: Handle) (inputs: Sym list) : Sym list =
        Sym.Record(Call handle.Target, inputs, outputs)

    /// The forward pass of a module that passes whatever it is given on to a child: it has the inputs of that child.
    let internal forwardTo (child: Handle) : Forward =
        Forward(fun builder -> Graph.trace (builder.InputsOf child.Target) (fun inputs -> [ "", callOn child inputs ]))

    /// Calls every module of a list, one after another.
    let chain (handle: Handle) (input: Sym) : Sym = Sym.Record(Chain handle.Target, [ input ], 1) |> List.exactlyOne
