namespace Deeplay;

/// <summary>The weights of a module alone, parameters and buffers, as PyTorch's state dict in safetensors: with PyTorch's names and
/// nothing of the spec. Python reads it by <c>safetensors.torch.load_file</c>, and what that wrote is read. Of applications it is the
/// model's.</summary>
public static class StateDict
{
    /// <summary>Writes the weights of a module. A tensor of several names is written once. A file appears whole or not at all.</summary>
    public static void Save(string path, torch.nn.Module module, StateDictSaveOptions? options = null) =>
        Torch.StateDict.saveWith(StateDictSaveOptions.Of(options), path.Given(), module.Given());

    /// <summary>Writes the weights of an application's model.</summary>
    public static void Save(string path, Application application, StateDictSaveOptions? options = null) =>
        Torch.StateDict.saveModel(StateDictSaveOptions.Of(options), path.Given(), application.Given().Inner);

    /// <summary>Reads weights into a module: from a single file, or from several by their index (<c>….index.json</c>, or the path of the
    /// single file that is not there). All of them or, where anything is wrong, none. Numbers of another dtype are converted to the
    /// module's, as by PyTorch's <c>load_state_dict</c>. A tensor of several names needs one of them in the file.</summary>
    public static StateDictReport Load(
        string path,
        torch.nn.Module module,
        StateDictLoadOptions? options = null
    ) => new(Torch.StateDict.loadWith(StateDictLoadOptions.Of(options), path.Given(), module.Given()));

    /// <summary>Reads weights into an application's model. What its optimizer keeps and its history stay.</summary>
    public static StateDictReport Load(
        string path,
        Application application,
        StateDictLoadOptions? options = null
    ) =>
        new(
            Torch.StateDict.loadModel(
                StateDictLoadOptions.Of(options),
                path.Given(),
                application.Given().Inner
            )
        );

    /// <summary>What of a file is in a module and what is not, before anything is loaded. The module stays as it is.</summary>
    public static StateDictReport Compare(
        string path,
        torch.nn.Module module,
        StateDictLoadOptions? options = null
    ) => new(Torch.StateDict.compare(StateDictLoadOptions.Of(options), path.Given(), module.Given()));

    /// <summary>What of a file is in an application's model and what is not, before anything is loaded.</summary>
    public static StateDictReport Compare(
        string path,
        Application application,
        StateDictLoadOptions? options = null
    ) =>
        new(
            Torch.StateDict.compareModel(
                StateDictLoadOptions.Of(options),
                path.Given(),
                application.Given().Inner
            )
        );

    /// <summary>Reads the mean of the weights of several files of equal names and shapes into a module: of parameters and of buffers,
    /// summed in float64; of whole numbers and truth values those of the last. All of them or none. The report is that of the
    /// last.</summary>
    public static StateDictReport LoadAverage(
        IEnumerable<string> paths,
        torch.nn.Module module,
        StateDictLoadOptions? options = null
    ) =>
        new(
            Torch.StateDict.loadAverage(
                StateDictLoadOptions.Of(options),
                Interop.List(paths.Given()),
                module.Given()
            )
        );

    /// <summary>Reads the mean of the weights of several files into an application's model.</summary>
    public static StateDictReport LoadAverage(
        IEnumerable<string> paths,
        Application application,
        StateDictLoadOptions? options = null
    ) =>
        new(
            Torch.StateDict.loadModelAverage(
                StateDictLoadOptions.Of(options),
                Interop.List(paths.Given()),
                application.Given().Inner
            )
        );
}
