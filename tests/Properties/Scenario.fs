/// A random world as data: definitions with what their `init` does, a root, and what a user does to it afterwards.
/// `Real` carries it out with the core, `Reference` with plain lists.
module Deeplay.Properties.Scenario

type Path = string list

/// A whole number in an `init` or a hook.
type Number =
    | Just of int
    /// The module's (or the hook's) own argument.
    | Own of string
    /// An argument of a descendant that is looked at.
    | Seen of Path * string

/// What is given for a parameter.
type Given =
    | Num of Number
    | Nothing
    | Mod of Make
    | Mods of Make list

/// How a spec is made.
and Make =
    | New of kind: int * arguments: (string * Given) list
    /// The spec that came in through this argument; nothing where it is null.
    | FromArg of string
    /// A spec with changes made on it before it is attached to anything.
    | With of Make * (Path * Change) list
    /// The same made anew, from its tape.
    | Copy of Make
    /// Without the last change made on it.
    | Back of Make

and Change =
    | Set of string * Given
    | Become of kind: int * arguments: (string * Given) list
    | Replace of Make
    | Hook of Hook * arguments: (string * Given) list
    /// Which named tensors it takes, and which it gives.
    | Inputs of string list
    | Outputs of string list

/// An action. A later one (before-build) does nothing here: its place in the list of hooks is what matters.
and Hook = { Id: int; Later: bool; Body: Statement list }

and Statement =
    | Attach of string * Make * Place
    /// The specs of a list argument, one after another: `e0`, `e1` …
    | Each of string * argument: string
    /// The same spec several times: `l0`, `l1` …
    | Repeat of string * Number * Make
    | Alias of string * Path
    | Say of Path * Change
    | Remove of string

and Place =
    | AtFront
    | AtEnd
    | Behind of string

/// What `prepare`, `resolveArguments` and `finish` do to arguments.
type Rule =
    /// Adds to a number.
    | Plus of string * int
    /// Gives a number the value of another.
    | Same of string * string

/// A definition: kinds 0 and 1 are leaves, the others have an `init` that makes kinds of lower numbers.
type Kind =
    {
        Default: Given
        Init: Statement list
        Prepare: Rule list
        Resolve: Rule list
        /// The parameter that says in the end how many modules there are below, if any does.
        Counts: string option
        /// What the forward pass calls, in order; None where there is no forward pass.
        Forward: Path list option
    }

type Step =
    | Do of Path list * Change
    | Undo
    | Redo
    | Fresh

type Scenario = { Kinds: Kind list; Root: Make; Script: Step list }

/// The parameters of a kind, with their defaults. Both leaves have an `x`; `y` and `z` tell them apart.
let parametersOf (scenario: Scenario) kind =
    match kind with
    | 0 -> [ "x", Num(Just 1); "y", Num(Just 2) ]
    | 1 -> [ "x", Num(Just 3); "z", Num(Just 4) ]
    | _ ->
        [
            "x", Num(Just 5)
            "y", Num(Just 6)
            "n", Num(Just 2)
            "m", scenario.Kinds[kind - 2].Default
            "ms", Mods []
        ]

/// Nothing but an `init`.
let plain init = { Default = Nothing; Init = init; Prepare = []; Resolve = []; Counts = None; Forward = None }

/// The rules of a kind; a leaf has none.
let kindOf (scenario: Scenario) kind = if kind < 2 then plain [] else scenario.Kinds[kind - 2]

/// The parameters of an action.
let hookParameters = [ "x", Num(Just 7); "m", Nothing ]

/// How many modules a list of length `n` has: never many.
let countOf n = abs n % 4

/// No module hangs deeper: a definition that contains itself is an error on both sides, not a full stack.
let deepest = 7
