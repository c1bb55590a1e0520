namespace Deeplay;

/// <content>Pools.</content>
public static partial class Layers
{
    /// <summary>The largest of each window, over one dimension.</summary>
    /// <param name="kernelSize">The size of the window.</param>
    /// <param name="stride">How far the window moves; as far as it is large where null.</param>
    /// <param name="padding">How much is added at each side; at most half of the window. 0 where not
    /// given.</param>
    /// <param name="dilation">The distance between the elements of the window. 1 where not given.</param>
    /// <param name="returnIndices">Whether the places of the maxima are a second output.</param>
    /// <param name="ceilMode">Whether a window that goes beyond the end counts.</param>
    public static ModuleSpec MaxPool1d(
        Sizes kernelSize,
        Sizes? stride = null,
        Sizes? padding = null,
        Sizes? dilation = null,
        bool returnIndices = false,
        bool ceilMode = false
    ) =>
        Factory.Make(
            FSharp.MaxPool1d.definition,
            ("kernel_size", kernelSize),
            ("stride", stride),
            ("padding", padding),
            ("dilation", dilation),
            ("return_indices", returnIndices),
            ("ceil_mode", ceilMode)
        );

    /// <summary>The largest of each window, over two dimensions.</summary>
    /// <param name="kernelSize">The size of the window.</param>
    /// <param name="stride">How far the window moves; as far as it is large where null.</param>
    /// <param name="padding">How much is added at each side; at most half of the window. 0 where not
    /// given.</param>
    /// <param name="dilation">The distance between the elements of the window. 1 where not given.</param>
    /// <param name="returnIndices">Whether the places of the maxima are a second output.</param>
    /// <param name="ceilMode">Whether a window that goes beyond the end counts.</param>
    public static ModuleSpec MaxPool2d(
        Sizes kernelSize,
        Sizes? stride = null,
        Sizes? padding = null,
        Sizes? dilation = null,
        bool returnIndices = false,
        bool ceilMode = false
    ) =>
        Factory.Make(
            FSharp.MaxPool2d.definition,
            ("kernel_size", kernelSize),
            ("stride", stride),
            ("padding", padding),
            ("dilation", dilation),
            ("return_indices", returnIndices),
            ("ceil_mode", ceilMode)
        );

    /// <summary>The largest of each window, over three dimensions.</summary>
    /// <param name="kernelSize">The size of the window.</param>
    /// <param name="stride">How far the window moves; as far as it is large where null.</param>
    /// <param name="padding">How much is added at each side; at most half of the window. 0 where not
    /// given.</param>
    /// <param name="dilation">The distance between the elements of the window. 1 where not given.</param>
    /// <param name="returnIndices">Whether the places of the maxima are a second output.</param>
    /// <param name="ceilMode">Whether a window that goes beyond the end counts.</param>
    public static ModuleSpec MaxPool3d(
        Sizes kernelSize,
        Sizes? stride = null,
        Sizes? padding = null,
        Sizes? dilation = null,
        bool returnIndices = false,
        bool ceilMode = false
    ) =>
        Factory.Make(
            FSharp.MaxPool3d.definition,
            ("kernel_size", kernelSize),
            ("stride", stride),
            ("padding", padding),
            ("dilation", dilation),
            ("return_indices", returnIndices),
            ("ceil_mode", ceilMode)
        );

    /// <summary>The mean of each window, over one dimension.</summary>
    /// <param name="kernelSize">The size of the window.</param>
    /// <param name="stride">How far the window moves; as far as it is large where null.</param>
    /// <param name="padding">How much is added at each side; at most half of the window. 0 where not
    /// given.</param>
    /// <param name="ceilMode">Whether a window that goes beyond the end counts.</param>
    /// <param name="countIncludePad">Whether what was added at the sides counts for the mean.</param>
    public static ModuleSpec AvgPool1d(
        Sizes kernelSize,
        Sizes? stride = null,
        Sizes? padding = null,
        bool ceilMode = false,
        bool countIncludePad = true
    ) =>
        Factory.Make(
            FSharp.AvgPool1d.definition,
            ("kernel_size", kernelSize),
            ("stride", stride),
            ("padding", padding),
            ("ceil_mode", ceilMode),
            ("count_include_pad", countIncludePad)
        );

    /// <summary>The mean of each window, over two dimensions.</summary>
    /// <param name="kernelSize">The size of the window.</param>
    /// <param name="stride">How far the window moves; as far as it is large where null.</param>
    /// <param name="padding">How much is added at each side; at most half of the window. 0 where not
    /// given.</param>
    /// <param name="ceilMode">Whether a window that goes beyond the end counts.</param>
    /// <param name="countIncludePad">Whether what was added at the sides counts for the mean.</param>
    /// <param name="divisorOverride">What the sum is divided by; the size of the window where null.</param>
    public static ModuleSpec AvgPool2d(
        Sizes kernelSize,
        Sizes? stride = null,
        Sizes? padding = null,
        bool ceilMode = false,
        bool countIncludePad = true,
        long? divisorOverride = null
    ) =>
        Factory.Make(
            FSharp.AvgPool2d.definition,
            ("kernel_size", kernelSize),
            ("stride", stride),
            ("padding", padding),
            ("ceil_mode", ceilMode),
            ("count_include_pad", countIncludePad),
            ("divisor_override", divisorOverride)
        );

    /// <summary>The mean of each window, over three dimensions.</summary>
    /// <param name="kernelSize">The size of the window.</param>
    /// <param name="stride">How far the window moves; as far as it is large where null.</param>
    /// <param name="padding">How much is added at each side; at most half of the window. 0 where not
    /// given.</param>
    /// <param name="ceilMode">Whether a window that goes beyond the end counts.</param>
    /// <param name="countIncludePad">Whether what was added at the sides counts for the mean.</param>
    /// <param name="divisorOverride">What the sum is divided by; the size of the window where null.</param>
    public static ModuleSpec AvgPool3d(
        Sizes kernelSize,
        Sizes? stride = null,
        Sizes? padding = null,
        bool ceilMode = false,
        bool countIncludePad = true,
        long? divisorOverride = null
    ) =>
        Factory.Make(
            FSharp.AvgPool3d.definition,
            ("kernel_size", kernelSize),
            ("stride", stride),
            ("padding", padding),
            ("ceil_mode", ceilMode),
            ("count_include_pad", countIncludePad),
            ("divisor_override", divisorOverride)
        );

    /// <summary>The mean of as many windows as are wanted, over one dimension.</summary>
    /// <param name="outputSize">The sizes of the output; the input's own where one is null.</param>
    public static ModuleSpec AdaptiveAvgPool1d(Sizes outputSize) =>
        Factory.Make(FSharp.AdaptiveAvgPool1d.definition, ("output_size", outputSize));

    /// <summary>The mean of as many windows as are wanted, over two dimensions.</summary>
    /// <param name="outputSize">The sizes of the output; the input's own where one is null.</param>
    public static ModuleSpec AdaptiveAvgPool2d(Sizes outputSize) =>
        Factory.Make(FSharp.AdaptiveAvgPool2d.definition, ("output_size", outputSize));

    /// <summary>The mean of as many windows as are wanted, over three dimensions.</summary>
    /// <param name="outputSize">The sizes of the output; the input's own where one is null.</param>
    public static ModuleSpec AdaptiveAvgPool3d(Sizes outputSize) =>
        Factory.Make(FSharp.AdaptiveAvgPool3d.definition, ("output_size", outputSize));

    /// <summary>The largest of as many windows as are wanted, over one dimension.</summary>
    /// <param name="outputSize">The sizes of the output; the input's own where one is null.</param>
    /// <param name="returnIndices">Whether the places of the maxima are a second output.</param>
    public static ModuleSpec AdaptiveMaxPool1d(Sizes outputSize, bool returnIndices = false) =>
        Factory.Make(
            FSharp.AdaptiveMaxPool1d.definition,
            ("output_size", outputSize),
            ("return_indices", returnIndices)
        );

    /// <summary>The largest of as many windows as are wanted, over two dimensions.</summary>
    /// <param name="outputSize">The sizes of the output; the input's own where one is null.</param>
    /// <param name="returnIndices">Whether the places of the maxima are a second output.</param>
    public static ModuleSpec AdaptiveMaxPool2d(Sizes outputSize, bool returnIndices = false) =>
        Factory.Make(
            FSharp.AdaptiveMaxPool2d.definition,
            ("output_size", outputSize),
            ("return_indices", returnIndices)
        );

    /// <summary>The largest of as many windows as are wanted, over three dimensions.</summary>
    /// <param name="outputSize">The sizes of the output; the input's own where one is null.</param>
    /// <param name="returnIndices">Whether the places of the maxima are a second output.</param>
    public static ModuleSpec AdaptiveMaxPool3d(Sizes outputSize, bool returnIndices = false) =>
        Factory.Make(
            FSharp.AdaptiveMaxPool3d.definition,
            ("output_size", outputSize),
            ("return_indices", returnIndices)
        );
}
