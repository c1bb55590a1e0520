namespace Deeplay;

/// <summary>What can be wrong.</summary>
public enum ErrorKind
{
    /// <summary>A parameter, method, style or child that the module does not have.</summary>
    UnknownName,

    /// <summary>A tag that no module has.</summary>
    UnknownTag,

    /// <summary>A value that the parameter does not take.</summary>
    WrongValue,

    /// <summary>A parameter that was neither given nor can be inferred.</summary>
    Missing,

    /// <summary>An input that the module can't take.</summary>
    WrongShape,

    /// <summary>A selector that selects nothing.</summary>
    EmptySelection,

    /// <summary>A selector, tag or file that can't be read.</summary>
    Malformed,

    /// <summary>Children, or an edit of them, that do not fit together.</summary>
    WrongStructure,

    /// <summary>Settings made by the user that no module reads.</summary>
    UnusedSettings,

    /// <summary>A step of a tape that does not apply to the spec it is replayed onto.</summary>
    StepFailed,

    /// <summary>A call of a built module that failed.</summary>
    CallFailed,

    /// <summary>Something that can be used but not saved.</summary>
    NotSaveable,

    /// <summary>Something that the program needs and this project or machine lacks.</summary>
    Unavailable,
}
