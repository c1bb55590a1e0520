namespace Deeplay.Core

open System
open System.Collections.Generic
open System.Runtime.CompilerServices
open System.Text.Json
open System.Threading

// These types know each other (a value may hold a spec, a spec has a definition, a definition makes nodes), which F#
// wants in one file: so this one is longer than the others.

/// The value of an argument or a setting. Everything but `Opaque` can be compared, printed, saved and diffed. NaN equals
/// NaN: a spec that holds one is the same when it comes back from a file.
[<CustomEquality; NoComparison>]
type Value =
    /// Infer it, or complain.
    | Unset
    /// Nothing, on purpose.
    | Null
    | Bool of bool
    | Int of int64
    | Float of float
    | Text of string
    | List of Value list
    /// A kind of module without arguments, such as a class of layers.
    | Kind of Definition
    | Module of ModuleSpec
    | Function of NamedFunction
    /// What a hook runs.
    | Action of ActionDefinition
    /// Any .NET object. It may be used, but a spec that holds it can't be saved.
    | Opaque of obj

    override this.Equals other =
        match other with
        | :? Value as that ->
            match this, that with
            | Unset, Unset
            | Null, Null -> true
            | Bool a, Bool b -> a = b
            | Int a, Int b -> a = b
            | Float a, Float b -> a.Equals b
            | Text a, Text b -> a = b
            | List a, List b -> a.Length = b.Length && List.forall2 (fun (x: Value) y -> x.Equals y) a b
            | Kind a, Kind b -> Object.ReferenceEquals(a, b)
            | Module a, Module b -> a.Equals b
            | Function a, Function b -> Object.ReferenceEquals(a, b)
            | Action a, Action b -> Object.ReferenceEquals(a, b)
            | Opaque a, Opaque b -> Object.Equals(a, b)
            | _ -> false
        | _ -> false

    override this.GetHashCode() =
        match this with
        | Unset -> 0
        | Null -> 1
        | Bool b -> hash b
        | Int i -> hash i
        | Float f -> f.GetHashCode()
        | Text t -> hash t
        | List items -> items |> List.fold (fun h item -> HashCode.Combine(h, item.GetHashCode())) 2
        | Kind definition -> hash definition.Id
        | Module spec -> spec.GetHashCode()
        | Function f -> hash f.Id
        | Action a -> hash a.Id
        | Opaque o -> hash o

/// A function over tensors that can be saved because it has a name in a registry.
and [<ReferenceEquality>] NamedFunction = { Id: string; Documentation: string; Body: Sym list -> Sym }

/// One parameter of a definition or an action.
and [<ReferenceEquality>] Parameter =
    {
        Name: string
        Type: ParameterType
        /// Unset where the parameter must be given or inferred.
        Default: Value
        Documentation: string
        /// What is expected, where a value of the right type is still not valid.
        Check: Value -> string option
        /// Whether an input's shape says it where it is not set.
        IsInferred: bool
    }

    /// The check that every value passes.
    static member Unchecked: Value -> string option = fun _ -> None

    /// A parameter of which no more is said.
    static member Named(name, kind) : Parameter =
        {
            Name = name
            Type = kind
            Default = Unset
            Documentation = ""
            Check = Parameter.Unchecked
            IsInferred = false
        }

/// The parameters of a definition or an action, by place and by name.
and [<Sealed>] Signature(parameters: Parameter seq) =
    let parameters = Array.ofSeq parameters
    let index = Dictionary<string, int>()

    do
        for i in 0 .. parameters.Length - 1 do
            if not (index.TryAdd(parameters[i].Name, i)) then
                invalidArg (nameof parameters) $"There are two parameters named '{parameters[i].Name}'."

    member _.Parameters = parameters
    member _.Names = parameters |> Array.map (fun p -> p.Name) |> List.ofArray

    /// The place of a parameter, or -1.
    member _.IndexOf name =
        match index.TryGetValue name with
        | true, i -> i
        | _ -> -1

    member _.Has name = index.ContainsKey name

    /// The place of a parameter; one that is not there is an error of the module `tag` of this kind.
    member this.Find(tag, kind, name) =
        match index.TryGetValue name with
        | true, i -> i
        | _ -> Fail.with' (UnknownName(tag, kind, "parameter", name, this.Names))

/// Resolved arguments: a value for every parameter of a signature.
and [<Sealed>] Arguments(tag: Tag, kind: string, signature: Signature, values: Value[]) =
    member internal _.Tag = tag
    member _.Kind = kind
    member _.Signature = signature
    member _.Values = values

    /// The value of the parameter with this name.
    member _.Item
        with get (name: string) = values[signature.Find(tag, kind, name)]

    /// The same arguments, one of them with another value.
    member _.With(name: string, value: Value) =
        Arguments(tag, kind, signature, Array.updateAt (signature.Find(tag, kind, name)) value values)

/// What a spec's configuration holds for a key: a value, or a hook to run.
and [<StructuralEquality; NoComparison>] Setting =
    | Set of Value
    | Run of Hook

/// Something that is done at a stage of a module's life. An action whose function was made on the spot is not
/// `Saveable`: nothing could find it again.
and [<ReferenceEquality>] ActionDefinition =
    {
        Id: string
        /// The id of the definition whose method or style it is; empty for one that stands in a registry by itself.
        Owner: string
        Documentation: string
        Signature: Signature
        Body: ActionBody
        Saveable: bool
    }

and [<NoEquality; NoComparison>] ActionBody =
    /// Goes on where `init` stopped: attaches, configures, edits.
    | OnBuilder of (Arguments -> Builder -> unit)
    /// Gives another tree, just before it is built.
    | OnNode of (Arguments -> Node -> Node)
    /// Acts on the torch module, once it is built.
    | OnBuilt of (Arguments -> obj -> unit)
    /// Writes parameters of the torch module, once it is built, as whoever builds it knows by the action's id.
    | OnParameters
    /// Sees to what a layer computes with or trains, as whoever builds it knows by the action's id.
    | OnWeights of WeightEdit
    /// Keeps what each call of the built module is given, under the name that the argument `key` says.
    | LogInput
    /// Keeps what each call of the built module gives.
    | LogOutput

/// What becomes of the parameters of a layer.
and [<NoEquality; NoComparison>] WeightEdit =
    /// They are computed from others: the action's arguments, the layer's, and the parameters it had (names with their sizes)
    /// give those that it has.
    | Computes of (Arguments -> Arguments -> (string * int64 list) list -> (string * int64 list) list)
    /// What computes them is taken away again.
    | TakesAway
    /// They are the same.
    | Keeps

/// An action with the arguments it was given.
and [<StructuralEquality; NoComparison>] Hook = { Action: ActionDefinition; Arguments: Map<string, Value> }

/// One change of a spec: what is done, to what, and with which arguments.
and [<StructuralEquality; NoComparison>] Change = { Verb: Verb; Subject: Value; Arguments: Map<string, Value> }

/// A kind of change, and all that is to be known about it.
and [<ReferenceEquality; NoComparison>] Verb =
    internal
        {
            /// How it is called in a saved tape.
            Id: string
            /// The change as a module of this kind takes it; raises what does not fit. The tag is for the error alone.
            Check: Tag -> Definition -> Change -> Change
            /// What it says, by key.
            Settings: Change -> (Key * Setting) list
            /// The change in a few words.
            Describe: Change -> string
            Write: Change -> JsonPart
            /// The subject and the arguments.
            Read: IReadJson -> JsonPath -> JsonElement -> Value * Map<string, Value>
        }

/// What a change is as JSON.
and [<RequireQualifiedAccess; NoEquality; NoComparison>] internal JsonPart =
    | Value of Value
    | Definition of Definition
    | Action of ActionDefinition
    | Arguments of Map<string, Value>
    | Spec of ModuleSpec
    | List of JsonPart list
    | Object of (string * JsonPart) list

/// Reads what changes hold from JSON.
and internal IReadJson =
    abstract Value: JsonPath * JsonElement -> Value
    abstract Definition: JsonPath * JsonElement -> Definition
    /// An action by its id, of the definition whose method or style it is, if any.
    abstract Action: JsonPath * Definition option * JsonElement -> ActionDefinition
    /// The arguments of something with this signature, whose id is given.
    abstract Arguments: JsonPath * string * Signature * JsonElement -> Map<string, Value>
    abstract Spec: JsonPath * JsonElement -> ModuleSpec

/// One entry of the tape: what was changed, where, and from which place of the user's program. That place is no part of
/// what it says.
and [<CustomEquality; NoComparison>] Step =
    {
        Targets: Tag list
        Change: Change
        Group: string option
        /// Whether it was made by the same call as the step before: both are undone and redone as one.
        Continues: bool
        Location: Location option
    }

    override this.Equals other =
        match other with
        | :? Step as that ->
            Object.ReferenceEquals(this, that)
            || (this.Continues = that.Continues
                && this.Group = that.Group
                && this.Targets = that.Targets
                && this.Change.Equals that.Change)
        | _ -> false

    override this.GetHashCode() = HashCode.Combine(this.Targets.Length, this.Change.Verb.Id, this.Group)

/// Something that can be changed: a spec, or some modules of one.
and IChangeable<'whole> =
    /// What is meant.
    abstract Selection: Selection
    /// The same with what became of it.
    abstract With: Selection -> 'whole

/// Modules of a spec that are meant together.
and [<Sealed>] Selection internal (spec: ModuleSpec, tags: Tag list, found: Node list option) =
    member _.Spec = spec

    /// The modules' tags, in order; the root's own where the spec as a whole is meant.
    member _.Tags = tags

    /// The modules themselves, where they were looked up in the spec's tree.
    member internal _.Found = found

    interface IChangeable<Selection> with
        member this.Selection = this
        member _.With changed = changed

/// What a module is, before it exists: a definition, the arguments as they were given, and the tape: what was done, what
/// was undone. A value: every change gives a new one, and two that say the same are equal.
and [<Sealed; StructuredFormatDisplay("{Display}")>] ModuleSpec
    internal
    (
        definition: Definition,
        arguments: Map<string, Value>,
        steps: Step list,
        undone: Step list,
        memory: SpecMemory,
        basis: (ModuleSpec * Tag list) option
    ) =
    let mutable basis = basis
    let mutable tree: Result<Node, Error list> option = None
    let mutable values: Value[] = null

    member _.Definition = definition

    /// The arguments as given.
    member _.Arguments = arguments

    /// What was done, the newest step first.
    member _.Steps = steps

    /// What was undone, the step to be redone first in front. It counts neither in comparisons nor in what is saved.
    member _.Undone = undone

    member internal _.Memory = memory

    /// The same module with another tape.
    member internal _.Told(steps, undone, memory, basis) =
        ModuleSpec(definition, arguments, steps, undone, memory, basis)

    /// The spec it came from, with the tags of what was changed since, as long as there is no tree: a tree that exists is
    /// changed where it must be, instead of being made again.
    member internal _.Basis = basis

    /// The tree, once somebody asked for it. Two threads that ask at once both compute the same.
    member internal _.Tree = tree

    member internal _.Keep result =
        tree <- Some result
        basis <- None

    /// The resolved arguments, once somebody asked for them, where they are the same in every place; else null.
    member internal _.Values = values

    member internal _.KeepValues resolved = values <- resolved

    /// What `init` made of them; else null.
    member val internal Made: obj = null with get, set

    override this.Equals other =
        match other with
        | :? ModuleSpec as that ->
            // What is nested deeper than the stack is nested deeper than modules may be.
            if not (RuntimeHelpers.TryEnsureSufficientExecutionStack()) then
                Fail.with' (WrongStructure(Tag.root, definition.Id, "it is nested too deep to be compared."))

            Object.ReferenceEquals(this, that)
            || (Object.ReferenceEquals(definition, that.Definition)
                && arguments.Equals that.Arguments
                && steps.Equals that.Steps)
        | _ -> false

    override _.GetHashCode() =
        arguments
        |> Map.fold
            (fun all name value -> HashCode.Combine(all, hash name, value.GetHashCode()))
            (HashCode.Combine(definition.Id, steps.IsEmpty))

    /// The tree as text; where it can't be constructed, why.
    override this.ToString() = definition.Show this

    /// The same for F# Interactive.
    member this.Display = string this

    interface IChangeable<ModuleSpec> with
        member this.Selection = Selection(this, [ Tag.root ], None)
        member _.With changed = changed.Spec

/// What is remembered of a spec, so that nobody computes it twice. All of it follows from the spec, but for `Owners`.
and [<ReferenceEquality>] internal SpecMemory =
    {
        /// What the steps say, by tag and key: `Detached`, in the order of the steps' numbers.
        Config: Config<Setting>
        /// How many steps there are.
        Count: int
        /// To whom the spec was given while a tree is constructed, the last one first. Outside of a construction nobody
        /// owns anything: this is no part of what the spec says.
        Owners: Owner list
        /// Whether a module is among the arguments.
        HoldsModules: bool
        /// Whether a spec among the arguments or in the steps has owners.
        HoldsOwned: bool
    }

    static let nothing = { Config = Config.empty; Count = 0; Owners = []; HoldsModules = false; HoldsOwned = false }

    /// What there is to remember of a spec without a change and without a module in it.
    static member Nothing = nothing

/// Somebody that a spec was given to: theirs is what was said in the first `Steps` steps and belongs to nobody yet.
and [<ReferenceEquality>] internal Owner = { Steps: int; Source: Source; Order: Order }

/// Settings as they reach a module from one place: the spec of some module above it, or what that derived.
and [<ReferenceEquality>] Scope =
    internal
        {
            /// As seen from the module.
            Config: Config<Setting>
            /// Whose the `Detached` items are, and when they were given, but for those that `Owners` tells of.
            Source: Source
            Order: Order
            Owners: Owner list
        }

/// A spec in the place where it was attached: by whom, and when.
and [<Struct; NoEquality; NoComparison>] Attachment = { Spec: ModuleSpec; Source: Source; Order: Order }

/// What a module contains under one name: `Child.Own`, a module, or `Child.Alias`, another name for one that hangs
/// elsewhere below the same parent.
and [<Struct; NoEquality; NoComparison>] Child internal (item: obj) =
    /// A node, a twin, or the name and the target of an alias.
    member internal _.Item = item

    member _.IsAlias = item :? (string * Tag)

    member _.Name =
        match item with
        | :? Node as node -> node.Tag.Name
        | :? Twin as twin -> twin.Name
        | alias -> fst (unbox<string * Tag> alias)

    /// The module; null for an alias.
    member internal _.Own: Node =
        match item with
        | :? Node as node -> node
        | :? Twin as twin -> twin.Node
        | _ -> Unchecked.defaultof<Node>

    interface INamed with
        member this.Name = this.Name

/// A module from the same spec as `first`, where the same is said of both (`Nodes.canHaveTwins`): the same tree but for
/// the tags in it, which is made once somebody asks for it. A model of many equal blocks is constructed as one of them.
and [<Sealed>] internal Twin(first: Child, above: Tag, name: string) =
    let mutable node = Unchecked.defaultof<Node>

    member _.Name = name

    member _.Node =
        if isNull (box node) then
            let first, tag = first.Own, above.Child name
            let children = first.Children.Map(fun child -> ValueSome(Child(Twin(child, tag, child.Name))))

            // Nodes are told apart by reference: two threads get the same one.
            let made = { first with Tag = tag; Children = children }
            Interlocked.CompareExchange(&node, made, Unchecked.defaultof<Node>) |> ignore

        node

/// A constructed module: its kind, its resolved arguments, its children, its forward graph.
and [<ReferenceEquality>] Node =
    {
        Tag: Tag
        /// As attached: before anybody changed its kind or replaced it.
        Attachment: Attachment
        Definition: Definition
        /// The resolved arguments, in the order of the definition's signature.
        Values: Value[]
        Children: NamedList<Child>
        Graph: Graph option
        Particulars: Particulars
    }

    /// The resolved arguments.
    member this.Arguments = Arguments(this.Tag, this.Definition.Id, this.Definition.Signature, this.Values)

    member this.Inputs = this.Particulars.Inputs
    member this.Outputs = this.Particulars.Outputs
    member this.Hooks = this.Particulars.Hooks

    /// The parameters and buffers that it has of its own.
    member this.Own = this.Particulars.Own

/// What few modules have: one without any of it has `Particulars.None`, which is there once.
and [<ReferenceEquality>] Particulars =
    {
        /// The aliases among the children, each with the module it stands for.
        Aliases: (string * Tag) list
        /// Everything that is said about this subtree, from wherever it was said.
        Scopes: Scope list
        /// The part of `Scopes` that came from outside of this module's spec.
        Outer: Scope list
        /// What this module's own `init` and hooks derived for what is below it.
        Derived: Config<Setting>
        /// The children that `init` or a hook observed.
        Observed: Set<string>
        /// The modules below it that must be there, for its own `init` or hooks said something of them.
        Mentioned: Tag list
        /// The modules below it whose inputs it asked for, and what these are called; None where there is no such module.
        Follows: (Tag * string list option) list
        /// Whether its `init` looked at its tag.
        KnowsTag: bool
        /// Which named tensors it takes, where it takes such: the input (or "") and the key.
        Inputs: (string * string) list option
        /// Which named tensors it gives, where it gives such: the key and the place among its outputs.
        Outputs: (string * int) list option
        /// Hooks of the later stages, in the order they run.
        Hooks: Hook list
        /// The parameters and buffers that the module has of its own, in the order they were declared.
        Own: OwnTensor list
    }

    static let nothing =
        {
            Aliases = []
            Scopes = []
            Outer = []
            Derived = Config.empty
            Observed = Set.empty
            Mentioned = []
            Follows = []
            KnowsTag = false
            Inputs = None
            Outputs = None
            Hooks = []
            Own = []
        }

    /// Nothing of it.
    static member None = nothing

/// What `init` and after-init hooks work with: the module while it is being made. Lives for one construction.
and [<AbstractClass>] Builder() =
    /// The tag of the module that is being made.
    abstract Tag: Tag
    abstract Definition: Definition
    abstract Arguments: Arguments
    /// The names of the children, in order.
    abstract Children: string list
    /// Whether there is a child of this name.
    abstract Has: name: string -> bool
    /// Every name that a child was given so far, also by those that were taken away again.
    abstract NamesGiven: string seq
    /// Attaches a spec as a child.
    abstract Attach: name: string * spec: ModuleSpec * position: Position -> unit
    /// Takes a child away again, and with it what was derived for it so far.
    abstract Remove: name: string -> unit
    /// Gives the descendant `target` another name, directly below this module.
    abstract Alias: name: string * target: Tag -> unit
    /// Declares a parameter or a buffer of the module's own, and gives what stands for it in the forward pass.
    abstract Own: tensor: OwnTensor -> Sym
    /// Changes a descendant, whether it is attached already or not. Where it is not there once the module is finished, that
    /// is an error, unless it is `optional`.
    abstract Change: target: Tag * change: Change * optional: bool -> unit
    /// A descendant as it is with what is said of it so far. Whoever observes is constructed again when what it
    /// observed changes.
    abstract Observe: target: Tag -> Node
    /// The children of a descendant, with the kinds that they are said to be so far. They are not constructed for it: what the
    /// user does to one of them runs once, behind what is still to be said of it.
    abstract KindsOf: target: Tag -> (string * Definition) list
    /// The names of a descendant's inputs, for a forward pass that passes its own on to it.
    abstract InputsOf: target: Tag -> string list
    /// The same; None where there is no such module, for what the user may have taken away.
    abstract TryInputsOf: target: Tag -> string list option
    /// Whether a parameter of this module was set after the hook that runs was registered, or by somebody who beats
    /// whoever registered it: what the hook would do about it is not wanted any more.
    abstract IsSetSince: name: string -> bool
    /// A spec of what this module is at this moment, but for the arguments that are given: its other arguments, what was
    /// said from outside about its children, and the edits that were made, which are made anew in each copy. What was said
    /// about the children `without`, which the copy is not to have, is not the copy's.
    abstract Copy: changed: Map<string, Value> * without: string list -> ModuleSpec
    /// What `make` makes of the arguments, once for all modules that have the same from one spec. An `init` may ask for one
    /// such thing.
    abstract Once: make: (Arguments -> 'made) -> 'made when 'made: not struct
    /// Sets the forward pass. It is asked for once, when the children are what they stay.
    abstract Forward: graph: (Builder -> Graph) -> unit

/// What Python would write as a class.
and [<ReferenceEquality>] Definition =
    {
        Id: string
        Documentation: string
        /// What kinds of numbers a primitive takes and gives, as far as it is known.
        Elements: ElementRule
        /// Input shapes → output shapes, as people write them: "(…, in_features) → (…, out_features)".
        Shapes: string
        /// Where formulas and names come from: what it is in PyTorch or Deeplay, papers.
        Sources: string list
        /// How documentation shows it.
        Example: Example option
        /// The parameters that its F# factory takes by place; None for all up to the last one that must be given.
        Positional: string list option
        /// The definition this one is a special case of; selecting by kind finds both.
        Base: Definition option
        Signature: Signature
        /// Arguments as given → arguments by name (a nested list flattened, say).
        Prepare: Map<string, Value> -> Map<string, Value>
        /// Has the last word on the arguments, once the configuration has been heard.
        ResolveArguments: Arguments -> Arguments
        /// What is wrong with the arguments together, though each by itself is valid: which parameter, and what it must
        /// be. Whatever is not set yet is no fault.
        Constraints: (Arguments -> (string * string) list) option
        Body: Body
        /// The parameters of a composite that follow from the shapes of its inputs where they are not set, each with how.
        Inferred: (string * (Shape list -> Result<Dim, OpShape.Problem>)) list
        /// Has the last word on the constructed node; None leaves it as it is.
        Finish: (Node -> Node) option
        /// What can be done to such a module, by name (`append`, `normalized`, …).
        Methods: Map<string, ActionDefinition>
        Styles: Map<string, ActionDefinition>
        /// What is printed between the parentheses, as PyTorch's `extra_repr`.
        Extra: Arguments -> string
        /// The parameters that such a layer trains, by name with their sizes, where its arguments say them.
        Weights: Arguments -> (string * int64 list) list
        /// How a spec of this definition is printed.
        Show: ModuleSpec -> string
    }

    /// Whether this is `other` or a special case of it.
    member this.Is(other: Definition) =
        Object.ReferenceEquals(this, other)
        || (match this.Base with
            | Some parent -> parent.Is other
            | None -> false)

/// How documentation makes a module of a definition and calls it: arguments as they are given, inputs, and the numbers that come
/// out, to four digits, where they are told.
and [<RequireQualifiedAccess; NoComparison>] Example =
    { Arguments: (string * Value) list; Inputs: ExampleInput list; Outputs: float list }

and [<NoEquality; NoComparison>] Body =
    /// Made by torch; the core knows its shape rule alone.
    | Primitive of ShapeRule
    /// Made of children.
    | Composite of (Arguments -> Builder -> unit)

/// Input shapes → output shapes, and values for parameters that were unset.
and ShapeRule = Arguments -> Shape list -> Result<Inference, OpShape.Problem>

and [<NoComparison>] Inference = { Outputs: Shape list; Inferred: (string * Value) list }

/// The two things that a child can be.
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Child =
    /// A module, or an alias with its name and what it stands for.
    let (|Own|Alias|) (child: Child) =
        match child.Item with
        | :? (string * Tag) as alias -> Alias alias
        | _ -> Own child.Own
