namespace Deeplay.Core

open System
open System.Collections
open System.Globalization
open System.Runtime.CompilerServices
open Microsoft.FSharp.Reflection

/// Operations as they are written in a listing of a graph.
[<RequireQualifiedAccess>]
module internal OpText =
    // By what a case is called and holds, so that no operation has to say it of itself.
    let rec private argument (value: obj) : string =
        match value with
        | null -> "None"
        | :? string as text -> $"'{text}'"
        | :? bool as flag -> if flag then "True" else "False"
        | :? DType as dtype -> DType.print dtype
        | :? IFormattable as number -> number.ToString(null, CultureInfo.InvariantCulture)
        | :? (float option) as number -> number |> Option.map box |> Option.toObj |> argument
        | :? IEnumerable as items -> "[" + String.Join(", ", Seq.cast<obj> items |> Seq.map argument) + "]"
        | :? ITuple as items -> String.Join(", ", Seq.init items.Length (fun i -> argument items[i]))
        | other ->
            let name, fields = nameAndFields other
            let inside = String.concat ", " fields
            if inside = "" then name else $"{name}({inside})"

    and private nameAndFields (case: obj) =
        let case, fields = FSharpValue.GetUnionFields(case, case.GetType(), true)

        // `LogSoftmax` is `log_softmax`.
        let name =
            case.Name
            |> Seq.mapi (fun i letter ->
                if Char.IsUpper letter && i > 0 then
                    $"_{Char.ToLowerInvariant letter}"
                else
                    string (Char.ToLowerInvariant letter))
            |> String.concat ""

        name, fields |> Array.map argument

    let private call (case: obj) more =
        let name, fields = nameAndFields case
        let inside = String.concat ", " (List.ofArray fields @ more)
        if inside = "" then name else $"{name}({inside})"

    let private binary (op: BinaryOp) = fst (nameAndFields (box op))

    /// `softmax(-1)`.
    let describe (op: Op) =
        match op with
        | Op.WithScalar(op, number) -> $"{binary op}(·, {argument number})"
        | Op.ScalarWith(op, number) -> $"{binary op}({argument number}, ·)"
        | Op.Reduce(op, dims, keep) -> call op [ $"dim={argument dims}"; if keep then "keepdim=True" ]
        | Op.Unary op -> call op []
        | Op.Tuned op -> call op []
        | Op.Binary op -> call op []
        | Op.Along op -> call op []
        | Op.Arrange op -> call op []
        | Op.Several op -> call op []
        | Op.Product op -> call op []
        | Op.Index op -> call op []

    /// `reshape(%1, 8)`.
    let describeSized (op: SizedOp) (sizes: SizeExpr list) = call op (sizes |> List.map SizeExpr.print)

[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Graph =
    /// Traces a forward function: gives the graph of what it does to its inputs. What does not lead to an output
    /// stays, since a call may be wanted for its effect (a log, running statistics).
    let trace (inputs: string list) (body: Sym list -> (string * Sym) list) =
        let tracer = Tracer()
        let arguments = inputs |> List.map (fun _ -> Sym(tracer, tracer.Fresh()))
        let before = Tracer.Current
        Tracer.Current <- tracer

        try
            let outputs = body arguments |> List.map (fun (name, output) -> name, output.In tracer)

            {
                Inputs = inputs
                Instructions = tracer.Instructions
                Outputs = outputs
                Registers = tracer.Registers
            }
        finally
            Tracer.Current <- before

    /// The children one after another. Most modules run so, and share this very graph.
    let chain =
        {
            Inputs = [ "input" ]
            Instructions = [ { Operation = Chain Tag.root; Inputs = [ 0 ]; Outputs = [ 1 ] } ]
            Outputs = [ "", 1 ]
            Registers = 2
        }

    /// An operation as an error names it.
    let internal describeOperation operation =
        match operation with
        | Call tag -> $"call {tag}"
        | Chain tag -> if tag.Depth = 0 then "chain" else $"chain {tag}"
        | Apply op -> OpText.describe op
        | Sized(op, sizes) -> OpText.describeSized op sizes
        | Lookup key -> $"lookup '{key}'"
        | Put key -> $"put '{key}'"
        | Measure dim -> $"size({string dim})"
        | Own name -> $"own '{name}'"
        | Update name -> $"update '{name}'"
        | ByMode -> "training or evaluation"

    /// What of the module's own a graph reads or writes, by name.
    let internal ownNames (graph: Graph) : string list =
        graph.Instructions
        |> List.choose (fun (instruction: Instruction) ->
            match instruction.Operation with
            | Own name
            | Update name -> Some name
            | _ -> None)
        |> List.distinct

    /// The buffers of the module's own that a graph puts numbers into.
    let internal updatedNames (graph: Graph) : string list =
        graph.Instructions
        |> List.choose (fun (instruction: Instruction) ->
            match instruction.Operation with
            | Update name -> Some name
            | _ -> None)

    /// The graph as one line per instruction.
    let describe (graph: Graph) =
        let registers (numbers: int list) = String.Join(", ", numbers |> List.map (fun n -> $"%%{n}"))

        let line (instruction: Instruction) =
            let sides = [ registers instruction.Outputs; describeOperation instruction.Operation ]
            let left = String.Join(" = ", sides |> List.filter (fun side -> side <> ""))

            // The sizes that an operation reads are written where they stand.
            let inputs =
                match instruction.Operation with
                | Sized(_, sizes) -> instruction.Inputs |> List.except (SizeExpr.registersOf sizes)
                | _ -> instruction.Inputs

            if inputs.IsEmpty then left else $"{left} {registers inputs}"

        let inputs = graph.Inputs |> List.mapi (fun i name -> $"%%{i} = input {name}")

        let outputs =
            graph.Outputs
            |> List.map (fun (name, register) -> if name = "" then $"%%{register}" else $"{name}=%%{register}")

        String.Join("\n", inputs @ List.map line graph.Instructions @ [ "return " + String.Join(", ", outputs) ])
