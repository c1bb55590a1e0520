namespace Deeplay.Torch

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

    override _.forward(first, second, third) =
        (program.Run [| first; second; third |])[0]

/// The same with any number of inputs and outputs.
[<Sealed>]
type internal GraphModuleN(name: string, program: Program) =
    inherit torch.nn.Module<torch.Tensor[], torch.Tensor[]>(name)
    override _.forward inputs = program.Run inputs

/// A module whose forward pass starts from named tensors, ends in such, or has them in between.
[<Sealed>]
type internal NamedGraphModule<'In, 'Out>(name: string, outputs: string list, program: NamedProgram) =
    inherit torch.nn.Module<'In, 'Out>(name)

    override _.forward input =
        let results = program.Run [| box input |]

        match outputs with
        | [ "" ] -> unbox<'Out> results[0]
        | names ->
            let named = NamedTensors()
            List.iteri (fun i name -> named[name] <- results[i] :?> torch.Tensor) names
            unbox<'Out>(box named)

/// The root of a tree with an input or output map: calls the module it stands for, whose parameters and children it
/// carries under their own names.
[<Sealed>]
type internal MappedRoot<'In, 'Out>(target: torch.nn.Module, call: obj[] -> obj[]) as this =
    inherit torch.nn.Module<'In, 'Out>(target.GetName())

    do
        for struct (name, child) in target.named_children () do
            this.register_module (name, child)

        for struct (name, parameter) in target.named_parameters false do
            this.register_parameter (name, parameter)

        for struct (name, buffer) in target.named_buffers false do
            this.register_buffer (name, buffer)

    override _.forward input =
        let results = call [| box input |]
        unbox<'Out> results[0]

/// A module that only holds others, such as a LayerList.
[<Sealed>]
type internal Container(name: string) =
    inherit torch.nn.Module(name)
