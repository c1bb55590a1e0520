namespace Deeplay.Torch

open System.Collections.Generic
open TorchSharp

/// What a module made of others becomes: its children registered under their names, and its compiled forward pass.
[<Sealed>]
type internal GraphModule1(name: string, program: Program) =
    inherit torch.nn.Module<torch.Tensor, torch.Tensor>(name)
    override _.forward input = program.Run1 input

/// The same with two inputs.
[<Sealed>]
type internal GraphModule2(name: string, program: Program) =
    inherit torch.nn.Module<torch.Tensor, torch.Tensor, torch.Tensor>(name)
    override _.forward(first, second) = (program.Run [| first; second |])[0]

/// The same with three inputs.
[<Sealed>]
type internal GraphModule3(name: string, program: Program) =
    inherit torch.nn.Module<torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor>(name)

    override _.forward(first, second, third) =
        (program.Run [| first; second; third |])[0]

/// The same with any number of inputs and outputs.
[<Sealed>]
type internal GraphModuleN(name: string, program: Program) =
    inherit torch.nn.Module<torch.Tensor[], torch.Tensor[]>(name)
    override _.forward inputs = program.Run inputs

/// A module that only holds others, such as a LayerList.
[<Sealed>]
type internal Container(name: string) =
    inherit torch.nn.Module(name)
