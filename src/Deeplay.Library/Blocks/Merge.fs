namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

module private MergeHelpers =
    let inputs standard =
        Common.positive "inputs"
        |> Param.withDefault standard
        |> Param.withDocumentation "The number of inputs."

    let names (count: int) = if count = 1 then [ "input" ] else List.init count (fun i -> $"input{i}")

open MergeHelpers

/// What modules that make one tensor out of several are a special case of.
module internal MergeOp =
    /// Selecting by this kind finds every merge.
    let definition =
        Definition.create "MergeOp" [] (fun _ -> init { return NoForward })
        |> Definition.withDocumentation "What every merge is a special case of."

/// The sum of its inputs, which broadcast.
module internal Add =
    /// The number of inputs.
    let inputs = inputs 2

    /// Parameters: inputs.
    let definition =
        Definition.create "Add" [ inputs ] (fun arguments ->
            init { return forwardOf (names (arguments.Get inputs)) (List.reduce (+)) })
        |> Definition.withDocumentation "The sum of its inputs."
        |> Definition.withBase MergeOp.definition
        |> Definition.withShapes "inputs that broadcast → their common shape"
        |> Definition.withSource "Deeplay, Add"

/// Its inputs joined along a dimension.
module internal Cat =
    /// The dimension along which they are joined: the channels.
    let dim =
        Param.int "dim"
        |> Param.withDefault 1
        |> Param.withDocumentation "The dimension along which they are joined."

    /// The number of inputs.
    let inputs = inputs 2

    /// Parameters: dim, inputs.
    let definition =
        Definition.create "Cat" [ dim; inputs ] (fun arguments ->
            init { return forwardOf (names (arguments.Get inputs)) (Op.cat (arguments.Get dim)) })
        |> Definition.withDocumentation "Its inputs joined along a dimension."
        |> Definition.withBase MergeOp.definition
        |> Definition.withPositional [ dim ]
        |> Definition.withShapes "inputs that differ in dim alone → their sizes along dim added up"
        |> Definition.withSource "Deeplay, Cat"

/// A function over tensors, as a module. Being a function of a registry it can be saved.
module internal Lambda =
    /// The function.
    let func = Param.func "function" |> Param.withDocumentation "The function over the inputs."

    /// The number of inputs.
    let inputs = inputs 1

    /// Parameters: function, inputs.
    let definition =
        Definition.create "Lambda" [ func; inputs ] (fun arguments ->
            init { return forwardOf (names (arguments.Get inputs)) (arguments.Get func).Body })
        |> Definition.withDocumentation "A function over tensors, as a module."
        |> Definition.withExtra (fun arguments ->
            match arguments.TryGet func with
            | Some f -> f.Id
            | None -> "?")
        |> Definition.withBase MergeOp.definition
        |> Definition.withShapes "what the function takes → what it gives"
        |> Definition.withSource "Deeplay, Lambda"
