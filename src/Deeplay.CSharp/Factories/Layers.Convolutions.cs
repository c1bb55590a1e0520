namespace Deeplay;

/// <content>Convolutions.</content>
public static partial class Layers
{
    /// <summary>A convolution over one dimension.</summary>
    /// <param name="inChannels">The channels of the input; inferred where not set.</param>
    /// <param name="outChannels">The channels of the output.</param>
    /// <param name="kernelSize">The size of the kernel.</param>
    /// <param name="stride">How far the kernel moves. 1 where not given.</param>
    /// <param name="padding">How much is added at each side, or 'same' or 'valid'. 0 where not
    /// given.</param>
    /// <param name="dilation">The distance between the elements of the kernel. 1 where not given.</param>
    /// <param name="groups">The number of groups that channels are only connected within.</param>
    /// <param name="bias">Whether a learned bias is added.</param>
    /// <param name="paddingMode">What is added at the sides.</param>
    public static ModuleSpec Conv1d(
        long? inChannels,
        long outChannels,
        Sizes kernelSize,
        Sizes? stride = null,
        ConvPadding? padding = null,
        Sizes? dilation = null,
        long groups = 1,
        bool bias = true,
        string paddingMode = "zeros"
    ) =>
        Factory.Make(
            FSharp.Conv1d.definition,
            ("in_channels", inChannels),
            ("out_channels", outChannels),
            ("kernel_size", kernelSize),
            ("stride", stride),
            ("padding", padding),
            ("dilation", dilation),
            ("groups", groups),
            ("bias", bias),
            ("padding_mode", paddingMode)
        );

    /// <summary>A convolution over two dimensions.</summary>
    /// <param name="inChannels">The channels of the input; inferred where not set.</param>
    /// <param name="outChannels">The channels of the output.</param>
    /// <param name="kernelSize">The size of the kernel.</param>
    /// <param name="stride">How far the kernel moves. 1 where not given.</param>
    /// <param name="padding">How much is added at each side, or 'same' or 'valid'. 0 where not
    /// given.</param>
    /// <param name="dilation">The distance between the elements of the kernel. 1 where not given.</param>
    /// <param name="groups">The number of groups that channels are only connected within.</param>
    /// <param name="bias">Whether a learned bias is added.</param>
    /// <param name="paddingMode">What is added at the sides.</param>
    public static ModuleSpec Conv2d(
        long? inChannels,
        long outChannels,
        Sizes kernelSize,
        Sizes? stride = null,
        ConvPadding? padding = null,
        Sizes? dilation = null,
        long groups = 1,
        bool bias = true,
        string paddingMode = "zeros"
    ) =>
        Factory.Make(
            FSharp.Conv2d.definition,
            ("in_channels", inChannels),
            ("out_channels", outChannels),
            ("kernel_size", kernelSize),
            ("stride", stride),
            ("padding", padding),
            ("dilation", dilation),
            ("groups", groups),
            ("bias", bias),
            ("padding_mode", paddingMode)
        );

    /// <summary>A convolution over three dimensions.</summary>
    /// <param name="inChannels">The channels of the input; inferred where not set.</param>
    /// <param name="outChannels">The channels of the output.</param>
    /// <param name="kernelSize">The size of the kernel.</param>
    /// <param name="stride">How far the kernel moves. 1 where not given.</param>
    /// <param name="padding">How much is added at each side, or 'same' or 'valid'. 0 where not
    /// given.</param>
    /// <param name="dilation">The distance between the elements of the kernel. 1 where not given.</param>
    /// <param name="groups">The number of groups that channels are only connected within.</param>
    /// <param name="bias">Whether a learned bias is added.</param>
    /// <param name="paddingMode">What is added at the sides.</param>
    public static ModuleSpec Conv3d(
        long? inChannels,
        long outChannels,
        Sizes kernelSize,
        Sizes? stride = null,
        ConvPadding? padding = null,
        Sizes? dilation = null,
        long groups = 1,
        bool bias = true,
        string paddingMode = "zeros"
    ) =>
        Factory.Make(
            FSharp.Conv3d.definition,
            ("in_channels", inChannels),
            ("out_channels", outChannels),
            ("kernel_size", kernelSize),
            ("stride", stride),
            ("padding", padding),
            ("dilation", dilation),
            ("groups", groups),
            ("bias", bias),
            ("padding_mode", paddingMode)
        );

    /// <summary>A transposed convolution over one dimension.</summary>
    /// <param name="inChannels">The channels of the input; inferred where not set.</param>
    /// <param name="outChannels">The channels of the output.</param>
    /// <param name="kernelSize">The size of the kernel.</param>
    /// <param name="stride">How far the kernel moves. 1 where not given.</param>
    /// <param name="padding">How much is added at each side. 0 where not given.</param>
    /// <param name="outputPadding">How much is added at one side of the output. 0 where not given.</param>
    /// <param name="groups">The number of groups that channels are only connected within.</param>
    /// <param name="bias">Whether a learned bias is added.</param>
    /// <param name="dilation">The distance between the elements of the kernel. 1 where not given.</param>
    /// <param name="paddingMode">What is added at the sides.</param>
    public static ModuleSpec ConvTranspose1d(
        long? inChannels,
        long outChannels,
        Sizes kernelSize,
        Sizes? stride = null,
        Sizes? padding = null,
        Sizes? outputPadding = null,
        long groups = 1,
        bool bias = true,
        Sizes? dilation = null,
        string paddingMode = "zeros"
    ) =>
        Factory.Make(
            FSharp.ConvTranspose1d.definition,
            ("in_channels", inChannels),
            ("out_channels", outChannels),
            ("kernel_size", kernelSize),
            ("stride", stride),
            ("padding", padding),
            ("output_padding", outputPadding),
            ("groups", groups),
            ("bias", bias),
            ("dilation", dilation),
            ("padding_mode", paddingMode)
        );

    /// <summary>A transposed convolution over two dimensions.</summary>
    /// <param name="inChannels">The channels of the input; inferred where not set.</param>
    /// <param name="outChannels">The channels of the output.</param>
    /// <param name="kernelSize">The size of the kernel.</param>
    /// <param name="stride">How far the kernel moves. 1 where not given.</param>
    /// <param name="padding">How much is added at each side. 0 where not given.</param>
    /// <param name="outputPadding">How much is added at one side of the output. 0 where not given.</param>
    /// <param name="groups">The number of groups that channels are only connected within.</param>
    /// <param name="bias">Whether a learned bias is added.</param>
    /// <param name="dilation">The distance between the elements of the kernel. 1 where not given.</param>
    /// <param name="paddingMode">What is added at the sides.</param>
    public static ModuleSpec ConvTranspose2d(
        long? inChannels,
        long outChannels,
        Sizes kernelSize,
        Sizes? stride = null,
        Sizes? padding = null,
        Sizes? outputPadding = null,
        long groups = 1,
        bool bias = true,
        Sizes? dilation = null,
        string paddingMode = "zeros"
    ) =>
        Factory.Make(
            FSharp.ConvTranspose2d.definition,
            ("in_channels", inChannels),
            ("out_channels", outChannels),
            ("kernel_size", kernelSize),
            ("stride", stride),
            ("padding", padding),
            ("output_padding", outputPadding),
            ("groups", groups),
            ("bias", bias),
            ("dilation", dilation),
            ("padding_mode", paddingMode)
        );

    /// <summary>A transposed convolution over three dimensions.</summary>
    /// <param name="inChannels">The channels of the input; inferred where not set.</param>
    /// <param name="outChannels">The channels of the output.</param>
    /// <param name="kernelSize">The size of the kernel.</param>
    /// <param name="stride">How far the kernel moves. 1 where not given.</param>
    /// <param name="padding">How much is added at each side. 0 where not given.</param>
    /// <param name="outputPadding">How much is added at one side of the output. 0 where not given.</param>
    /// <param name="groups">The number of groups that channels are only connected within.</param>
    /// <param name="bias">Whether a learned bias is added.</param>
    /// <param name="dilation">The distance between the elements of the kernel. 1 where not given.</param>
    /// <param name="paddingMode">What is added at the sides.</param>
    public static ModuleSpec ConvTranspose3d(
        long? inChannels,
        long outChannels,
        Sizes kernelSize,
        Sizes? stride = null,
        Sizes? padding = null,
        Sizes? outputPadding = null,
        long groups = 1,
        bool bias = true,
        Sizes? dilation = null,
        string paddingMode = "zeros"
    ) =>
        Factory.Make(
            FSharp.ConvTranspose3d.definition,
            ("in_channels", inChannels),
            ("out_channels", outChannels),
            ("kernel_size", kernelSize),
            ("stride", stride),
            ("padding", padding),
            ("output_padding", outputPadding),
            ("groups", groups),
            ("bias", bias),
            ("dilation", dilation),
            ("padding_mode", paddingMode)
        );
}
