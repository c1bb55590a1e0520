namespace Deeplay.FSharp

open Deeplay.Core

/// Lets `Module.configure` take a name or a typed key.
[<AbstractClass; Sealed>]
type ConfigureKey =
    static member Setting(key: string, value: 'v) : string * Value = key, Value.ofObject (box value)
    static member Setting(key: Param<'v>, value: 'v) : string * Value = key.Name, key.ToValue value

/// Working with specs. Every function gives a new spec; the one it was given stays what it was. Errors are raised as
/// `SpecException`.
[<RequireQualifiedAccess>]
module Module =
    /// A spec of a definition: `Linear.definition |> Module.create [ Linear.inFeatures => 3 ]`. The arguments are kept as
    /// given, and checked in the form that the definition's `prepare` gives them.
    let create (arguments: (string * Value) list) (definition: Definition) : ModuleSpec =
        Change.create arguments definition

    /// Sets a parameter of the spec, or of every module that is selected.
    let configureValue (name: string) (value: Value) (spec: ModuleSpec) =
        Change.configure None name value spec

    /// What `configure` overloads over.
    let inline setting (_: ^W) (key: ^K) (value: ^V) : string * Value =
        ((^W or ^K): (static member Setting: ^K * ^V -> string * Value) (key, value))

    /// Sets a parameter of the spec, or of every module that is selected. The key is a name or a typed key:
    /// `configure "bias" false` or `configure Linear.bias false`.
    let inline configure key value (spec: ModuleSpec) : ModuleSpec =
        let name, value = setting Unchecked.defaultof<ConfigureKey> key value
        configureValue name value spec

    /// Puts another kind of layer in the same place; settings that the new kind has are kept.
    let become (other: ModuleSpec) (spec: ModuleSpec) = Change.become None other spec

    /// Puts another module in the same place.
    let replace (other: ModuleSpec) (spec: ModuleSpec) = Change.replace None other spec

    /// Calls a method of the module's definition, such as `append` or `normalized`.
    let call name (arguments: (string * Value) list) (spec: ModuleSpec) =
        Change.call None name (Map.ofList arguments) spec

    /// Applies a style of the module's definition.
    let style name (arguments: (string * Value) list) (spec: ModuleSpec) =
        Change.style None name (Map.ofList arguments) spec

    /// Registers an action: it runs at its stage, whenever the module is constructed or built.
    let hook action (arguments: (string * Value) list) (spec: ModuleSpec) =
        Change.hook None action (Map.ofList arguments) spec

    /// Keeps what each call of the built module gives, under a key.
    let logOutput (key: string) (spec: ModuleSpec) =
        hook Logging.output [ Logging.key => key ] spec

    /// Keeps what each call of the built module is given, under a key.
    let logInput (key: string) (spec: ModuleSpec) =
        hook Logging.input [ Logging.key => key ] spec

    /// Lets the module take named tensors: `inputsFrom [ "x" ]` calls it with the one named `x`. A key may say which input
    /// it is for: `"mask=m"`. As Deeplay's `set_input_map`.
    let inputsFrom (keys: string list) (spec: ModuleSpec) =
        let pair (key: string) =
            match key.Split '=' with
            | [| input; key |] -> input.Trim(), key.Trim()
            | _ -> "", key.Trim()

        Change.mapInputs None (List.map pair keys) spec

    /// Lets the module give named tensors: its outputs, in order, under these keys, beside those it was given. A key may
    /// say which output it is for, counted from 0: `"mask=1"`. As Deeplay's `set_output_map`.
    let outputsTo (keys: string list) (spec: ModuleSpec) =
        let pair i (key: string) =
            match key.Split '=' with
            | [| key; place |] ->
                match Number.tryInt place with
                | Some place -> key.Trim(), place
                | _ -> Fail.with' (Malformed("outputsTo", "the place of an output after '='", $"'{place}'"))
            | _ -> key.Trim(), i

        Change.mapOutputs None (List.mapi pair keys) spec

    /// Changes what a selector selects: `select ".../layer#0" (configure Linear.bias false)`. An empty selection is an
    /// error.
    let select (selector: string) (change: ModuleSpec -> ModuleSpec) (spec: ModuleSpec) =
        Change.within (Change.narrow (SelectorText.parse selector) spec) change spec

    /// `select`, where selecting nothing is allowed and changes nothing.
    let trySelect (selector: string) (change: ModuleSpec -> ModuleSpec) (spec: ModuleSpec) =
        match Fail.catch (fun () -> Change.narrow (SelectorText.parse selector) spec) with
        | Ok focus -> Change.within focus change spec
        | Error [ EmptySelection _ ] -> spec
        | Error errors -> raise (SpecException errors)

    let private filtered filter change spec =
        Change.within (Change.focus (Filter.apply filter (Change.focused spec)) spec) change spec

    /// Narrows a selection to the modules that pass. Selecting none of them is an error.
    let where (passes: Tag -> Node -> bool) (change: ModuleSpec -> ModuleSpec) (spec: ModuleSpec) =
        filtered (Where { Name = "where"; Passes = passes }) change spec

    /// Narrows a selection to the modules of a kind, special cases included; in text `[Linear]`.
    let ofType (definition: Definition) (change: ModuleSpec -> ModuleSpec) (spec: ModuleSpec) =
        filtered (OfKind definition.Id) change spec

    /// Narrows a selection to the modules that have a parameter or a method of this name; in text `[has:bias]`.
    let having name (change: ModuleSpec -> ModuleSpec) (spec: ModuleSpec) = filtered (Having name) change spec

    /// Narrows a selection to its first module.
    let first (change: ModuleSpec -> ModuleSpec) (spec: ModuleSpec) =
        Change.within (Change.focus (List.truncate 1 (Change.focused spec)) spec) change spec

    /// The tags that a selector selects, in order.
    let names (selector: string) (spec: ModuleSpec) : string list =
        Selector.select (SelectorText.parse selector) Tag.root (Construct.root spec)
        |> List.map (fst >> string)

    /// Does several changes as one named group of steps.
    let grouped name change (spec: ModuleSpec) = Change.grouped name change spec

    /// The constructed tree.
    let construct (spec: ModuleSpec) : Node = Construct.root spec

    /// The argument of the module with this tag: `argument "blocks.0.layer" Linear.bias`.
    let argument (tag: string) (key: Param<'v>) (spec: ModuleSpec) : 'v =
        (Tree.find (Tag.parse tag) (Construct.root spec)).Arguments.Get key

    // The root may have been given another kind.
    let private kind (spec: ModuleSpec) = (Construct.root spec).Definition

    /// What can be configured: names, types, defaults and documentation, in order.
    let parameters (spec: ModuleSpec) : ParameterInfo list = Listing.parameters (kind spec)

    /// What can be called (`Module.call`), with documentation and parameters.
    let methods (spec: ModuleSpec) : ActionInfo list = Listing.methods (kind spec)

    /// The styles there are (`Module.style`), with documentation and parameters.
    let styles (spec: ModuleSpec) : ActionInfo list = Listing.styles (kind spec)

    /// Why a parameter of the module with this tag is what it is.
    let explain (tag: string) (name: string) (spec: ModuleSpec) =
        Explain.parameter (Tag.parse tag) name (Construct.root spec)

    /// Why the module with this tag takes the named tensors it takes: what `inputsFrom` said, and who.
    let explainInputs (tag: string) (spec: ModuleSpec) =
        Explain.inputs (Tag.parse tag) (Construct.root spec)

    /// Why the module with this tag gives the named tensors it gives: what `outputsTo` said, and who.
    let explainOutputs (tag: string) (spec: ModuleSpec) =
        Explain.outputs (Tag.parse tag) (Construct.root spec)

    /// What differs between two specs, as text.
    let diff (before: ModuleSpec) (after: ModuleSpec) = Diff.describe (Diff.specs before after)

    /// The shapes that come out, in order, for inputs of these shapes, batch included.
    let inline inferShapes inputs (spec: ModuleSpec) : int64 list list =
        Shapes.outputs (List.map (List.map int64) inputs) spec

    /// The shape that comes out for an input of this shape, batch included: `inferShape [ 1; 64 ]`.
    let inline inferShape input (spec: ModuleSpec) : int64 list =
        Shapes.output (List.map int64 input) spec

    /// The shapes that come out for named tensors of these shapes, batch included; an output without a name is under "".
    let inline inferNamed inputs (spec: ModuleSpec) : Map<string, int64 list> =
        Shapes.named (inputs |> List.map (fun (key, shape) -> key, List.map int64 shape)) spec

    /// A table of the modules with shapes and numbers of parameters, for inputs of these shapes, batch included.
    let inline summarize inputs (spec: ModuleSpec) : Summary =
        Shapes.summary (List.map (List.map int64) inputs) spec

    /// `summarize` for a module that takes named tensors.
    let inline summarizeNamed inputs (spec: ModuleSpec) : Summary =
        Shapes.summaryNamed (inputs |> List.map (fun (key, shape) -> key, List.map int64 shape)) spec

    /// The tree as a Mermaid flowchart.
    let mermaid (spec: ModuleSpec) : string = Draw.mermaid (Construct.root spec)

    /// The tree in Graphviz's DOT.
    let dot (spec: ModuleSpec) : string = Draw.dot (Construct.root spec)

    /// The changes made so far, the oldest first.
    let tape (spec: ModuleSpec) = Tape.steps spec

    /// The same spec made anew; it shares no module with the first.
    let fresh (spec: ModuleSpec) = Tape.fresh spec

    /// The spec without its last step.
    let undo (spec: ModuleSpec) = Tape.undo spec

    /// The spec with the step that was undone last.
    let redo (spec: ModuleSpec) = Tape.redo spec

    /// Another spec's changes made on this one.
    let replay steps (spec: ModuleSpec) = Tape.replay steps spec

    /// The user's settings that no module reads at present.
    let unused (spec: ModuleSpec) = Unused.settings (Construct.root spec)

    /// The spec without the settings that no module reads at present.
    let dropUnused (spec: ModuleSpec) = Tape.dropUnused spec
