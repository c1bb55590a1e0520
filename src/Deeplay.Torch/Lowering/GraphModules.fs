namespace Deeplay.Torch

open System
open TorchSharp

/// What a module made of others becomes: its children registered under their names, and its compiled forward pass.
[<Sealed>]
type internal GraphModule1(name: string, program: Program) =
    inherit torch.nn.Module<torch.Tensor, torch.Tensor>(name)
    override _.forward input = program.Run1 input

/// The same, where the forward pass only calls one module after another.
[<Sealed>]
type internal ChainModule(name: string, program: ChainProgram) =
    inherit torch.nn.Module<torch.Tensor, torch.Tensor>(name)
    override _.forward input = program.Run input

/// The same with two inputs.
[<Sealed>]
type internal GraphModule2(name: string, program: Program) =
    inherit torch.nn.Module<torch.Tensor, torch.Tensor, torch.Tensor>(name)
    override _.forward(first, second) = (program.Run [| first; second |])[0]

/// The same with three inputs.
[<Sealed>]
type internal GraphModule3(name: string, program: Program) =
    inherit torch.nn.Module<torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor>(name)

    override _.forward(first, second, third) = (program.Run [| first; second; third |])[0]

/// The same with any number of inputs and outputs.
[<Sealed>]
type internal GraphModuleN(name: string, program: Program) =
    inherit torch.nn.Module<torch.Tensor[], torch.Tensor[]>(name)
    override _.forward inputs = program.Run inputs

/// How what a module takes goes into a forward pass over objects, and what comes out of it is given back.
module internal Carry =
    let ofOne<'In> (input: 'In) : obj[] = [| box input |]
    let ofMany (inputs: torch.Tensor[]) : obj[] = Array.map box inputs
    let one<'Out> (results: obj[]) : 'Out = unbox<'Out> results[0]

    let many (results: obj[]) : torch.Tensor[] = results |> Array.map (fun result -> result :?> torch.Tensor)

    let byName (names: string list) (results: obj[]) : NamedTensors =
        let named = NamedTensors()
        List.iteri (fun i name -> named[name] <- results[i] :?> torch.Tensor) names
        named

/// A module whose forward pass starts from named tensors, ends in such, or has them in between.
[<Sealed>]
type internal NamedGraphModule<'In, 'Out>
    (name: string, read: 'In -> obj[], program: NamedProgram, write: obj[] -> 'Out) =
    inherit torch.nn.Module<'In, 'Out>(name)
    override _.forward input = write (program.Run(read input))

/// Makes one of these, by what it takes and what it gives.
[<AbstractClass>]
type internal NamedFrame() =
    abstract Make<'In, 'Out> : read: ('In -> obj[]) * write: (obj[] -> 'Out) -> torch.nn.Module

    member private this.Giving(read: 'In -> obj[], outputs: string list, isNamed: bool) : torch.nn.Module =
        match outputs with
        | name :: _ when name <> "" -> this.Make(read, Carry.byName outputs)
        | [ _ ] when isNamed -> this.Make(read, Carry.one<NamedTensors>)
        | [ _ ] -> this.Make(read, Carry.one<torch.Tensor>)
        | _ -> this.Make(read, Carry.many)

    /// For so many inputs, or named tensors; for the names of the outputs, or named tensors.
    member this.For(inputs: int, takesNamed: bool, outputs: string list, givesNamed: bool) =
        match takesNamed, inputs with
        | true, _ -> this.Giving(Carry.ofOne<NamedTensors>, outputs, givesNamed)
        | false, 1 -> this.Giving(Carry.ofOne<torch.Tensor>, outputs, givesNamed)
        | false, _ -> this.Giving(Carry.ofMany, outputs, givesNamed)

/// A module that only holds others, such as a LayerList.
[<Sealed>]
type internal Container(name: string) =
    inherit torch.nn.Module(name)
