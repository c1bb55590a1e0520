namespace Deeplay;

/// <summary>Datasets from .NET arrays, from files, and from those of TorchSharp.</summary>
public static class Datasets
{
    /// <summary>Inputs (N, …) and targets (N, …) from arrays such as <c>float[,]</c> and <c>int[]</c>: fractions and truth values as
    /// float32, whole numbers as int64.</summary>
    public static Dataset Of(Array inputs, Array targets)
    {
        inputs.Given();
        targets.Given();
        return new(Arrays.Tensor(inputs), Arrays.Tensor(targets));
    }

    /// <summary>Rows of inputs, all of one length, and a target for each.</summary>
    public static Dataset Of<TInput, TTarget>(TInput[][] inputs, TTarget[] targets)
        where TInput : struct
        where TTarget : struct
    {
        inputs.Given();
        targets.Given();
        return new(Arrays.Rows(inputs), Arrays.Tensor(targets));
    }

    /// <summary>Rows of inputs and rows of targets, each all of one length.</summary>
    public static Dataset Of<TInput, TTarget>(TInput[][] inputs, TTarget[][] targets)
        where TInput : struct
        where TTarget : struct
    {
        inputs.Given();
        targets.Given();
        return new(Arrays.Rows(inputs), Arrays.Rows(targets));
    }

    /// <summary>Handwritten digits (Alpaydin and Kaynak, UCI Machine Learning Repository): a text file, gzipped where its
    /// name ends in <c>.gz</c>, of 64 pixels from 0 to 16 and the digit in each line. Gives inputs (N, 64) from 0 to 1 and the
    /// digits as targets (N,).</summary>
    public static Dataset Digits(string path) => new(Torch.Datasets.digits(path.Given()));

    /// <summary>Images and their labels from two files of the format IDX, as MNIST, Fashion-MNIST and others come, gzipped where the
    /// names end in <c>.gz</c>. Gives inputs (N, 1, H, W) from 0 to 1 and the labels as targets (N,).</summary>
    public static Dataset Idx(string images, string labels) =>
        new(Torch.Datasets.idx(images.Given(), labels.Given()));

    /// <summary>Two tensors (N, …) of a safetensors file, by their names.</summary>
    public static Dataset Safetensors(string path, string inputs, string targets) =>
        new(Torch.Datasets.safetensors(inputs.Given(), targets.Given(), path.Given()));

    /// <summary>The same for a model of several inputs, whose names they have.</summary>
    public static Dataset Safetensors(string path, IEnumerable<string> inputs, string targets) =>
        new(Torch.Datasets.safetensorsNamed(Interop.List(inputs.Given()), targets.Given(), path.Given()));

    /// <summary>Two arrays (N, …) of NumPy's file of several, <c>.npz</c>, by their names.</summary>
    public static Dataset Npz(string path, string inputs, string targets) =>
        new(Torch.Datasets.npz(inputs.Given(), targets.Given(), path.Given()));

    /// <summary>The same for a model of several inputs, whose names they have.</summary>
    public static Dataset Npz(string path, IEnumerable<string> inputs, string targets) =>
        new(Torch.Datasets.npzNamed(Interop.List(inputs.Given()), targets.Given(), path.Given()));

    /// <summary>All items of a dataset of TorchSharp, read at once: of each the tensor <paramref name="inputs"/> and the tensor
    /// <paramref name="targets"/>. Those of a name must have one shape and one dtype: the error names the first that has
    /// not.</summary>
    public static Dataset Of(torch.utils.data.Dataset data, string inputs, string targets) =>
        new(Torch.Datasets.ofTorch(inputs.Given(), targets.Given(), data.Given()));

    /// <summary>The same for a model of several inputs, whose names they have.</summary>
    public static Dataset Of(torch.utils.data.Dataset data, IEnumerable<string> inputs, string targets) =>
        new(Torch.Datasets.ofTorchNamed(Interop.List(inputs.Given()), targets.Given(), data.Given()));
}
