namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// What follows from the arguments of cells. Source: PyTorch docs, torch.nn.RNNCell, LSTMCell and GRUCell.
module internal CellRules =
    open RecurrentKeys

    let extra (arguments: Arguments) =
        [
            Extra.value arguments inputSize.Name
            Extra.value arguments hiddenSize.Name
            if not (arguments.Get bias) then Extra.named [ bias.Name ] arguments

            if arguments.Signature.Has nonlinearity.Name && arguments.Get nonlinearity <> "tanh" then
                $"nonlinearity={arguments.Get nonlinearity}"
        ]
        |> String.concat ", "

    let weights gates (arguments: Arguments) =
        match arguments.TryGet inputSize, arguments.TryGet hiddenSize with
        | Some input, Some hidden ->
            let rows = gates * int64 hidden

            [
                "weight_ih", [ rows; int64 input ]
                "weight_hh", [ rows; int64 hidden ]

                if arguments.Get bias then
                    "bias_ih", [ rows ]
                    "bias_hh", [ rows ]
            ]
        | _ -> []

    let rule states (arguments: Arguments) (inputs: Shape list) : Result<Inference, OpShape.Problem> =
        match inputs with
        | input :: given when given.IsEmpty || given.Length = states ->
            match input with
            | Unranked -> Ok { Outputs = List.replicate states Unranked; Inferred = [] }
            | Ranked dims when dims.Length = 1 || dims.Length = 2 ->
                Rule.width arguments inputSize "last dimension" (List.last dims) input
                |> Result.bind (fun (_, inferred) ->
                    let hidden = Known(int64 (arguments.Get hiddenSize))
                    let state = Ranked(List.updateAt (dims.Length - 1) hidden dims)

                    match given |> List.tryFind (fun shape -> not (Shape.agrees shape state)) with
                    | Some other -> Rule.fail $"a state of shape {state}" other
                    | None -> Ok { Outputs = List.replicate states state; Inferred = inferred })
            | _ -> Rule.fail "an input of 1 or 2 dimensions" input
        | _ -> Rule.fail $"1 input, or {string (1 + states)} with the states before" inputs.Length

/// One step of a recurrent layer.
type internal RecurrentCell(id, gates, states, more: Param list, layer) =
    let state = if states = 1 then "h" else "h, c"

    let parameters: Param list =
        [ RecurrentKeys.inputSize; RecurrentKeys.hiddenSize; RecurrentKeys.bias; yield! more ]

    member _.inputSize = RecurrentKeys.inputSize
    member _.hiddenSize = RecurrentKeys.hiddenSize
    member _.bias = RecurrentKeys.bias

    member val definition =
        Layer.create
            id
            parameters
            (CellRules.rule states)
            $"One step of {layer}, over all of a batch."
            $"(N, input_size) → {state} (N, hidden_size); the {state} before may be given. Without a batch no N"
        |> Definition.withExample
            [ RecurrentKeys.inputSize => 3; RecurrentKeys.hiddenSize => 8 ]
            [ Example.tensor [ 2; 3 ] ]
        |> Definition.withExtra CellRules.extra
        |> Definition.withWeights (CellRules.weights gates)

/// That of a layer whose steps end with a nonlinearity of one's choice.
type internal ElmanCell() =
    inherit RecurrentCell("RNNCell", 1L, 1, [ RecurrentKeys.nonlinearity ], "an RNN")
    member _.nonlinearity = RecurrentKeys.nonlinearity

[<AutoOpen>]
module internal RecurrentCells =
    let RNNCell = ElmanCell()
    let LSTMCell = RecurrentCell("LSTMCell", 4L, 2, [], "an LSTM")
    let GRUCell = RecurrentCell("GRUCell", 3L, 1, [], "a GRU")
