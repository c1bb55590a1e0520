namespace Deeplay.Torch

open System
open Deeplay.Core
open Deeplay.Library
open TorchSharp

/// Recurrent layers, as TorchSharp makes them. An input without a batch is a batch of one, as in PyTorch.
module internal RecurrentLowerings =
    // A module that takes an input, perhaps with states, and gives several tensors, with the weights of TorchSharp's.
    let private several name target (call: Tensor[] -> Tensor[]) : torch.nn.Module =
        new Root<Tensor[], Tensor[]>(name, target, call)

    // What TorchSharp's modules take: more would be left out.
    let private check (a: Arguments) (inputs: Tensor[]) =
        let states = if a.Kind.StartsWith("LSTM", StringComparison.Ordinal) then 2 else 1

        if inputs.Length <> 1 && inputs.Length <> 1 + states then
            let expected = $"1 input, or {string (1 + states)} with the states"
            Fail.with' (WrongShape(a.Tag, a.Kind, expected, string inputs.Length))

    // The same with a batch of one put in where there is none: in this dimension of the input, and in `stateAt` of states.
    let private batched a rank inputAt stateAt (call: Tensor[] -> Tensor[]) (inputs: Tensor[]) =
        check a inputs

        if inputs[0].dim() = rank then
            call inputs
        else
            use _scope = torch.NewDisposeScope()
            let at i = if i = 0 then inputAt else stateAt
            let outputs = inputs |> Array.mapi (fun i x -> x.unsqueeze (at i)) |> call
            outputs |> Array.mapi (fun i x -> (x.squeeze (at i)).MoveToOuterDisposeScope())

    let private layer
        (kind: RecurrentLayer)
        make
        (call: 'Module -> Tensor[] -> Tensor[])
        (a: Arguments)
        : torch.nn.Module =
        let target: 'Module =
            make (
                Read.int a kind.inputSize,
                Read.int a kind.hiddenSize,
                Read.int a kind.numLayers,
                a.Get kind.bias,
                a.Get kind.batchFirst,
                a.Get kind.dropout,
                a.Get kind.bidirectional
            )

        let inputAt = if a.Get kind.batchFirst then 0L else 1L
        several a.Kind target (batched a 3L inputAt 1L (call target))

    let private stateOf (xs: Tensor[]) : Tensor = if xs.Length = 1 then null else xs[1]

    let private statesOf (xs: Tensor[]) : Nullable<struct (Tensor * Tensor)> =
        if xs.Length = 1 then Nullable() else Nullable(struct (xs[1], xs[2]))

    let private pair (struct (output: Tensor, state: Tensor)) = [| output; state |]

    let private ofRNN (a: Arguments) =
        let nonlinearity = Read.oneOf<torch.nn.NonLinearities>(a.Get RNN.nonlinearity)

        let make (input: int64, hidden: int64, layers: int64, bias, first, dropout, both) =
            torch.nn.RNN(input, hidden, layers, nonlinearity, bias, first, dropout, both)

        layer RNN make (fun rnn xs -> pair (rnn.call (xs[0], stateOf xs))) a

    let private ofLSTM =
        let make (input: int64, hidden: int64, layers: int64, bias, first, dropout, both) =
            torch.nn.LSTM(input, hidden, layers, bias, first, dropout, both)

        layer LSTM make (fun lstm xs ->
            let struct (output, h, c) = lstm.call (xs[0], statesOf xs)
            [| output; h; c |])

    let private ofGRU =
        let make (input: int64, hidden: int64, layers: int64, bias, first, dropout, both) =
            torch.nn.GRU(input, hidden, layers, bias, first, dropout, both)

        layer GRU make (fun gru xs -> pair (gru.call (xs[0], stateOf xs)))

    let private cell (a: Arguments) target call = several a.Kind target (batched a 2L 0L 0L call)

    let private sizes (kind: RecurrentCell) (a: Arguments) =
        Read.int a kind.inputSize, Read.int a kind.hiddenSize, a.Get kind.bias

    let private ofRNNCell (a: Arguments) =
        let input, hidden, bias = sizes RNNCell a
        let nonlinearity = Read.oneOf<torch.nn.NonLinearities>(a.Get RNNCell.nonlinearity)
        let made = torch.nn.RNNCell(input, hidden, nonlinearity, bias)
        cell a made (fun xs -> [| made.call (xs[0], stateOf xs) |])

    // TorchSharp's takes no states that are not there, which stand for zeros.
    let private ofLSTMCell (a: Arguments) =
        let input, hidden, bias = sizes LSTMCell a
        let made = torch.nn.LSTMCell(input, hidden, bias)

        cell a made (fun xs ->
            use none = torch.zeros ([| xs[0].shape[0]; hidden |], dtype = xs[0].dtype, device = xs[0].device)
            let states = if xs.Length = 1 then struct (none, none) else struct (xs[1], xs[2])
            pair (made.call (xs[0], Nullable states)))

    let private ofGRUCell (a: Arguments) =
        let input, hidden, bias = sizes GRUCell a
        let made = torch.nn.GRUCell(input, hidden, bias)
        cell a made (fun xs -> [| made.call (xs[0], stateOf xs) |])

    let table =
        [
            row RNN.definition ofRNN
            row LSTM.definition ofLSTM
            row GRU.definition ofGRU
            row RNNCell.definition ofRNNCell
            row LSTMCell.definition ofLSTMCell
            row GRUCell.definition ofGRUCell
        ]
