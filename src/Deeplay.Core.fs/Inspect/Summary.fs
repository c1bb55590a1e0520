namespace Deeplay.Core

open System
open System.Collections.Generic
open System.Globalization
open Checked

/// One line of a summary.
[<NoComparison>]
type SummaryRow =
    {
        Tag: Tag
        Kind: string
        /// The shapes of the first call; empty where the module is never called.
        Inputs: Carried list
        Outputs: Carried list
        /// The numbers that the module itself trains, without its children; a shared module counts once.
        Parameters: int64
        /// How often it is called in one forward pass.
        Calls: int
    }

/// A table of a model's modules with shapes and numbers of parameters.
[<NoComparison>]
type Summary =
    {
        Rows: SummaryRow list
    }

    /// All numbers that are trained.
    member this.Parameters = this.Rows |> List.sumBy (fun row -> row.Parameters)

    override this.ToString() =
        let shapes (shapes: Carried list) =
            match shapes with
            | [] -> "–"
            | _ -> String.Join(" ", shapes)

        let name (tag: Tag) = String(' ', 2 * tag.Depth) + (if tag.Depth = 0 then "(root)" else tag.Name)

        let count (n: int64) = if n = 0L then "–" else n.ToString("N0", CultureInfo.InvariantCulture)

        let rows =
            [ "module"; "kind"; "input"; "output"; "parameters" ]
            :: [
                for row in this.Rows ->
                    [ name row.Tag; row.Kind; shapes row.Inputs; shapes row.Outputs; count row.Parameters ]
            ]

        let widths = List.init 5 (fun i -> rows |> List.map (fun row -> row[i].Length) |> List.max)

        let line (cells: string list) =
            List.map2 (fun (cell: string) (width: int) -> cell.PadRight width) cells widths
            |> String.concat "  "
            |> fun text -> text.TrimEnd()

        let rule = String('-', List.sum widths + 8)
        let total = $"{count this.Parameters} parameters"
        String.Join("\n", line rows.Head :: rule :: List.map line rows.Tail @ [ rule; total ])

[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Summary =
    /// A number of parameters; one that 64 bits don't hold is an error of this module.
    let private counted tag (node: Node) (count: unit -> int64) =
        try
            count ()
        with :? OverflowException ->
            let problem = "it would have more parameters than 64 bits can count."
            Fail.with' (WrongStructure(tag, node.Definition.Id, problem))

    let private ofOutcome (outcome: Infer.Outcome) =
        let calls = Dictionary<Tag, Infer.Flow * int>()

        for flow in outcome.Flows do
            calls[flow.Tag] <-
                match calls.TryGetValue flow.Tag with
                | true, (first, count) -> first, count + 1
                | _ -> flow, 1

        let row (tag, node: Node, isAlias) =
            let weights = if isAlias then [] else node.Weights

            let inputs, outputs, count =
                match calls.TryGetValue tag with
                | true, (flow, count) -> flow.Inputs, flow.Outputs, count
                | _ -> [], [], 0

            {
                Tag = tag
                Kind = node.Definition.Id
                Inputs = inputs
                Outputs = outputs
                Parameters =
                    counted tag node (fun () -> weights |> List.sumBy (fun (_, sizes) -> List.fold (*) 1L sizes))
                Calls = count
            }

        let summary = { Rows = Tree.walk outcome.Root |> Seq.map row |> List.ofSeq }

        counted Tag.root outcome.Root (fun () -> summary.Parameters) |> ignore
        summary

    /// The summary of a constructed tree for inputs of these shapes. Widths that follow from them are filled in.
    let ofTree (inputs: Carried list) (root: Node) : Result<Summary, Error list> =
        Infer.carry inputs root |> Result.bind (fun outcome -> Fail.catch (fun () -> ofOutcome outcome))
