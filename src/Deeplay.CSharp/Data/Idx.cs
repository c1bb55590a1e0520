namespace Deeplay;

/// <summary>Files of the format IDX, in which MNIST and its relatives come, gzipped where the name ends in
/// <c>.gz</c>.</summary>
public static class Idx
{
    /// <summary>The tensor that a file holds, with its type and shape. A header that does not fit the size of the file is an error,
    /// before anything is allocated.</summary>
    public static Tensor Read(string path) => Torch.Idx.read(path.Given());
}
