namespace Deeplay.Torch

open System
open Deeplay.Core

/// A tensor of a module for which a file has another one.
type TensorDifference =
    {
        /// The module's name of it.
        Name: string
        /// Shape and dtype in the module: `(2, 3) float32`.
        Expected: string
        /// Shape and dtype in the file.
        Found: string
    }

/// What of a file is in a module, and what is not. Names are the module's, in the order of its state dict, but for those that
/// only the file has.
type StateDictReport =
    {
        /// What was loaded, or can be.
        Loaded: string list
        /// What the module has and the file has not.
        Missing: string list
        /// What is left over: the file has it and the module has not. Names are those that the rules made of the file's.
        Unexpected: string list
        /// What has another shape in the file, or complex numbers where the module has real ones.
        Mismatched: TensorDifference list
        /// What is loaded and has another dtype in the file: its numbers were converted.
        Converted: TensorDifference list
        /// Rules that spoke of no name of the file.
        UnusedRules: NameRule list
    }

    /// Whether module and file have the same names and shapes, and every rule was used.
    member this.IsExact =
        this.Missing.IsEmpty
        && this.Unexpected.IsEmpty
        && this.Mismatched.IsEmpty
        && this.UnusedRules.IsEmpty

    override this.ToString() =
        let part (title: string) (lines: string list) =
            if lines.IsEmpty then [] else $"{title}:" :: (lines |> List.map (fun line -> "  " + line))

        let difference (one: TensorDifference) = $"{one.Name}: {one.Expected} in the module, {one.Found} in the file"

        [
            $"{this.Loaded.Length} tensors loaded"
            yield! part "missing in the file" (StateDictReport.Near(this.Missing, this.Unexpected))
            yield! part "left over in the file" (StateDictReport.Near(this.Unexpected, this.Missing))
            yield! part "of another shape" (List.map difference this.Mismatched)
            yield! part "converted" (List.map difference this.Converted)
            yield! part "rules that were not used" (List.map string this.UnusedRules)
        ]
        |> fun lines -> String.Join("\n", lines)

    // Names with those among the others that are near. Of very many only the names: it would take long.
    static member internal Near(names: string list, others: string list) : string list =
        if int64 names.Length * int64 others.Length > 40_000L then
            names
        else
            names |> List.map (fun name -> name + Nearest.hint name others)

    /// The errors of a load where nothing may be missing or left over.
    member internal this.Errors(path: string, isStrict: bool) : Error list =
        [
            for one in this.Mismatched do
                Malformed($"{path}, {one.Name}", one.Expected, one.Found)

            if isStrict then
                for name, near in List.zip this.Missing (StateDictReport.Near(this.Missing, this.Unexpected)) do
                    Malformed(path, $"the tensor '{name}'", "a file without it" + near.Substring name.Length)

                for name, near in List.zip this.Unexpected (StateDictReport.Near(this.Unexpected, this.Missing)) do
                    Malformed(path, "tensors of the module alone", $"'{name}'" + near.Substring name.Length)

                for rule in this.UnusedRules do
                    Malformed(path, "rules that speak of a name in it", string rule)
        ]
