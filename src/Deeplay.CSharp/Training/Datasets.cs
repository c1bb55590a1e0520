namespace Deeplay;

/// <summary>Datasets that come as files.</summary>
public static class Datasets
{
    /// <summary>Handwritten digits (Alpaydin and Kaynak, UCI Machine Learning Repository): a text file, gzipped where its
    /// name says so, of 64 pixels from 0 to 16 and the digit in each line. Gives inputs (N, 64) from 0 to 1 and the
    /// digits as targets (N,).</summary>
    public static Dataset Digits(string path) => new(Torch.Datasets.digits(path.Given()));
}
