namespace Deeplay.Torch

open System
open Deeplay.Core
open Deeplay.Library
open TorchSharp

/// Transposed convolutions. TorchSharp's factories take their parameters in another order than PyTorch. The keys differ
/// in how many sizes are valid alone.
module internal TransposedConvolutionLowerings =
    let private read rank (a: Arguments) =
        let all = Read.dims rank a

        struct (Read.int a ConvTranspose2d.inChannels,
                Read.int a ConvTranspose2d.outChannels,
                all ConvTranspose2d.kernelSize,
                Read.int a ConvTranspose2d.groups,
                a.Get ConvTranspose2d.bias),
        struct (all ConvTranspose2d.stride,
                all ConvTranspose2d.padding,
                all ConvTranspose2d.outputPadding,
                all ConvTranspose2d.dilation)

    // Where an output padding differs between dimensions: TorchSharp's modules take the first for all of them, its
    // functions do not.
    let private exact (a: Arguments) (extra: int64[]) f made : torch.nn.Module<Tensor, Tensor> =
        if Array.forall ((=) extra[0]) extra then made else new WeightedLayer(a.Kind, made, f)

    let private leaving rank (a: Arguments) (made: torch.nn.Module<Tensor, Tensor>) : torch.nn.Module =
        Functional.transposed rank a |> _.Check |> Checked.inputs made

    let private two = Read.pair >> Nullable
    let private three = Read.triple >> Nullable
    let private zeros = PaddingModes.Zeros

    let private conv1d a =
        let struct (ins, outs, k, groups, bias), struct (s, p, extra, d) = read 1 a

        torch.nn.ConvTranspose1d(ins, outs, k[0], s[0], p[0], extra[0], d[0], zeros, groups, bias)
        |> leaving 1 a

    let private conv2d a =
        let struct (ins, outs, k, groups, bias), struct (s, p, extra, d) = read 2 a
        let k = Read.pair k

        torch.nn.ConvTranspose2d(ins, outs, k, two s, two p, two extra, two d, zeros, groups, bias)
        |> exact a extra (fun x weight bias ->
            torch.nn.functional.conv_transpose2d (x, weight, bias, s, p, extra, d, groups))
        |> leaving 2 a

    let private conv3d a =
        let struct (ins, outs, k, groups, bias), struct (s, p, extra, d) = read 3 a
        let k = Read.triple k

        torch.nn.ConvTranspose3d(ins, outs, k, three s, three p, three extra, three d, zeros, groups, bias)
        |> exact a extra (fun x weight bias ->
            torch.nn.functional.conv_transpose3d (x, weight, bias, s, p, extra, d, groups))
        |> leaving 3 a

    let table =
        [
            row ConvTranspose1d.definition conv1d
            row ConvTranspose2d.definition conv2d
            row ConvTranspose3d.definition conv3d
        ]
