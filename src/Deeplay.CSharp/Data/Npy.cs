namespace Deeplay;

/// <summary>NumPy's files of one array, <c>.npy</c>, gzipped where the name ends in <c>.gz</c>. Objects are refused: nothing is
/// unpickled.</summary>
public static class Npy
{
    /// <summary>The array of a file, with its shape: numbers, or truth values. Unsigned 16- and 32-bit numbers become the next
    /// larger signed ones, and those of 64 bits int64, where they fit. A header that does not fit the size of the file is an error,
    /// before anything is allocated.</summary>
    public static Tensor Load(string path) => Torch.Npy.load(path.Given());

    /// <summary>Writes a tensor as an array, in version 1 of the format. The file appears whole or not at all. A dtype that NumPy
    /// lacks, such as bfloat16, is an error.</summary>
    public static void Save(string path, Tensor tensor) => Torch.Npy.save(path.Given(), tensor.Given());
}

/// <summary>NumPy's files of several arrays, <c>.npz</c>: a zip archive of <c>.npy</c> files.</summary>
public static class Npz
{
    /// <summary>The names of the arrays of a file.</summary>
    public static IReadOnlyList<string> Names(string path) => Torch.Npz.names(path.Given());

    /// <summary>All arrays of a file, by their names.</summary>
    public static IReadOnlyDictionary<string, Tensor> Load(string path) => Torch.Npz.load(path.Given());
}
