namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// What recurrent layers are special cases of, with PyTorch's name.
module internal RNNBase =
    let definition =
        Definition.primitive "RNNBase" [] (fun _ _ ->
            Rule.fail "to be one of the recurrent layers there are, such as LSTM" "the kind that they are based on")
        |> Definition.withDocumentation "What every recurrent layer is a special case of."
        |> Definition.withBase Layer.definition

    /// How many tensors such a layer gives: its output, and behind it its states. Its shape rule says it.
    let outputs (layer: Node) : int =
        match layer.Definition.Body with
        | Primitive rule ->
            match rule layer.Arguments [ Unranked ] with
            | Ok inference -> inference.Outputs.Length
            | Error problem ->
                Fail.with' (WrongShape(layer.Tag, layer.Definition.Id, problem.Expected, string problem.Found))
        | Composite _ -> 1

/// What recurrent layers have in common. Source: PyTorch docs, torch.nn.RNN, LSTM and GRU.
module internal RecurrentKeys =
    let inputSize = Key.positive "input_size" "The input's last size; inferred where not set." |> Param.inferred
    let hiddenSize = Key.positive "hidden_size" "The number of features of the hidden state."

    let numLayers =
        Key.count "num_layers" "How many such layers there are, each over what the one before gives."
        |> Param.withDefault 1

    let nonlinearity = Key.choice [ "tanh"; "relu" ] "nonlinearity" "tanh" "What each step ends with."
    let bias = Key.flag "bias" true "Whether learned biases are added."

    let batchFirst =
        Key.flag "batch_first" false "Whether inputs and outputs are (N, L, …) instead of (L, N, …); states are not."

    let dropout = Key.dropout "The probability of a number to be zeroed between two layers."

    let bidirectional =
        Key.flag "bidirectional" false "Whether another such layer goes backward: its outputs come after."

/// What follows from the arguments of recurrent layers.
module internal RecurrentRules =
    open RecurrentKeys

    let private directions (arguments: Arguments) = if arguments.Get bidirectional then 2L else 1L

    let extra (arguments: Arguments) =
        [
            Extra.value arguments inputSize.Name
            Extra.value arguments hiddenSize.Name
            for key in [ numLayers :> Param; bias; batchFirst; dropout; bidirectional ] do
                if arguments[key.Name] <> key.Parameter.Default then Extra.named [ key.Name ] arguments
        ]
        |> String.concat ", "

    // After the last layer there is none: PyTorch warns.
    let dropsBetween (arguments: Arguments) : (Param * string) list =
        if arguments.Get dropout > 0.0 && arguments.Get numLayers = 1 then
            [ dropout, "0 where there is one layer, for it acts between layers" ]
        else
            []

    // `gates` of the hidden size in each step.
    let weights gates (arguments: Arguments) =
        match arguments.TryGet inputSize, arguments.TryGet hiddenSize with
        | Some input, Some hidden ->
            let input, hidden, directions = int64 input, int64 hidden, directions arguments
            let rows = gates * hidden

            [
                for layer in 0 .. arguments.Get numLayers - 1 do
                    for suffix in [ ""; "_reverse" ] |> List.truncate (int directions) do
                        let place = $"l{string layer}{suffix}"
                        $"weight_ih_{place}", [ rows; (if layer = 0 then input else directions * hidden) ]
                        $"weight_hh_{place}", [ rows; hidden ]

                        if arguments.Get bias then
                            $"bias_ih_{place}", [ rows ]
                            $"bias_hh_{place}", [ rows ]
            ]
        | _ -> []

    // An input, and the states to begin with where they are given; the outputs are the features of all steps, and the last states.
    let rule states (arguments: Arguments) (inputs: Shape list) : Result<Inference, OpShape.Problem> =
        let along (dims: Dim list) input =
            let hidden, directions = int64 (arguments.Get hiddenSize), directions arguments

            Rule.width arguments inputSize "last dimension" (List.last dims) input
            |> Result.map (fun (_, inferred) ->
                let batch =
                    match dims with
                    | [ first; second; _ ] -> [ (if arguments.Get batchFirst then first else second) ]
                    | _ -> []

                let state = Ranked(Known(directions * int64 (arguments.Get numLayers)) :: batch @ [ Known hidden ])
                let output = Ranked(List.updateAt (dims.Length - 1) (Known(directions * hidden)) dims)
                output, state, inferred)

        match inputs with
        | input :: given when given.IsEmpty || given.Length = states ->
            match input with
            | Unranked -> Ok { Outputs = List.replicate (1 + states) Unranked; Inferred = [] }
            | Ranked dims when dims.Length = 2 || dims.Length = 3 ->
                along dims input
                |> Result.bind (fun (output, state, inferred) ->
                    match given |> List.tryFind (fun shape -> not (Shape.agrees shape state)) with
                    | Some other -> Rule.fail $"a state of shape {state}" other
                    | None -> Ok { Outputs = output :: List.replicate states state; Inferred = inferred })
            | _ -> Rule.fail "an input of 2 or 3 dimensions" input
        | _ -> Rule.fail $"1 input, or {string (1 + states)} with the states to begin with" inputs.Length

/// A recurrent layer of so many `gates`, each of the hidden size, that keeps so many states.
type internal RecurrentLayer(id, gates, states, more: Param list, documentation, source) =
    let given = if states = 1 then "h_0" else "h_0 and c_0"
    let last = if states = 1 then "h_n" else "h_n and c_n"

    let parameters: Param list =
        [
            RecurrentKeys.inputSize
            RecurrentKeys.hiddenSize
            RecurrentKeys.numLayers
            yield! more
            RecurrentKeys.bias
            RecurrentKeys.batchFirst
            RecurrentKeys.dropout
            RecurrentKeys.bidirectional
        ]

    let shapes =
        $"(L, N, input_size) → (L, N, D · hidden_size) and {last}, each (D · num_layers, N, hidden_size); D is 2 where bidirectional, else 1. "
        + $"{given} to begin with may be given. With batch_first (N, L, …); without a batch no N"

    member _.inputSize = RecurrentKeys.inputSize
    member _.hiddenSize = RecurrentKeys.hiddenSize
    member _.numLayers = RecurrentKeys.numLayers
    member _.bias = RecurrentKeys.bias
    member _.batchFirst = RecurrentKeys.batchFirst
    member _.dropout = RecurrentKeys.dropout
    member _.bidirectional = RecurrentKeys.bidirectional

    member val definition =
        Layer.basedOn RNNBase.definition id parameters (RecurrentRules.rule states) documentation shapes
        |> Definition.withExtra RecurrentRules.extra
        |> Definition.withWeights (RecurrentRules.weights gates)
        |> Definition.withCheck RecurrentRules.dropsBetween
        |> Definition.withExample
            [ RecurrentKeys.inputSize => 3; RecurrentKeys.hiddenSize => 8 ]
            [ Example.tensor [ 5; 2; 3 ] ]
        |> Definition.withSource source

/// The one whose steps end with a nonlinearity of one's choice.
type internal ElmanLayer() =
    inherit
        RecurrentLayer(
            "RNN",
            1L,
            1,
            [ RecurrentKeys.nonlinearity ],
            "A recurrent layer: h' = tanh(W_ih x + b_ih + W_hh h + b_hh).",
            "Elman, 1990, Finding Structure in Time"
        )

    member _.nonlinearity = RecurrentKeys.nonlinearity

[<AutoOpen>]
module internal RecurrentLayers =
    let RNN = ElmanLayer()

    let LSTM =
        RecurrentLayer(
            "LSTM",
            4L,
            2,
            [],
            "A long short-term memory: a state that gates write to, forget and read.",
            "Hochreiter and Schmidhuber, 1997, Long Short-Term Memory"
        )

    let GRU =
        RecurrentLayer(
            "GRU",
            3L,
            1,
            [],
            "A gated recurrent unit: a state that gates reset and update.",
            "Cho et al., 2014, Learning Phrase Representations using RNN Encoder-Decoder"
        )
