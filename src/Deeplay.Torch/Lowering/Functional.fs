namespace Deeplay.Torch

open System
open Deeplay.Core
open Deeplay.Library
open TorchSharp

/// A layer as a function of its weight.
[<NoComparison; NoEquality>]
type internal Weighted =
    {
        /// What it makes of an input, a weight and a bias, which may be null.
        Call: Tensor -> Tensor -> Tensor -> Tensor
        /// What it would make of an input with a kernel of 1, in the same groups.
        Pointwise: Tensor -> Tensor -> Tensor
        Groups: int64
        /// Whether its weight has the inputs first.
        IsTransposed: bool
        /// Stops an input that it must not be called with, where there is any.
        Check: (Tensor -> unit) option
    }

/// Layers with a weight as functions of it, for weights that are computed.
module internal Functional =
    let private linear: Weighted =
        {
            Call = fun x weight bias -> torch.nn.functional.linear (x, weight, bias)
            Pointwise = fun x weight -> torch.nn.functional.linear (x, weight, null)
            Groups = 1L
            IsTransposed = false
            Check = None
        }

    let private one (numbers: int64[]) = Nullable numbers[0]

    let private convolve n (stride: int64[]) (padding: int64[]) (dilation: int64[]) groups =
        match n with
        | 1 ->
            fun x weight bias ->
                torch.nn.functional.conv1d (x, weight, bias, one stride, one padding, one dilation, groups)
        | 2 -> fun x weight bias -> torch.nn.functional.conv2d (x, weight, bias, stride, padding, dilation, groups)
        | _ -> fun x weight bias -> torch.nn.functional.conv3d (x, weight, bias, stride, padding, dilation, groups)

    let private pointwise n groups =
        let ones, zeros = Array.replicate n 1L, Array.replicate n 0L
        let call = convolve n ones zeros ones groups
        fun x weight -> call x weight null

    // How much is added before and behind each dimension. Source: PyTorch, _ConvNd.__init__: of an odd number for 'same' more
    // is added behind.
    let private sides n (a: Arguments) (dilation: int64[]) : (int64 * int64)[] =
        match a.TryGet Conv2d.paddingText with
        | Some "same" ->
            Array.map2 (fun d k -> d * (k - 1L)) dilation (Read.dims n a Conv2d.kernelSize)
            |> Array.map (fun all -> all / 2L, all - all / 2L)
        | Some _ -> Array.replicate n (0L, 0L)
        | None -> Read.dims n a Conv2d.padding |> Array.map (fun side -> side, side)

    let private convolution n (a: Arguments) : Weighted =
        let stride, dilation = Read.dims n a Conv2d.stride, Read.dims n a Conv2d.dilation
        let groups = Read.int a Conv2d.groups
        let sides, mode = sides n a dilation, a.Get Conv2d.paddingMode

        let call =
            if mode = "zeros" && Array.forall (fun (before, behind) -> before = behind) sides then
                convolve n stride (Array.map fst sides) dilation groups
            else
                let call = convolve n stride (Array.replicate n 0L) dilation groups
                // The last dimension first.
                let pads = sides |> Array.rev |> Array.collect (fun (before, behind) -> [| before; behind |])
                let mode = if mode = "zeros" then PaddingModes.Constant else Read.oneOf<PaddingModes> mode

                fun x weight bias ->
                    use padded = torch.nn.functional.pad (x, pads, mode, 0.0)
                    call padded weight bias

        { Call = call; Pointwise = pointwise n groups; Groups = groups; IsTransposed = false; Check = None }

    /// A transposed convolution in `n` dimensions.
    let transposed n (a: Arguments) : Weighted =
        let all = Read.dims n a
        let s, p = all ConvTranspose2d.stride, all ConvTranspose2d.padding
        let extra, d = all ConvTranspose2d.outputPadding, all ConvTranspose2d.dilation
        let groups = Read.int a ConvTranspose2d.groups

        let call: Tensor -> Tensor -> Tensor -> Tensor =
            match n with
            | 1 -> fun x w b -> torch.nn.functional.conv_transpose1d (x, w, b, one s, one p, one extra, one d, groups)
            | 2 -> fun x w b -> torch.nn.functional.conv_transpose2d (x, w, b, s, p, extra, d, groups)
            | _ -> fun x w b -> torch.nn.functional.conv_transpose3d (x, w, b, s, p, extra, d, groups)

        // What a size of 1 becomes. Where the padding may take all of a small input away, libtorch ends the process instead of saying so.
        let least =
            Array.mapi
                (fun i kernel -> d[i] * (kernel - 1L) + extra[i] + 1L - 2L * p[i])
                (all ConvTranspose2d.kernelSize)

        let check (x: Tensor) =
            let first = int (x.dim ()) - n

            for i in 0 .. n - 1 do
                if first >= 0 && (x.size (first + i) - 1L) * s[i] + least[i] < 1L then
                    x |> Checked.stop a "spatial sizes that leave something after the padding"

        {
            Call = call
            Pointwise = pointwise n groups
            Groups = groups
            IsTransposed = true
            Check = if Array.exists (fun size -> size < 1L) least then Some check else None
        }

    let private known: (Definition * (Arguments -> Weighted)) list =
        [
            Linear.definition, (fun _ -> linear)
            for n in 1..3 do
                (Dimensions.convolution n).definition, convolution n
                (Dimensions.transposed n).definition, transposed n
        ]

    /// Whether TorchSharp's layer is not what was asked for: to keep the size with a padding that is none of zeros, it adds to some
    /// dimensions what others need.
    let isOther (definition: Definition) (a: Arguments) : bool =
        let isConvolution =
            obj.ReferenceEquals(definition, Conv1d.definition)
            || obj.ReferenceEquals(definition, Conv2d.definition)
            || obj.ReferenceEquals(definition, Conv3d.definition)

        isConvolution && a.TryGet Conv2d.paddingText = Some "same" && a.Get Conv2d.paddingMode <> "zeros"

    /// The layer of this kind with these arguments; None where it is of a kind that has no such weight.
    let tryFind (definition: Definition) (a: Arguments) : Weighted option =
        known
        |> List.tryFind (fun (kind, _) -> obj.ReferenceEquals(kind, definition))
        |> Option.map (fun (_, make) -> make a)
