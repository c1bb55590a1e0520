namespace Deeplay.Tests;

/// <summary>Sizes have 64 bits everywhere; what does not fit into these is an error of the module.</summary>
public class SizeTests
{
    [Fact]
    public void A_size_beyond_32_bits_is_given_as_it_is()
    {
        Assert.Equal([1, 4_295_032_832], Layers.Flatten().InferShape(1, 65_536, 65_537));
        Assert.Equal([1, 4_294_967_296], Layers.Flatten().InferShape(1, 65_536, 65_536));
        Assert.Equal([1, 1L << 31], Layers.Cat(1).InferShapes([1, 1 << 30], [1, 1 << 30])[0]);
        Assert.Equal([1, 1, 4, 1L << 32], Layers.Upsample(scaleFactor: 4).InferShape(1, 1, 1, 1 << 30));
        Assert.Equal([1, 1, 4 + (1L << 31)], Layers.Conv1d(1, 1, 1, padding: 1 << 30).InferShape(1, 1, 4));
        Assert.Equal([1L << 40, 3], Layers.Identity().InferShape(1L << 40, 3));
    }

    [Fact]
    public void A_number_of_parameters_beyond_32_bits_is_counted()
    {
        const long width = int.MaxValue;
        var wide = Layers.Sequential(Layers.Linear(int.MaxValue, int.MaxValue));

        Assert.Equal((width * width) + width, wide.Summarize(1, width).Parameters);
        Assert.EndsWith(
            "4,611,686,016,279,904,256 parameters",
            wide.Summarize(1, width).ToString(),
            StringComparison.Ordinal
        );
    }

    private static void IsTooLarge(string tag, Func<object?> work)
    {
        var failure = Sample.Failure(work);
        Assert.Equal((ErrorKind.WrongShape, tag), (failure.Kind, failure.Errors[0].Tag));
        Assert.Contains("2^63", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_product_or_sum_beyond_64_bits_is_an_error_of_the_module()
    {
        const long half = 1L << 62;
        var larger = Layers.Sequential(Layers.Identity(), Layers.Upsample(scaleFactor: 4));

        IsTooLarge("1", () => larger.InferShape(1, 1, half));
        IsTooLarge("", () => Layers.Flatten().InferShape(1, 1L << 40, 1L << 40));
        IsTooLarge("", () => Layers.Cat(0).InferShapes([half], [half]));
        IsTooLarge("", () => Layers.Conv1d(1, 1, 1, padding: 9).InferShape(1, 1, long.MaxValue - 4));
        IsTooLarge("", () => Layers.ConvTranspose1d(1, 1, 1, stride: 9).InferShape(1, 1, half));
        IsTooLarge("", () => Layers.MaxPool1d(4, padding: 2).InferShape(1, 1, long.MaxValue - 2));
        // Each size can be said, but no tensor has so many elements.
        IsTooLarge("", () => Layers.Identity().InferShape(1L << 40, 1L << 40));
    }

    [Fact]
    public void More_parameters_than_64_bits_can_count_are_an_error_of_the_module()
    {
        var huge = Layers.Sequential(Layers.Conv1d(int.MaxValue, int.MaxValue, int.MaxValue));
        var failure = Sample.Failure(() => huge.Summarize(1, int.MaxValue, int.MaxValue));

        Assert.Equal("0", failure.Errors[0].Tag);
    }

    [Fact]
    public void A_size_below_0_is_an_error() =>
        Assert.Equal(ErrorKind.WrongShape, Sample.Failure(() => Layers.Linear(3, 4).InferShape(-1, 3)).Kind);
}
