/// What a training step of a ResNet-18, a U-Net and a vision transformer costs beside the same by hand in TorchSharp, and
/// beside PyTorch eager (models.py), where there is a Python that has it.
module Deeplay.Bench.Steps

open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open TorchSharp
open Deeplay.Bench.HandWritten
open Deeplay.Bench.Measure

/// A network with an input and what is wanted of it; models.py has those of the same names.
[<NoEquality; NoComparison>]
type private Network =
    {
        Name: string
        Spec: ModuleSpec
        ByHand: unit -> Net
        Shape: int64[]
        /// Classes where there are such, else an image of one channel.
        Classes: int64 option
    }

let private networks =
    [
        {
            Name = "resnet18"
            Spec = Models.resNet18 |> Module.configure ResNet18.numClasses 10
            ByHand = fun () -> new ResNet18(10L)
            Shape = [| 8L; 3L; 32L; 32L |]
            Classes = Some 10L
        }
        {
            Name = "unet"
            Spec = Components.uNet2d 1 [ 32; 64; 128 ] 1
            ByHand = fun () -> new UNet([ 32L; 64L; 128L ], 1L)
            Shape = [| 4L; 1L; 64L; 64L |]
            Classes = None
        }
        {
            Name = "vision_transformer"
            Spec = Models.visionTransformer 32 4 6 3 192 768 |> Module.configure VisionTransformer.numClasses 10
            ByHand = fun () -> new VisionTransformer(32L, 4L, 6, 3L, 192L, 768L, 10L)
            Shape = [| 8L; 3L; 32L; 32L |]
            Classes = Some 10L
        }
    ]

// How long a max pool takes depends on the numbers it is given: the weights of both stay those that they began with.
let private rate = 1e-12

let private step (network: Network) (model: Net) : unit -> unit =
    let optimizer = torch.optim.SGD(model.parameters (), rate, 0.9)
    let input = torch.randn network.Shape

    let loss, target: torch.nn.Module<torch.Tensor, torch.Tensor, torch.Tensor> * torch.Tensor =
        match network.Classes with
        | Some classes ->
            torch.nn.CrossEntropyLoss(), torch.randint (classes, [| network.Shape[0] |], dtype = torch.int64)
        | None -> torch.nn.MSELoss(), torch.randn network.Shape

    fun () ->
        use _scope = torch.NewDisposeScope()
        optimizer.zero_grad ()
        (loss.call (model.call input, target)).backward()
        optimizer.step () |> ignore

// The same weights, and so the same numbers: what differs is how they come about. Those of one shape come in one order; some
// models begin with zeros, which would hide a difference.
let private copy (from: Net) (into: Net) (shape: int64[]) name =
    use _scope = torch.NewDisposeScope()
    use _noGrad = torch.no_grad ()
    let mutable left = [ for p in into.parameters () -> p ]

    for struct (path, ours) in from.named_parameters () do
        match left |> List.tryFindIndex (fun theirs -> theirs.shape = ours.shape) with
        | Some place ->
            ours.add_ (torch.randn_like(ours).mul(0.02.ToScalar())) |> ignore
            left[place].copy_ ours |> ignore
            left <- List.removeAt place left
        | None -> failwith $"{name}: by hand there is nothing for {path}"

    from.eval ()
    into.eval ()
    let input = torch.randn shape

    if not left.IsEmpty || not (torch.allclose (from.call input, into.call input, 1e-4, 1e-4)) then
        failwith $"{name} is another network by hand"

    from.train ()
    into.train ()

/// All figures of steps.
let figures () =
    seq {
        let child =
            PyTorch.python.Value
            |> Option.map (fun python -> PyTorch.start python [ PyTorch.script "models.py" ])

        for network in networks do
            torch.manual_seed 0L |> ignore
            use ours = network.Spec |> Build.run { Build.defaults with Device = "cpu" } :?> Net
            use hand = network.ByHand()
            copy ours hand network.Shape network.Name
            let ours, hand = step network ours, step network hand
            yield ratio 41 ours hand |> atMost 1.05 $"models_step_{network.Name}_over_by_hand"

            match child with
            | None -> ()
            | Some child ->
                yield
                    ratio 41 ours (PyTorch.ask child network.Name)
                    |> atMost infinity $"models_step_{network.Name}_over_pytorch"

        match child with
        | None -> printfn "no python3 with torch: nothing is compared with PyTorch"
        | Some child ->
            child.StandardInput.Close()
            child.WaitForExit()
            child.Dispose()
    }
