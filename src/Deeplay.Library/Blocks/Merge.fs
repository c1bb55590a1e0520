namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// What modules that make one tensor out of several are a special case of. Selecting by this kind finds every merge.
module internal MergeOp =
    let definition =
        Definition.create "MergeOp" [] (fun _ -> init { return NoForward })
        |> Definition.withDocumentation "What every merge is a special case of."

    let inputs standard = Key.count "inputs" "The number of inputs." |> Param.withDefault standard

    /// A merge of as many inputs as the parameter of that name says.
    let create id parameters (forward: Arguments -> Sym list -> Sym) documentation shapes =
        let names count = if count = 1 then [ "input" ] else List.init count (fun i -> $"input{string i}")

        Definition.create id parameters (fun arguments ->
            init { return forwardOf (names (arguments.Get(inputs 1))) (forward arguments) })
        |> Definition.withDocumentation documentation
        |> Definition.withBase definition
        |> Definition.withShapes shapes
        |> Definition.withSource $"Deeplay, {id}"

module internal Add =
    let inputs = MergeOp.inputs 2

    let definition =
        MergeOp.create
            "Add"
            [ inputs ]
            (fun _ -> List.reduce (+))
            "The sum of its inputs."
            "inputs that broadcast → their common shape"
        |> Definition.withExample [] [ Example.tensor [ 2; 3 ]; Example.tensor [ 2; 3 ] ]

module internal Cat =
    let dim = Key.whole "dim" 1 "The dimension along which they are joined."
    let inputs = MergeOp.inputs 2

    let definition =
        MergeOp.create
            "Cat"
            [ dim; inputs ]
            (fun arguments -> Op.cat (arguments.Get dim))
            "Its inputs joined along a dimension."
            "inputs that differ in dim alone → their sizes along dim added up"
        |> Definition.withPositional [ dim ]
        |> Definition.withExample [ dim => 1 ] [ Example.tensor [ 2; 3 ]; Example.tensor [ 2; 5 ] ]

/// Being a function of a registry it can be saved.
module internal Lambda =
    let func = Param.func "function" |> Param.withDocumentation "The function over the inputs."
    let inputs = MergeOp.inputs 1

    // Of the example. The generator knows it by its name.
    let private twice: NamedFunction =
        { Id = "twice"; Documentation = ""; Body = fun inputs -> inputs.Head + inputs.Head }

    let definition =
        MergeOp.create
            "Lambda"
            [ func; inputs ]
            (fun arguments -> (arguments.Get func).Body)
            "A function over tensors, as a module."
            "what the function takes → what it gives"
        |> Definition.withExample [ func => twice ] [ Example.tensor [ 2; 3 ] ]
        |> Definition.withExtra (fun arguments ->
            match arguments.TryGet func with
            | Some f -> f.Id
            | None -> "?")
