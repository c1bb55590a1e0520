namespace Deeplay.Core

open System

/// Who made a setting.
type Source =
    /// The person who uses the model. Beats everything.
    | User
    /// The module with this tag, while it constructed itself.
    | Derived of Tag
    /// Made on a spec that is not attached to anything yet. Attaching the spec makes it `Derived` of the module that
    /// attaches it, constructing it as a root makes it the `User`'s.
    | Detached

/// A place in a user's program.
type Location =
    {
        File: string
        Line: int
    }

    override this.ToString() = $"{this.File}:{this.Line}"

    /// Where a change was asked for, as the compiler says it: the file's name alone, whatever system compiled it, for a spec
    /// may be saved and read by others.
    static member OfCaller(file: string, line: int) : Location option =
        if String.IsNullOrEmpty file then
            None
        else
            Some { File = file[file.LastIndexOfAny [| '/'; '\\' |] + 1 ..]; Line = line }

[<RequireQualifiedAccess>]
module Source =
    /// The rank of a source: the lower wins. The user first, then whoever is closest to the root.
    let rank source =
        match source with
        | User -> -1
        | Derived tag -> tag.Depth
        | Detached -> Int32.MaxValue
