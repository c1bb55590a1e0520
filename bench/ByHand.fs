/// The torch modules of a built model as one makes them by hand: the same layers by TorchSharp's factories with the same
/// numbers, put together under the same names, with the initial values that the model draws. What is planned once is run
/// by TorchSharp alone.
module Deeplay.Bench.ByHand

open System
open Deeplay.Core
open Deeplay.Library
open TorchSharp

type private Tensor = torch.Tensor

/// What only holds others. The class that somebody writes has a forward pass too, which costs nothing to make.
type private Parts(name: string) =
    inherit torch.nn.Module(name)

// One size for all dimensions may have been given.
let private sizes rank (a: Arguments) (key: Param<int list>) =
    match a.Get key with
    | [ one ] -> Array.replicate rank (int64 one)
    | several -> several |> List.map int64 |> Array.ofList

let private pair (sizes: int64[]) = struct (sizes[0], sizes[1])

let private convolution (a: Arguments) : unit -> torch.nn.Module =
    let all = sizes 2 a >> pair
    let ins, outs = int64 (a.Get Conv2d.inChannels), int64 (a.Get Conv2d.outChannels)

    let kernel, stride, padding, dilation =
        all Conv2d.kernelSize, all Conv2d.stride, all Conv2d.padding, all Conv2d.dilation

    let groups, bias = int64 (a.Get Conv2d.groups), a.Get Conv2d.bias
    let mode = Enum.Parse<PaddingModes>(a.Get Conv2d.paddingMode, true)
    fun () -> torch.nn.Conv2d(ins, outs, kernel, stride, padding, dilation, mode, groups, bias)

let private transposed (a: Arguments) : unit -> torch.nn.Module =
    let all = sizes 2 a >> pair
    let ins, outs = int64 (a.Get ConvTranspose2d.inChannels), int64 (a.Get ConvTranspose2d.outChannels)

    let kernel, stride, padding =
        all ConvTranspose2d.kernelSize, all ConvTranspose2d.stride, all ConvTranspose2d.padding

    let extra, dilation = all ConvTranspose2d.outputPadding, all ConvTranspose2d.dilation
    let groups, bias = int64 (a.Get ConvTranspose2d.groups), a.Get ConvTranspose2d.bias

    fun () ->
        torch.nn.ConvTranspose2d(ins, outs, kernel, stride, padding, extra, dilation, PaddingModes.Zeros, groups, bias)

let private maxPool (a: Arguments) : unit -> torch.nn.Module =
    let all = sizes 2 a
    let kernel, padding, dilation = all MaxPool2d.kernelSize, all MaxPool2d.padding, all MaxPool2d.dilation
    let stride = if (a.TryGet MaxPool2d.stride).IsSome then all MaxPool2d.stride else null
    fun () -> torch.nn.MaxPool2d(kernel, stride, padding, dilation)

let private embedding (a: Arguments) : unit -> torch.nn.Module =
    let count, width = int64 (a.Get Embedding.numEmbeddings), int64 (a.Get Embedding.embeddingDim)
    fun () -> torch.nn.Embedding(count, width)

let private recurrent (kind: RecurrentLayer) make (a: Arguments) : unit -> torch.nn.Module =
    let input, hidden, layers = a.Get kind.inputSize, a.Get kind.hiddenSize, a.Get kind.numLayers

    let bias, first, dropout, both =
        a.Get kind.bias, a.Get kind.batchFirst, a.Get kind.dropout, a.Get kind.bidirectional

    fun () -> make (int64 input, int64 hidden, int64 layers, bias, first, dropout, both)

let private norm make (a: Arguments) : unit -> torch.nn.Module =
    let features, eps = int64 (a.Get BatchNorm2d.numFeatures), a.Get BatchNorm2d.eps
    let affine, tracks = a.Get BatchNorm2d.affine, a.Get BatchNorm2d.trackRunningStats
    fun () -> make (features, eps, affine, tracks)

/// A layer by its kind, from literal numbers; None where there is no such row.
let private layer (a: Arguments) : (unit -> torch.nn.Module) option =
    let int (key: Param<int>) = int64 (a.Get key)
    let some (make: unit -> torch.nn.Module) = Some make

    match a.Kind with
    | "Linear" ->
        let ins, outs, bias = int Linear.inFeatures, int Linear.outFeatures, a.Get Linear.bias
        some (fun () -> torch.nn.Linear(ins, outs, bias))
    | "Conv2d" -> Some(convolution a)
    | "ConvTranspose2d" -> Some(transposed a)
    | "BatchNorm1d" -> Some(norm (fun (n, eps, affine, tracks) -> torch.nn.BatchNorm1d(n, eps, 0.1, affine, tracks)) a)
    | "BatchNorm2d" -> Some(norm (fun (n, eps, affine, tracks) -> torch.nn.BatchNorm2d(n, eps, 0.1, affine, tracks)) a)
    | "InstanceNorm2d" ->
        Some(norm (fun (n, eps, affine, tracks) -> torch.nn.InstanceNorm2d(n, eps, 0.1, affine, tracks)) a)
    | "LayerNorm" ->
        let shape, eps = a.Get LayerNorm.normalizedShape |> List.map int64 |> Array.ofList, a.Get LayerNorm.eps
        some (fun () -> torch.nn.LayerNorm(shape, eps))
    | "MaxPool2d" -> Some(maxPool a)
    | "AdaptiveAvgPool2d" ->
        let shape = a.Get AdaptiveAvgPool2d.outputSize |> List.map int64 |> Array.ofList
        some (fun () -> torch.nn.AdaptiveAvgPool2d shape)
    | "MultiheadAttention" ->
        let width, heads = int MultiheadAttention.embedDim, int MultiheadAttention.numHeads
        let dropout, bias = a.Get MultiheadAttention.dropout, a.Get MultiheadAttention.bias
        some (fun () -> torch.nn.MultiheadAttention(width, heads, dropout, bias))
    | "Embedding" -> Some(embedding a)
    | "RNN" ->
        Some(
            recurrent
                RNN
                (fun (i, h, l, b, first, p, both) ->
                    torch.nn.RNN(i, h, l, torch.nn.NonLinearities.Tanh, b, first, p, both))
                a
        )
    | "LSTM" -> Some(recurrent LSTM (fun (i, h, l, b, first, p, both) -> torch.nn.LSTM(i, h, l, b, first, p, both)) a)
    | "GRU" -> Some(recurrent GRU (fun (i, h, l, b, first, p, both) -> torch.nn.GRU(i, h, l, b, first, p, both)) a)
    | "Dropout" ->
        let p = a.Get Dropout.p
        some (fun () -> torch.nn.Dropout p)
    // TorchSharp has none.
    | "DropPath" -> some (fun () -> new Parts("DropPath"))
    | "Flatten" ->
        let first, last = int Flatten.startDim, int Flatten.endDim
        some (fun () -> torch.nn.Flatten(first, last))
    | "Identity" -> some (fun () -> torch.nn.Identity())
    | "ReLU" ->
        let inplace = a.Get ReLU.inplace
        some (fun () -> torch.nn.ReLU inplace)
    | "LeakyReLU" ->
        let slope = a.Get LeakyReLU.negativeSlope
        some (fun () -> torch.nn.LeakyReLU slope)
    | "GELU" ->
        let approximate = Enum.Parse<Modules.GELU.Approximate>(a.Get GELU.approximate, true)
        some (fun () -> torch.nn.GELU approximate)
    | "SiLU" -> some (fun () -> torch.nn.SiLU())
    | "Sigmoid" -> some (fun () -> torch.nn.Sigmoid())
    | "Tanh" -> some (fun () -> torch.nn.Tanh())
    | _ -> None

/// A parameter or a buffer of a module's own.
let private own (node: Node) (tensor: OwnTensor) : torch.nn.Module -> unit =
    let sizes, name = Array.ofList (node.SizesOf tensor), tensor.Name

    let make: unit -> Tensor =
        match tensor.Initial with
        | Initial.Constant 0.0 -> fun () -> torch.zeros sizes
        | Initial.Constant 1.0 -> fun () -> torch.ones sizes
        | Initial.Constant number -> fun () -> torch.full (sizes, number.ToScalar())
        | Initial.Normal(mean, std) ->
            fun () ->
                let made = torch.empty sizes
                torch.nn.init.normal_ (made, mean, std) |> ignore
                made
        | other -> failwith $"{name}: nobody said how {other} is drawn by hand"

    if tensor.IsTrained then
        fun target -> target.register_parameter (name, new Modules.Parameter(make ()))
    else
        fun target -> target.register_buffer (name, make (), tensor.IsPersistent)

// What a hook draws by its arguments: the names of the parameters, how many dimensions they have at least, and how.
let private drawn (tag: Tag) (hook: Hook) : (string list * int64 * (Tensor -> unit)) list =
    let a = Checks.hook tag hook
    let constant (number: float) = fun (x: Tensor) -> torch.nn.init.constant_ (x, number.ToScalar()) |> ignore

    let biases =
        match a.TryGet Initialization.bias |> Option.flatten with
        | Some number -> [ [ "bias" ], 1L, constant number ]
        | None -> []

    let weights atLeast draw = [ a.Get Initialization.tensors, atLeast, draw >> ignore ]

    let own =
        match hook.Action.Id with
        | "initialize_normal" ->
            let mean, std = a.Get Initialization.mean, a.Get Initialization.std
            weights 0L (fun x -> torch.nn.init.normal_ (x, mean, std))
        | "initialize_xavier_uniform" ->
            let gain = a.Get Initialization.gain
            weights 2L (fun x -> torch.nn.init.xavier_uniform_ (x, gain))
        | "initialize_kaiming_normal" ->
            let slope = a.Get Initialization.slope
            let mode = Enum.Parse<torch.nn.init.FanInOut>((a.Get Initialization.mode).Replace("_", ""), true)
            let kind = Enum.Parse<torch.nn.init.NonlinearityType>(a.Get Initialization.nonlinearity, true)
            weights 2L (fun x -> torch.nn.init.kaiming_normal_ (x, slope, mode, kind))
        | "initialize_constant" ->
            match a.TryGet Initialization.weight |> Option.flatten with
            | Some number -> [ [ "weight" ], 0L, constant number ]
            | None -> []
        | other -> failwith $"{string tag}: nobody said how {other} is done by hand"

    own @ biases

let private isHook (hook: Hook) =
    match hook.Action.Body with
    | OnParameters -> true
    | _ -> false

/// What is written to the parameters of a layer after it was made, by the layer's path.
let private later (root: Node) (made: torch.nn.Module) : Map<string, (string * (Tensor -> unit)) list> =
    let parameters = [ for struct (path, p) in made.named_parameters () -> path, p.dim () ]

    [
        for tag, node, _ in Tree.walk root do
            for hook in List.filter isHook node.Hooks do
                for names, atLeast, write in drawn tag hook do
                    for path, dims in parameters do
                        let split = path.LastIndexOf '.'
                        let owner, name = path[.. split - 1], path[split + 1 ..]
                        let above = string tag

                        let isBelow =
                            above = "" || owner = above || owner.StartsWith(above + ".", StringComparison.Ordinal)

                        if isBelow && dims >= atLeast && List.contains name names then owner, (name, write)
    ]
    |> List.groupBy fst
    |> List.map (fun (owner, writes) -> owner, List.map snd writes)
    |> Map.ofList

let rec private maker
    (writes: Map<string, (string * (Tensor -> unit)) list>)
    (tag: Tag)
    (node: Node)
    : unit -> torch.nn.Module =
    let writes' = writes |> Map.tryFind (string tag) |> Option.defaultValue [] |> Array.ofList

    let make =
        match layer node.Arguments, node.Definition.Body with
        | Some make, _ -> make
        | None, Composite _ ->
            let name = node.Definition.Id
            let own = node.Own |> List.map (own node) |> Array.ofList

            let children =
                [|
                    for tag, child, isAlias in Tree.children tag node do
                        if isAlias then failwith $"{string tag}: nobody said how a module is shared by hand"
                        tag.Name, maker writes tag child
                |]

            fun () ->
                let made: torch.nn.Module = new Parts(name)

                for register in own do
                    register made

                for name, make in children do
                    made.register_module (name, make ())

                made
        | None, Primitive _ -> failwith $"{string tag}: nobody said how a {node.Definition.Id} is made by hand"

    if writes'.Length = 0 then
        make
    else
        fun () ->
            let made = make ()

            for name, write in writes' do
                write (made.get_parameter name)

            made

/// How the torch modules of this tree are made.
let plan (root: Node) : unit -> torch.nn.Module =
    use made = maker Map.empty Tag.root root ()
    maker (later root made) Tag.root root
