namespace Deeplay.FSharp

open System.Runtime.CompilerServices
open Deeplay.Core

/// What the changes of the F# face have in common.
[<RequireQualifiedAccess>]
module internal Caller =
    /// Where a change was asked for.
    let at file line = Location.OfCaller(defaultArg file "", defaultArg line 0)

    // Callers name the type, for their signatures are public.
    /// What becomes of a spec, or of the modules of one that are meant, by a change that is asked for at this place.
    let edit<'whole when 'whole :> IChangeable<'whole>> (file, line) change (whole: 'whole) : 'whole =
        whole.With(change (at file line) whole.Selection)

    /// The same for a method or a style that was called with those arguments that are there.
    let given change name caller (arguments: (string * Value) option list) =
        edit caller (fun at -> change at name (Map.ofList (List.choose id arguments)))

/// Working with specs. Every function gives a new spec; the one it was given stays what it was. Errors are raised as
/// `DeeplayException`.
///
/// What changes a module takes a spec, or the modules of one that `select` selected: so the same change is written for
/// both. `file` and `line` are the compiler's to give: they say where a step was asked for.
[<AbstractClass; Sealed>]
type Module =
    /// A spec of a definition: `Linear.definition |> Module.create [ Linear.inFeatures => 3; "bias" => false ]`. The
    /// arguments are kept as given, and checked in the form that the definition's `prepare` gives them.
    static member create (arguments: (string * Value) list) (definition: Definition) : ModuleSpec =
        Change.create arguments definition

    /// Sets a parameter of the spec, or of every module that is selected: `configure "bias" false`.
    static member configure(key: string, [<CallerFilePath>] ?file: string, [<CallerLineNumber>] ?line: int) =
        fun (value: 'v) ->
            Caller.edit<'whole> (file, line) (fun at -> Change.configure at key (Value.ofObject (box value)))

    /// Sets a parameter by a typed key: `configure Linear.bias false`.
    static member configure(key: Param<'v>, [<CallerFilePath>] ?file: string, [<CallerLineNumber>] ?line: int) =
        fun (value: 'v) -> Caller.edit<'whole> (file, line) (fun at -> Change.configure at key.Name (key.ToValue value))

    /// Puts another kind of layer in the same place; settings that the new kind has are kept. A module that has children, or
    /// was changed itself, takes the place as a whole, unless it lacks arguments: those are the ones of the place.
    static member become(other: ModuleSpec, [<CallerFilePath>] ?file: string, [<CallerLineNumber>] ?line: int) =
        Caller.edit<'whole> (file, line) (fun at -> Change.changeKind at other)

    /// Puts another module in the same place.
    static member replace(other: ModuleSpec, [<CallerFilePath>] ?file: string, [<CallerLineNumber>] ?line: int) =
        Caller.edit<'whole> (file, line) (fun at -> Change.replace at other)

    /// Calls a method of the module's definition, such as `append` or `normalized`.
    static member call(name: string, [<CallerFilePath>] ?file: string, [<CallerLineNumber>] ?line: int) =
        fun (arguments: (string * Value) list) ->
            Caller.edit<'whole> (file, line) (fun at -> Change.call at name (Map.ofList arguments))

    /// Applies a style of the module's definition.
    static member style(name: string, [<CallerFilePath>] ?file: string, [<CallerLineNumber>] ?line: int) =
        fun (arguments: (string * Value) list) ->
            Caller.edit<'whole> (file, line) (fun at -> Change.style at name (Map.ofList arguments))

    /// Registers an action: it runs at its stage, whenever the module is constructed or built.
    static member hook(action: ActionDefinition, [<CallerFilePath>] ?file: string, [<CallerLineNumber>] ?line: int) =
        fun (arguments: (string * Value) list) ->
            Caller.edit<'whole> (file, line) (fun at -> Change.hook at action (Map.ofList arguments))

    /// Freezes every parameter of the module and of what is below it: none of them is trained, once it is built. With `false`
    /// they are trained again. What is said of a module further below, or later of the same, counts there: what `Block.lora`
    /// adds is trained.
    static member frozen(?frozen: bool, [<CallerFilePath>] ?file: string, [<CallerLineNumber>] ?line: int) =
        let arguments = [ Deeplay.Library.Reparametrization.isFrozen => defaultArg frozen true ]

        Caller.edit<'whole> (file, line) (fun at ->
            Change.hook at Deeplay.Library.Reparametrization.frozen (Map.ofList arguments))

    /// Keeps what each call of the built module gives, under a key; of several outputs each under `key.0`, `key.1`, of named ones
    /// under `key.name`.
    static member logOutput(key: string, [<CallerFilePath>] ?file: string, [<CallerLineNumber>] ?line: int) =
        Caller.edit<'whole> (file, line) (fun at -> Change.hook at Logging.output (Map.ofList [ Logging.key => key ]))

    /// Keeps what each call of the built module is given, under a key; of several inputs each, as `logOutput` does.
    static member logInput(key: string, [<CallerFilePath>] ?file: string, [<CallerLineNumber>] ?line: int) =
        Caller.edit<'whole> (file, line) (fun at -> Change.hook at Logging.input (Map.ofList [ Logging.key => key ]))

    /// Lets the module take named tensors: `inputsFrom [ "x" ]` calls it with the one named `x`. A key may say which input
    /// it is for: `"mask=m"`. As Deeplay's `set_input_map`.
    static member inputsFrom(keys: string list, [<CallerFilePath>] ?file: string, [<CallerLineNumber>] ?line: int) =
        Caller.edit<'whole> (file, line) (fun at -> Change.mapInputs at keys)

    /// Lets the module give named tensors: its outputs, in order, under these keys, beside those it was given. A key may
    /// say which output it is for, counted from 0: `"mask=1"`. As Deeplay's `set_output_map`.
    static member outputsTo(keys: string list, [<CallerFilePath>] ?file: string, [<CallerLineNumber>] ?line: int) =
        Caller.edit<'whole> (file, line) (fun at -> Change.mapOutputs at keys)

    /// Changes what a selector selects: `select ".../layer#0" (Module.configure Linear.bias false)`. An empty selection is an
    /// error.
    static member select
        (selector: string)
        (change: Selection -> Selection)
        (whole: 'whole :> IChangeable<'whole>)
        : 'whole =
        Selection.change (Selection.narrow (SelectorText.parse selector)) change whole

    /// `select`, where selecting nothing is allowed and changes nothing.
    static member trySelect
        (selector: string)
        (change: Selection -> Selection)
        (whole: 'whole :> IChangeable<'whole>)
        : 'whole =
        let selector = SelectorText.parse selector

        match Fail.catch (fun () -> Selection.narrow selector whole.Selection) with
        | Ok found -> Selection.change (fun _ -> found) change whole
        | Error [ EmptySelection _ ] -> whole
        | Error errors -> Fail.withAll errors

    /// Narrows a selection to the modules that pass. Selecting none of them is an error.
    static member where
        (passes: Tag -> Node -> bool)
        (change: Selection -> Selection)
        (whole: 'whole :> IChangeable<'whole>)
        : 'whole =
        Selection.change (Selection.filter (Where { Name = "where"; Passes = passes })) change whole

    /// Narrows a selection to the modules of a kind, special cases included; in text `[Linear]`.
    static member ofType (definition: Definition) (change: Selection -> Selection) whole =
        Selection.change (Selection.filter (OfKind definition.Id)) change whole

    /// Narrows a selection to the modules that have a parameter or a method of this name; in text `[has:bias]`.
    static member having (name: string) (change: Selection -> Selection) whole =
        Selection.change (Selection.filter (Having name)) change whole

    /// Narrows a selection to its first module.
    static member first (change: Selection -> Selection) whole = Selection.change Selection.first change whole

    /// The tags that a selector selects, in order.
    static member names (selector: string) (spec: ModuleSpec) : string list =
        Selector.select (SelectorText.parse selector) Tag.root (Construct.root spec)
        |> List.map (fst >> string)

    /// Does several changes as one named group of steps, which is one entry to undo.
    static member grouped (name: string) (change: ModuleSpec -> ModuleSpec) (spec: ModuleSpec) : ModuleSpec =
        Change.grouped name change spec

    /// The constructed tree.
    static member construct(spec: ModuleSpec) : Node = Constraints.ofTree (Construct.root spec)

    /// The argument of the module with this tag: `argument "blocks.0.layer" Linear.bias`.
    static member argument (tag: string) (key: Param<'v>) (spec: ModuleSpec) : 'v =
        (Tree.find (Tag.parse tag) (Construct.root spec)).Arguments.Get key

    /// What can be configured: names, types, defaults and documentation, in order.
    static member parameters(spec: ModuleSpec) : ParameterInfo list =
        Listing.parameters (Construct.root spec).Definition

    /// What can be called (`Module.call`), with documentation and parameters.
    static member methods(spec: ModuleSpec) : ActionInfo list = Listing.methods (Construct.root spec).Definition

    /// The styles there are (`Module.style`), with documentation and parameters.
    static member styles(spec: ModuleSpec) : ActionInfo list = Listing.styles (Construct.root spec).Definition

    /// Why a parameter of the module with this tag is what it is.
    static member explain (tag: string) (name: string) (spec: ModuleSpec) =
        Explain.parameter (Tag.parse tag) name (Construct.root spec)

    /// Why the module with this tag takes the named tensors it takes: what `inputsFrom` said, and who.
    static member explainInputs (tag: string) (spec: ModuleSpec) = Explain.inputs (Tag.parse tag) (Construct.root spec)

    /// Why the module with this tag gives the named tensors it gives: what `outputsTo` said, and who.
    static member explainOutputs (tag: string) (spec: ModuleSpec) =
        Explain.outputs (Tag.parse tag) (Construct.root spec)

    /// What differs between two specs, as text.
    static member diff (before: ModuleSpec) (after: ModuleSpec) = Diff.describe (Diff.specs before after)

    /// The shapes that come out, in order, for inputs of these shapes, batch included.
    static member inline inferShapes (inputs: ^n list list) (spec: ModuleSpec) : int64 list list =
        Shapes.outputs (List.map (List.map int64) inputs) spec

    /// The shape that comes out for an input of this shape, batch included: `inferShape [ 1; 64 ]`.
    static member inline inferShape (input: ^n list) (spec: ModuleSpec) : int64 list =
        Shapes.output (List.map int64 input) spec

    /// The shapes that come out for named tensors of these shapes, batch included; an output without a name is under "".
    static member inline inferNamed (inputs: (string * ^n list) list) (spec: ModuleSpec) : Map<string, int64 list> =
        Shapes.named (inputs |> List.map (fun (key, shape) -> key, List.map int64 shape)) spec

    /// A table of the modules with shapes and numbers of parameters, for inputs of these shapes, batch included.
    static member inline summarize (inputs: ^n list list) (spec: ModuleSpec) : Summary =
        Shapes.summary (List.map (List.map int64) inputs) spec

    /// `summarize` for a module that takes named tensors.
    static member inline summarizeNamed (inputs: (string * ^n list) list) (spec: ModuleSpec) : Summary =
        Shapes.summaryNamed (inputs |> List.map (fun (key, shape) -> key, List.map int64 shape)) spec

    /// The tree as a Mermaid flowchart.
    static member mermaid(spec: ModuleSpec) : string = Draw.mermaid (Construct.root spec)

    /// The tree in Graphviz's DOT.
    static member dot(spec: ModuleSpec) : string = Draw.dot (Construct.root spec)

    /// The changes made so far, the oldest first.
    static member tape(spec: ModuleSpec) = Tape.steps spec

    /// The spec as it was made, before every change.
    static member origin(spec: ModuleSpec) : ModuleSpec = Spec.origin spec

    /// An equal spec, with the same arguments, settings and tape, that shares no constructed module with this one: its tree
    /// is constructed anew. It undoes nothing, and what was built of either is not touched; for the spec without its changes
    /// there is `origin`.
    static member fresh(spec: ModuleSpec) = Tape.fresh spec

    /// The spec without what its last change did: a call is one change, whatever it holds, and so is a group.
    static member undo(spec: ModuleSpec) = Tape.undo spec

    /// The spec with what was undone last.
    static member redo(spec: ModuleSpec) = Tape.redo spec

    /// Another spec's changes made on this one.
    static member replay steps (spec: ModuleSpec) = Tape.replay steps spec

    /// The user's settings that no module reads at present.
    static member unused(spec: ModuleSpec) = Unused.settings (Construct.root spec)

    /// The spec without the settings that no module reads at present.
    static member dropUnused(spec: ModuleSpec) = Tape.dropUnused spec
