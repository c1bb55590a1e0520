namespace Deeplay.Torch

open System
open Deeplay.Core
open Deeplay.Library
open TorchSharp

/// How copies of images are moved, turned and mirrored: what is at a place of a copy was at `Matrix · place + Offset` in the image.
/// Places are rows and columns in pixels, counted from the middle.
[<NoEquality; NoComparison>]
type internal Motion =
    {
        /// (N, 2, 2)
        Matrix: Tensor
        /// (N, 2)
        Offset: Tensor
    }

[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module internal Motion =
    /// Motions of so many copies, for images as these: random ones, as the arguments of a LodeSTAR say.
    let draw (a: Arguments) (images: Tensor) : Motion =
        let count = int images.shape[0]
        // Drawn on the CPU: the same on all devices.
        let drawn = torch.rand([| int64 count; 5L |], dtype = torch.float64).data<float>().ToArray()

        let each (of': (int -> float) -> float list) =
            [| for i in 0 .. count - 1 -> of' (fun k -> drawn[5 * i + k]) |] |> Array.collect Array.ofList

        let within most share = most * (2.0 * share - 1.0)
        let side share = if a.Get LodeSTAR.flips && share < 0.5 then -1.0 else 1.0

        let matrix (share: int -> float) =
            let angle = within (a.Get LodeSTAR.rotation) (share 0)
            let rows, columns = side (share 1), side (share 2)
            [ cos angle * rows; -(sin angle) * columns; sin angle * rows; cos angle * columns ]

        let offset (share: int -> float) =
            [ within (a.Get LodeSTAR.translation) (share 3); within (a.Get LodeSTAR.translation) (share 4) ]

        let tensor (shape: int64 list) (numbers: float[]) =
            torch.tensor(numbers).reshape(Array.ofList shape).``to``(images.dtype).``to`` images.device

        {
            Matrix = each matrix |> tensor [ int64 count; 2L; 2L ]
            Offset = each offset |> tensor [ int64 count; 2L ]
        }

    /// The images (N, C, H, W) moved, read between pixels and mirrored at the edges.
    // Source: PyTorch, affine_grid: columns come first there, and all places are from -1 to 1, those of the outermost pixels.
    let apply (motion: Motion) (images: Tensor) : Tensor =
        let half (dim: int) = float (max 1L (images.shape[dim] - 1L)) / 2.0
        let halves = [| half 3; half 2 |]
        let count = images.shape[0]

        let scale =
            torch
                .tensor(
                    [|
                        for i in 0..1 do
                            for j in 0..1 -> halves[j] / halves[i]
                    |]
                )
                .reshape(2L, 2L)
                .``to``(images.dtype)
                .``to``
                images.device

        let shift = torch.tensor(Array.map (fun half -> 1.0 / half) halves).``to``(images.dtype).``to`` images.device
        let matrix = motion.Matrix.flip([| 1L; 2L |]).mul scale
        let offset = motion.Offset.flip([| 1L |]).mul(shift).reshape(count, 2L, 1L)
        let theta = torch.cat ([| matrix; offset |], 2L)
        let grid = torch.nn.functional.affine_grid (theta, images.shape, true)

        torch.nn.functional.grid_sample (
            images,
            grid,
            torch.GridSampleMode.Bilinear,
            torch.GridSamplePaddingMode.Reflection,
            Nullable true
        )

    /// Where rows and columns of copies, the first two of (N, K), were in the images; what else there is stays.
    let back (motion: Motion) (positions: Tensor) : Tensor =
        let places = positions.narrow (1L, 0L, 2L)
        let moved = Numbers.add (motion.Matrix.bmm(places.unsqueeze 2L).squeeze 2L) motion.Offset
        torch.cat ([| moved; positions.narrow (1L, 2L, positions.shape[1] - 2L) |], 1L)
