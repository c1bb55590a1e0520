/// What the examples of definitions amount to: what comes out of them, and their trees.
module Deeplay.Generate.Examples

open System
open Deeplay.Core
open Deeplay.Library

/// What the program of an example does with the module.
type Use =
    /// Prints it.
    | Print
    /// Builds it, and calls it.
    | Call
    /// Measures with it: a metric.
    | Measure
    /// Asks it for step sizes: a schedule.
    | Schedule
    /// Trains with it: an optimizer, or a group of its parameters.
    | Train

/// An example, made and called, without a tensor.
[<NoComparison>]
type Shown =
    {
        Definition: Definition
        Use: Use
        Arguments: Map<string, Value>
        Inputs: ExampleInput list
        /// The numbers that come out; nothing where only their shapes are told.
        Numbers: float list
        /// What comes out; nothing where it is not called.
        Outputs: Carried list
        /// With the widths that follow from the inputs.
        Root: Node
        /// Whether some do: then building it takes the shapes of the inputs.
        IsInferred: bool
        /// Whether it takes further inputs, which may be left out.
        TakesMore: bool
        /// How many numbers it trains.
        Parameters: int64
    }

    /// Whether what it takes has names.
    member this.IsNamed = this.Inputs |> List.exists (fun input -> input.Key.IsSome)

    /// Whether it is too large to be made for everybody who runs the tests.
    member this.IsLarge = this.Parameters > 150_000_000L

/// What a built module is called with, or gives.
type Form =
    /// So many tensors.
    | Each of int
    | Array
    /// Named tensors.
    | Dictionary

let private carried (inputs: ExampleInput list) : Carried list =
    match inputs |> List.choose (fun input -> input.Key) with
    | [] -> [ for input in inputs -> Tensor(Shape.known input.Sizes) ]
    | _ -> [ Tensors(Map.ofList [ for input in inputs -> input.Key.Value, Shape.known input.Sizes ]) ]

let private values (root: Node) = [ for _, node, _ in Tree.walk root -> List.ofArray node.Values ]

// Such as the states of a recurrent layer, or keys and values: they are of the shape of what comes out.
let private takesMore (root: Node) (inputs: Carried list, outcome: Infer.Outcome) =
    match root.Definition.Body with
    | Composite _ -> false
    | Primitive _ ->
        [ 1; 2 ]
        |> List.exists (fun times ->
            let more = List.replicate times outcome.Outputs |> List.concat

            match Infer.carry (inputs @ more) root with
            | Ok _ -> true
            | Error _ -> false)

let private useOf (definition: Definition) (example: Example) : Use =
    if definition.Is Metrics.definition then Measure
    elif definition.Is Schedules.definition || definition.Is Schedules.configDefinition then Schedule
    elif definition.Is Optimizers.definition || definition.Is Optimizers.groupDefinition then Train
    elif example.Inputs.IsEmpty then Print
    else Call

let private show (definition: Definition) (example: Example) : Shown =
    let use' = useOf definition example
    let root = Change.create example.Arguments definition |> Construct.tree |> Fail.unwrap

    let called =
        if use' = Call then
            let inputs = carried example.Inputs
            Some(inputs, Fail.unwrap (Infer.carry inputs root))
        else
            None

    let made = called |> Option.map (fun (_, outcome) -> outcome.Root) |> Option.defaultValue root

    {
        Definition = definition
        Use = use'
        Arguments = Map.ofList example.Arguments
        Inputs = example.Inputs
        Numbers = example.Outputs
        Outputs = called |> Option.map (fun (_, outcome) -> outcome.Outputs) |> Option.defaultValue []
        Root = made
        IsInferred = called.IsSome && values root <> values made
        TakesMore = called |> Option.map (takesMore root) |> Option.defaultValue false
        Parameters =
            match called with
            | Some(inputs, _) -> (Summary.ofTree inputs root |> Fail.unwrap).Parameters
            | None -> 0L
    }

/// The example of a definition, where it has one.
let ofDefinition (definition: Definition) : Shown option =
    try
        definition.Example |> Option.map (show definition)
    with :? Deeplay.DeeplayException as wrong ->
        failwith $"The example of {definition.Id}: {wrong.Message}"

// Tensors are in arrays, in and out, where a call takes more than three or as many as one likes, or gives several.
let private isInArrays (shown: Shown) =
    not shown.IsNamed && (shown.Inputs.Length > 3 || shown.Outputs.Length > 1 || shown.TakesMore)

/// What it gives, once it is built.
let gives (shown: Shown) : Form =
    match shown.Outputs with
    | [ Tensors _ ] -> Dictionary
    | _ when isInArrays shown -> Array
    | outputs -> Each outputs.Length

/// What it takes, once it is built.
let takes (shown: Shown) : Form =
    if shown.IsNamed then Dictionary
    elif isInArrays shown then Array
    else Each shown.Inputs.Length

/// What it takes and gives as arguments of a type, given the names that a language has for arrays and dictionaries.
let types (array: string, dictionary: string) (shown: Shown) : string list =
    [ takes shown; gives shown ]
    |> List.collect (fun form ->
        match form with
        | Each count -> List.replicate count "torch.Tensor"
        | Array -> [ array ]
        | Dictionary -> [ dictionary ])

/// Whether it is the usual form, a tensor for a tensor.
let isPlain (shown: Shown) = takes shown = Each 1 && gives shown = Each 1

/// Whether it takes a function, which is the one named `twice`.
let takesTwice (shown: Shown) = shown.Arguments |> Map.exists (fun _ value -> value.IsFunction)

/// The group that has the factory of a definition.
let groupOf (definition: Definition) =
    Library.groups
    |> List.tryPick (fun (group, _, definitions) ->
        if definitions |> List.exists (fun other -> obj.ReferenceEquals(other, definition)) then
            Some group
        else
            None)
    |> Option.defaultWith (fun () -> failwith $"{definition.Id} has no factory: no example can make one.")

/// A shape as pages write it: a size that follows from the numbers in the inputs may be anything.
let sizes (shape: Shape) = (string shape).Replace("?", "…")

let private indent (line: string) = line.Length - line.TrimStart().Length

// Modules that are deeper than that many levels are a mark within their parent.
let private upTo depth (lines: string list) =
    let rec go (lines: string list) =
        match lines with
        | line :: rest when indent line = 2 * depth && line.EndsWith ")" |> not ->
            let inside = rest |> List.takeWhile (fun other -> indent other > 2 * depth)
            let head = if line.EndsWith '(' then line else line + ", "
            $"{head}…)" :: go (List.skip (inside.Length + 1) rest)
        | line :: rest -> line :: go rest
        | [] -> []

    go lines

/// The tree as text, as deep as some lines show.
let tree most (root: Node) : string list =
    let lines = (Tree.print root).Split '\n' |> List.ofArray
    let deepest = lines |> List.map indent |> List.max |> fun most -> most / 2

    [ deepest .. -1 .. 1 ]
    |> List.map (fun depth -> upTo depth lines)
    |> List.tryFind (fun shown -> shown.Length <= most)
    |> Option.defaultWith (fun () -> upTo 1 lines)
