/// A ResNet-18, a U-Net and a vision transformer as one writes them by hand in TorchSharp, each tensor disposed as soon as
/// nothing needs it.
module Deeplay.Bench.HandWritten

open TorchSharp

type Net = torch.nn.Module<torch.Tensor, torch.Tensor>

let private convolution (input: int64) (output: int64) (kernel: int64) (stride: int64) (padding: int64) =
    torch.nn.Conv2d(input, output, kernel, stride = stride, padding = padding, bias = false)

/// Two convolutions and a way past them. Source: He et al., 2016.
type private BasicBlock(input: int64, output: int64, stride: int64) as this =
    inherit Net("BasicBlock")
    let isSame = stride = 1L && input = output

    let downsample: Net =
        if isSame then
            torch.nn.Identity()
        else
            torch.nn.Sequential(convolution input output 1L stride 0L, torch.nn.BatchNorm2d output)

    let conv1 = convolution input output 3L stride 1L
    let bn1 = torch.nn.BatchNorm2d output
    let relu1 = torch.nn.ReLU()
    let conv2 = convolution output output 3L 1L 1L
    let bn2 = torch.nn.BatchNorm2d output
    let relu2 = torch.nn.ReLU()
    do this.RegisterComponents()

    override _.forward x =
        use past = if isSame then x.alias () else downsample.call x
        use a = conv1.call x
        use b = bn1.call a
        use c = relu1.call b
        use d = conv2.call c
        use e = bn2.call d
        use sum = e.add past
        relu2.call sum

/// Source: He et al., 2016; torchvision, resnet18.
type ResNet18(classes: int64) as this =
    inherit Net("ResNet18")
    let conv1 = convolution 3L 64L 7L 2L 3L
    let bn1 = torch.nn.BatchNorm2d 64L
    let relu = torch.nn.ReLU true
    let pool = torch.nn.MaxPool2d(3L, 2L, 1L)

    let blocks =
        let block input output stride : Net = new BasicBlock(input, output, stride)

        torch.nn.Sequential(
            block 64L 64L 1L,
            block 64L 64L 1L,
            block 64L 128L 2L,
            block 128L 128L 1L,
            block 128L 256L 2L,
            block 256L 256L 1L,
            block 256L 512L 2L,
            block 512L 512L 1L
        )

    let mean = torch.nn.AdaptiveAvgPool2d 1L
    let fc = torch.nn.Linear(512L, classes)
    do this.RegisterComponents()

    override _.forward x =
        use a = conv1.call x
        use b = bn1.call a
        use c = relu.call b
        use d = pool.call c
        use e = blocks.call d
        use f = mean.call e
        use g = f.flatten 1L
        fc.call g

/// A convolution and a ReLU, between a pool and a transposed convolution where they are wanted.
type private ConvolutionBlock(input: int64, output: int64, pools: bool, upsamples: bool) as this =
    inherit Net("ConvolutionBlock")
    let pool = torch.nn.MaxPool2d 2L
    let layer = torch.nn.Conv2d(input, output, 3L, padding = 1L)
    let activation = torch.nn.ReLU()

    let upsample: Net =
        if upsamples then torch.nn.ConvTranspose2d(output, output, 2L, stride = 2L) else torch.nn.Identity()

    do this.RegisterComponents()

    override _.forward x =
        use a = if pools then pool.call x else x.alias ()
        use b = layer.call a

        if upsamples then
            use c = activation.call b
            upsample.call c
        else
            activation.call b

/// Source: Ronneberger et al., 2015; the blocks are those of Deeplay's UNet2d.
type UNet(widths: int64 list, outputs: int64) as this =
    inherit Net("UNet")

    let down: Net list =
        [
            for i, (input, output) in List.indexed (List.pairwise (1L :: widths)) ->
                new ConvolutionBlock(input, output, (i > 0), false)
        ]

    let deepest = List.last widths
    let bottleneck: Net = new ConvolutionBlock(deepest, deepest, true, true)

    let up: Net list =
        [
            for given, wanted in List.pairwise (List.rev widths) ->
                new ConvolutionBlock(2L * given, wanted, false, true)
        ]

    let last = torch.nn.Conv2d(2L * widths.Head, outputs, 3L, padding = 1L)

    do
        List.iteri (fun i block -> this.register_module ($"down{i}", block)) down
        this.register_module ("bottleneck", bottleneck)
        List.iteri (fun i block -> this.register_module ($"up{i}", block)) up
        this.register_module ("last", last)

    override _.forward x =
        let kept = ResizeArray<torch.Tensor>()
        let mutable current = x

        for block in down do
            current <- block.call current
            kept.Add current

        current <- bottleneck.call current

        let joined () =
            let past = kept[kept.Count - 1]
            kept.RemoveAt(kept.Count - 1)
            use below = current
            let both = torch.cat ([| past; below |], 1L)
            past.Dispose()
            both

        for block in up do
            use both = joined ()
            current <- block.call both

        use both = joined ()
        last.call both

/// Attention of each patch to all of them.
type private Attention(width: int64, heads: int64) as this =
    inherit Net("Attention")
    let in_proj = torch.nn.Linear(width, 3L * width)
    let out_proj = torch.nn.Linear(width, width)
    do this.RegisterComponents()

    override _.forward x =
        let batch, length = x.size 0, x.size 1
        use all = in_proj.call x
        use split = all.view (batch, length, 3L, heads, width / heads)
        use turned = split.permute (2L, 0L, 3L, 1L, 4L)
        use q = turned.select (0L, 0L)
        use k = turned.select (0L, 1L)
        use v = turned.select (0L, 2L)
        use attended = torch.nn.functional.scaled_dot_product_attention (q, k, v)
        use back = attended.transpose (1L, 2L)
        use joined = back.reshape (batch, length, width)
        out_proj.call joined

type private EncoderBlock(width: int64, heads: int64, inside: int64) as this =
    inherit Net("EncoderBlock")
    let ln_1 = torch.nn.LayerNorm([| width |], 1e-6)
    let attention = new Attention(width, heads)
    let ln_2 = torch.nn.LayerNorm([| width |], 1e-6)
    let first = torch.nn.Linear(width, inside)
    let gelu = torch.nn.GELU()
    let second = torch.nn.Linear(inside, width)

    do this.RegisterComponents()

    override _.forward x =
        use a = ln_1.call x
        use b = attention.call a
        use c = x.add b
        use d = ln_2.call c
        use e = first.call d
        use f = gelu.call e
        use g = second.call f
        c.add g

/// Source: Dosovitskiy et al., 2020; torchvision, VisionTransformer.
type VisionTransformer
    (image: int64, patch: int64, layers: int, heads: int64, width: int64, inside: int64, classes: int64) as this =
    inherit Net("VisionTransformer")
    let count = (image / patch) * (image / patch)
    let cls_token = new Modules.Parameter(torch.zeros (1L, 1L, width))
    let conv_proj = torch.nn.Conv2d(3L, width, patch, stride = patch)
    let positions = new Modules.Parameter(torch.randn (1L, count + 1L, width))

    let blocks =
        let block _ : Net = new EncoderBlock(width, heads, inside)
        torch.nn.Sequential(Array.init layers block)

    let ln = torch.nn.LayerNorm([| width |], 1e-6)
    let head = torch.nn.Linear(width, classes)
    do this.RegisterComponents()

    override _.forward x =
        use a = conv_proj.call x
        use b = a.flatten 2L
        use c = b.transpose (1L, 2L)
        use token = cls_token.expand (x.size 0, -1L, -1L)
        use d = torch.cat ([| token; c |], 1L)
        use e = d.add positions
        use f = blocks.call e
        use g = ln.call f
        use h = g.select (1L, 0L)
        head.call h
