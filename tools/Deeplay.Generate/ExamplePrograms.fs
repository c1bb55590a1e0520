/// The programs of examples, but for how a language writes each part of them.
module Deeplay.Generate.ExamplePrograms

open System
open System.Globalization
open Deeplay.Core
open Deeplay.Library
open Deeplay.Generate.Examples

/// How wide a line may be.
let width = 100

/// A number as both languages write it, and take for one that is not whole.
let decimal (number: float) =
    let text = number.ToString("R", CultureInfo.InvariantCulture)
    if text.Contains '.' || text.Contains 'E' then text else text + ".0"

/// The numbers of an input as texts: a list for each row, which is the last dimension.
let rows (input: ExampleInput) : string list list =
    let text (number: float) = if input.Below.IsSome then $"{int64 number}L" else decimal number
    let all = List.map text input.Numbers

    List.chunkBySize (int (List.last input.Sizes)) all

/// How a language writes the parts of a program.
[<AbstractClass>]
type Syntax() =
    /// The function `twice`.
    abstract Twice: string list
    /// Names what an expression gives; `isOwned` says that it is disposed by whoever has it.
    abstract Let: name: string * isOwned: bool * expression: string -> string
    /// Makes a module by its factory, under a name.
    abstract Make: name: string * definition: Definition * given: Map<string, Value> -> string list
    /// A tensor of random numbers, as an expression.
    abstract Random: ExampleInput -> string
    /// A tensor of given numbers, as an expression, and the same tensor of other sizes.
    abstract Given: rows: string list list -> string
    abstract Reshaped: tensor: string * sizes: int64 list -> string
    /// Makes the named inputs `inputs`: each with its key.
    abstract Named: inputs: (string * string) list -> string list
    /// Makes the array `inputs`.
    abstract Several: inputs: string list -> string list
    /// Builds the module of that name as `net`.
    abstract Build: name: string * shown: Shown -> string list
    /// A call of `net`, as an expression.
    abstract Call: arguments: string list -> string
    /// An array of tensors, as an expression.
    abstract Array: items: string list -> string
    /// Prints a module, or the shape of a tensor, of these names.
    abstract PrintModule: name: string -> string
    abstract PrintShape: name: string -> string list
    abstract PrintShapes: name: string -> string list
    abstract PrintNamedShapes: name: string -> string list
    /// Prints the number that a tensor has, or all of its numbers.
    abstract PrintNumber: expression: string -> string
    abstract PrintNumbers: expression: string -> string
    /// What a metric of that name gives for `outputs` and `targets`, as an expression.
    abstract Compute: name: string -> string
    /// Prints the step sizes of a schedule of that name: the first ones, or those that follow a metric.
    abstract PrintRates: name: string * count: int -> string
    abstract PrintRatesFollowing: name: string * metric: string list -> string
    /// Trains with the optimizer of that name, or with a group of parameters, and prints whether the loss fell.
    abstract Train: name: string * isGroup: bool -> string list
    /// What it prints then.
    abstract True: string

let private digits (number: float) = number.ToString("F4", CultureInfo.InvariantCulture)

/// What the program of an example prints, in lines.
let private printed (syntax: Syntax) (shown: Shown) : string list =
    match shown.Use with
    | Train -> [ syntax.True ]
    | Print -> (Tree.print shown.Root).Split '\n' |> List.ofArray
    | _ when not shown.Numbers.IsEmpty -> [ String.Join(", ", List.map digits shown.Numbers) ]
    | _ ->
        [
            for output in shown.Outputs do
                match output with
                | Tensor shape -> sizes shape
                | Tensors named ->
                    for name, shape in Map.toList named do
                        $"{name} {sizes shape}"
        ]

let private tensor (syntax: Syntax) (input: ExampleInput) =
    match rows input with
    | [] -> syntax.Random input
    // One row is written as a tensor of one dimension, several as one of two.
    | rows when input.Sizes.Length = min 2 rows.Length -> syntax.Given rows
    | rows -> syntax.Reshaped(syntax.Given rows, input.Sizes)

// The inputs, where they don't stand in the call itself, and the call.
let private called (syntax: Syntax) (shown: Shown) : string list * string =
    let given = shown.Inputs |> List.map (tensor syntax)
    let several = syntax.Array given

    match takes shown with
    | Dictionary ->
        syntax.Named [ for input in shown.Inputs -> input.Key.Value, tensor syntax input ], syntax.Call [ "inputs" ]
    | Array when several.Length < width - 30 -> [], syntax.Call [ several ]
    | Array -> syntax.Several given, syntax.Call [ "inputs" ]
    | Each _ -> [], syntax.Call given

let private call (syntax: Syntax) name (shown: Shown) =
    let inputs, call = called syntax shown
    let form = gives shown

    [
        yield! inputs
        yield! syntax.Build(name, shown)
        syntax.Let("output", (form = Each 1), call)
        match form with
        | Each _ -> yield! syntax.PrintShape "output"
        | Dictionary -> yield! syntax.PrintNamedShapes "output"
        | Array -> yield! syntax.PrintShapes "output"
    ]

// Two inputs by these names.
let private pair (syntax: Syntax) (first, second) (shown: Shown) =
    match shown.Inputs with
    | [ a; b ] -> [ syntax.Let(first, false, tensor syntax a); syntax.Let(second, false, tensor syntax b) ]
    | inputs -> failwith $"{shown.Definition.Id} takes 2 inputs, and its example has {inputs.Length}."

let private used (syntax: Syntax) name (shown: Shown) : string list =
    match shown.Use with
    | Print -> [ syntax.PrintModule name ]
    | Call when shown.Numbers.IsEmpty -> call syntax name shown
    | Call ->
        [
            yield! syntax.Build(name, shown)
            yield! pair syntax ("prediction", "target") shown
            syntax.PrintNumber(syntax.Call [ "prediction"; "target" ])
        ]
    | Measure ->
        [
            yield! pair syntax ("outputs", "targets") shown
            if shown.Numbers.Length = 1 then
                syntax.PrintNumber(syntax.Compute name)
            else
                syntax.PrintNumbers(syntax.Compute name)
        ]
    | Schedule ->
        [
            match shown.Inputs with
            | [ metric ] -> syntax.PrintRatesFollowing(name, List.concat (rows metric))
            | _ -> syntax.PrintRates(name, shown.Numbers.Length)
        ]
    | Train -> syntax.Train(name, shown.Definition.Is Optimizers.groupDefinition)

/// The lines of the program, with what it prints. `name` is what it calls the module.
let program (syntax: Syntax) name (shown: Shown) : string list =
    [
        if takesTwice shown then yield! syntax.Twice
        yield! syntax.Make(name, shown.Definition, shown.Arguments)
        yield! used syntax name shown

        for text in printed syntax shown do
            $"// → {text}"
    ]
    |> List.collect (fun lines -> List.ofArray (lines.Split '\n'))
