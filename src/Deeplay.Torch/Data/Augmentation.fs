namespace Deeplay.Torch

open System
open Deeplay.Core
open TorchSharp

/// How pixels are found that fall between others.
type Interpolation =
    /// The nearest one.
    | Nearest
    /// Of the four around it, by their distances.
    | Bilinear

/// One change of images, drawn anew for each example. Names and defaults are torchvision's.
type Augmentation =
    /// Left and right exchanged, with probability `p`.
    | RandomHorizontalFlip of p: float
    /// Top and bottom exchanged, with probability `p`.
    | RandomVerticalFlip of p: float
    /// A part of this size, in pixels, from anywhere in the image after `padding` zeros were put on each side.
    | RandomCrop of height: int * width: int * padding: int
    /// Turned about the center by an angle from −`degrees` to `degrees`, counter-clockwise where positive; zeros where there was
    /// no image.
    | RandomRotation of degrees: float * interpolation: Interpolation
    /// Normal noise added to each value, cut to 0 to 1 where `clip`.
    | GaussianNoise of mean: float * sigma: float * clip: bool

/// Changing images at random while training, so that a model learns what does not matter.
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Augmentation =
    /// Half of the images.
    let horizontalFlip = RandomHorizontalFlip 0.5

    /// Half of the images.
    let verticalFlip = RandomVerticalFlip 0.5

    /// Parts of this size, in pixels, without padding.
    let crop height width = RandomCrop(height, width, 0)

    /// By up to so many degrees either way; the nearest pixel.
    let rotation degrees = RandomRotation(degrees, Nearest)

    /// Of mean 0 and standard deviation 0.1, cut to 0 to 1.
    let noise = GaussianNoise(0.0, 0.1, true)

    let private fail (what: string) expected (found: obj) : 'a =
        Fail.with' (Malformed(what, expected, Convert.ToString(found, Globalization.CultureInfo.InvariantCulture)))

    let private checkOne (augmentation: Augmentation) =
        let finite what (number: float) = if not (Double.IsFinite number) then fail what "a finite number" number

        match augmentation with
        | RandomHorizontalFlip p
        | RandomVerticalFlip p -> if not (p >= 0.0 && p <= 1.0) then fail "flip" "a probability from 0 to 1" p
        | RandomCrop(height, width, padding) ->
            if height < 1 || width < 1 then fail "crop" "a positive size" $"{string height} × {string width}"
            if padding < 0 then fail "crop" "a padding of at least 0" padding
        | RandomRotation(degrees, _) ->
            if not (degrees >= 0.0 && Double.IsFinite degrees) then
                fail "rotation" "degrees of at least 0" degrees
        | GaussianNoise(mean, sigma, _) ->
            finite "noise" mean
            if not (sigma >= 0.0 && Double.IsFinite sigma) then fail "noise" "a sigma of at least 0" sigma

    /// Stops at what can't be done to any image, such as a probability above 1.
    let check (augmentations: Augmentation list) : unit = List.iter checkOne augmentations

    // In each of these: the result belongs to the scope of `apply`, and all that is random comes from the generator, which is
    // one of the CPU.

    let private flip (dim: int64) (p: float) (generator: torch.Generator) (images: torch.Tensor) : torch.Tensor =
        let drawn = torch.rand (images.shape[0], generator = generator)
        use p = Numbers.real p
        let chosen = (drawn.lt p).reshape(-1L, 1L, 1L, 1L)
        torch.where (chosen.``to`` images.device, images.flip dim, images)

    let private cropTo height width padding (generator: torch.Generator) (images: torch.Tensor) : torch.Tensor =
        let padding = int64 padding

        let padded =
            if padding = 0L then
                images
            else
                torch.nn.functional.pad (images, Array.replicate 4 padding, PaddingModes.Constant, 0.0)

        let n, channels, rows, columns = padded.shape[0], padded.shape[1], padded.shape[2], padded.shape[3]

        if rows < height || columns < width then
            let expected = $"images of at least {string height} × {string width} with their padding"
            fail "crop" expected $"{string rows} × {string columns}"

        // The places along one dimension, (N, size): from where each image's part starts.
        let places (from: int64) (size: int64) =
            let start = torch.randint (0L, from - size + 1L, [| n |], generator = generator)
            let steps = torch.tensor [| 0L .. size - 1L |]
            (Numbers.add (start.unsqueeze 1L) steps).``to`` images.device

        let top, left = places rows height, places columns width
        let ofRows = top.reshape(n, 1L, height, 1L).expand(n, channels, height, columns)
        let ofColumns = left.reshape(n, 1L, 1L, width).expand(n, channels, height, width)
        padded.gather(2L, ofRows).gather(3L, ofColumns)

    // Where each pixel of the result comes from, in coordinates from −1 to 1 on both axes, y downwards. A point of an image
    // turned counter-clockwise by a comes from where a turn clockwise leads.
    let private turn (height: int64) (width: int64) (degrees: float) =
        let a = degrees * Math.PI / 180.0
        let ratio = float height / float width
        [| cos a; -(sin a) * ratio; 0.0; sin a / ratio; cos a; 0.0 |]

    /// Each image turned by its angle, counter-clockwise where positive.
    let internal turned interpolation (degrees: float[]) (images: torch.Tensor) : torch.Tensor =
        let n, height, width = images.shape[0], images.shape[2], images.shape[3]
        let turns = torch.tensor(degrees |> Array.collect (turn height width)).reshape(n, 2L, 3L)
        let theta = turns.``to``(images.dtype).``to`` images.device
        let grid = torch.nn.functional.affine_grid (theta, images.shape, false)

        let mode =
            match interpolation with
            | Nearest -> torch.GridSampleMode.Nearest
            | Bilinear -> torch.GridSampleMode.Bilinear

        torch.nn.functional.grid_sample (images, grid, mode, torch.GridSamplePaddingMode.Zeros, false)

    let private rotate degrees interpolation (generator: torch.Generator) (images: torch.Tensor) : torch.Tensor =
        let drawn = torch.rand (images.shape[0], generator = generator, dtype = torch.ScalarType.Float64)
        let angles = drawn.data<float>().ToArray() |> Array.map (fun from0to1 -> (2.0 * from0to1 - 1.0) * degrees)
        turned interpolation angles images

    let private addNoise (mean: float) (sigma: float) clip (generator: torch.Generator) (images: torch.Tensor) =
        use mean = Numbers.real mean
        use sigma = Numbers.real sigma
        let drawn = torch.randn (images.shape, generator = generator)
        let noise = (drawn.mul sigma |> Numbers.plus mean).``to``(images.dtype).``to`` images.device
        let noisy = Numbers.add images noise
        use low = Numbers.real 0.0
        use high = Numbers.real 1.0
        if clip then noisy.clamp (low, high) else noisy

    let private one (generator: torch.Generator) (images: torch.Tensor) (augmentation: Augmentation) : torch.Tensor =
        match augmentation with
        | RandomHorizontalFlip p -> flip 3L p generator images
        | RandomVerticalFlip p -> flip 2L p generator images
        | RandomCrop(height, width, padding) -> cropTo (int64 height) (int64 width) padding generator images
        | RandomRotation(degrees, interpolation) -> rotate degrees interpolation generator images
        | GaussianNoise(mean, sigma, clip) -> addNoise mean sigma clip generator images

    /// Images (N, C, H, W) of floats, changed by each augmentation in turn, every image by draws of its own. All of them are drawn
    /// from this generator of the CPU, whatever the device of the images: the same state of it gives the same images.
    /// The result is a new tensor, (N, C, height, width) after a crop, and the images stay as they are.
    let apply (augmentations: Augmentation list) (generator: torch.Generator) (images: torch.Tensor) : torch.Tensor =
        check augmentations

        if images.dim () <> 4L || not (images.is_floating_point ()) then
            fail "augment" "images (N, C, H, W) of floats" $"{string images.dtype} {Shape.known images.shape}"

        use scope = torch.NewDisposeScope()
        use _noGrad = torch.no_grad ()
        let changed = augmentations |> List.fold (one generator) (images.alias ())
        // Several changes give views of what they were given.
        scope.MoveToOuter(if augmentations.IsEmpty then changed.clone () else changed.contiguous ())

    /// The dataset with its images changed by each augmentation in turn, whenever a batch is read, on other threads: otherwise in
    /// each epoch, and the same again whenever a run is repeated or goes on. Inputs are images (N, C, H, W) of floats. Give it the
    /// training part alone.
    let augment (augmentations: Augmentation list) (data: Dataset) : Dataset =
        check augmentations
        if augmentations.IsEmpty then fail "augment" "at least one augmentation" "none"
        data.Transform(apply augmentations)

    /// The same for one of several inputs, by its name.
    let augmentInput (input: string) (augmentations: Augmentation list) (data: Dataset) : Dataset =
        check augmentations
        if augmentations.IsEmpty then fail "augment" "at least one augmentation" "none"
        data.Transform(input, apply augmentations)
