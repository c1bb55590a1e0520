namespace Deeplay.Core

open System

/// Elementwise functions of one tensor, by PyTorch's names.
type UnaryOp =
    | Neg
    | Abs
    | Exp
    | Log
    | Sqrt
    | Square
    | Reciprocal
    | Sin
    | Cos
    | Sigmoid
    | Tanh
    | Relu
    | Gelu
    | Silu
    | Softplus

/// Elementwise functions of two tensors, or of a tensor and a number.
type BinaryOp =
    | Add
    | Sub
    | Mul
    | Div
    | Pow
    | Maximum
    | Minimum

/// Functions that take dimensions away. No dimensions means all of them.
type Reduction =
    | Sum
    | Mean
    | Max
    | Min

/// A tensor operation of a forward graph. Dimensions count from the back where negative, as in PyTorch.
type Op =
    | Unary of UnaryOp
    | Binary of BinaryOp
    /// The tensor on the left, the number on the right.
    | WithScalar of BinaryOp * float
    /// The number on the left, the tensor on the right.
    | ScalarWith of BinaryOp * float
    | Reduce of Reduction * dims: int list * keepDim: bool
    | MatMul
    | Softmax of dim: int
    | LogSoftmax of dim: int
    /// One size may be -1: whatever is left over.
    | Reshape of sizes: int64 list
    | Flatten of startDim: int * endDim: int
    | Transpose of dim0: int * dim1: int
    | Permute of dims: int list
    | Squeeze of dim: int
    | Unsqueeze of dim: int
    | Cat of dim: int
    | Stack of dim: int
    | Narrow of dim: int * start: int64 * length: int64
    /// One slice along a dimension, which goes away.
    | Select of dim: int * index: int64

/// What one instruction of a graph does.
type Operation =
    /// Calls the descendant with this tag, as seen from the module that owns the graph.
    | Call of Tag
    /// Calls every child of the descendant with this tag, one after another, in their order.
    | Chain of Tag
    | Apply of Op
    /// Takes one tensor out of named tensors.
    | Lookup of key: string

/// One step of a forward pass. Inputs and outputs are register numbers.
type Instruction = { Operation: Operation; Inputs: int list; Outputs: int list }

/// The forward pass of a composite module, as data. The inputs fill the registers 0, 1, …; every register is
/// written once.
type Graph =
    {
        Inputs: string list
        Instructions: Instruction list
        /// The registers that are given back. Where they have names, they are given back as one value: named tensors.
        Outputs: (string * int) list
        Registers: int
    }

/// Records what is done to symbolic values, in order. Lives for one tracing only.
[<AllowNullLiteral>]
type Tracer() =
    let instructions = ResizeArray<Instruction>()
    let mutable registers = 0

    member _.Fresh() =
        registers <- registers + 1
        registers - 1

    member _.Add instruction = instructions.Add instruction
    member _.Instructions = List.ofSeq instructions
    member _.Registers = registers

/// A tensor of a forward pass that has no numbers yet: what a forward function is traced over.
[<Sealed; AllowNullLiteral>]
type Sym internal (tracer: Tracer, register: int) =
    member internal _.Tracer = tracer
    member internal _.Register = register

    static member private Wrong found = Fail.with' (Malformed("forward pass", "tensors of this pass", found))

    /// The register, in the pass that this tracer records.
    member internal _.In(pass: Tracer) = if pass = tracer then register else Sym.Wrong "one of another pass"

    /// Records one operation over several values.
    static member internal Record(operation, inputs: Sym list, outputs: int) =
        let tracer =
            match inputs with
            | first :: _ -> first.Tracer
            | [] -> Sym.Wrong "an operation without an input"

        let results = List.init outputs (fun _ -> Sym(tracer, tracer.Fresh()))

        tracer.Add
            {
                Operation = operation
                Inputs = inputs |> List.map (fun input -> input.In tracer)
                Outputs = results |> List.map (fun s -> s.Register)
            }

        results

    static member internal Apply(op, inputs) = Sym.Record(Apply op, inputs, 1) |> List.exactlyOne

    /// The sum, element by element.
    static member (+)(a: Sym, b: Sym) = Sym.Apply(Binary Add, [ a; b ])

    /// The difference, element by element.
    static member (-)(a: Sym, b: Sym) = Sym.Apply(Binary Sub, [ a; b ])

    /// The product, element by element.
    static member (*)(a: Sym, b: Sym) = Sym.Apply(Binary Mul, [ a; b ])

    /// The quotient, element by element.
    static member (/)(a: Sym, b: Sym) = Sym.Apply(Binary Div, [ a; b ])

    /// A number added to each element.
    static member (+)(a: Sym, b: float) = Sym.Apply(WithScalar(Add, b), [ a ])

    /// A number taken from each element.
    static member (-)(a: Sym, b: float) = Sym.Apply(WithScalar(Sub, b), [ a ])

    /// Each element times a number.
    static member (*)(a: Sym, b: float) = Sym.Apply(WithScalar(Mul, b), [ a ])

    /// Each element over a number.
    static member (/)(a: Sym, b: float) = Sym.Apply(WithScalar(Div, b), [ a ])

    /// Each element added to a number.
    static member (+)(a: float, b: Sym) = Sym.Apply(ScalarWith(Add, a), [ b ])

    /// Each element taken from a number.
    static member (-)(a: float, b: Sym) = Sym.Apply(ScalarWith(Sub, a), [ b ])

    /// A number times each element.
    static member (*)(a: float, b: Sym) = Sym.Apply(ScalarWith(Mul, a), [ b ])

    /// A number over each element.
    static member (/)(a: float, b: Sym) = Sym.Apply(ScalarWith(Div, a), [ b ])

    /// The elements with the other sign.
    static member (~-)(a: Sym) = Sym.Apply(Unary Neg, [ a ])

[<RequireQualifiedAccess>]
module Graph =
    /// Traces a forward function: gives the graph of what it does to its inputs. What does not lead to an output
    /// stays, since a call may be wanted for its effect (a log, running statistics).
    let trace (inputs: string list) (body: Sym list -> (string * Sym) list) =
        let tracer = Tracer()
        let arguments = inputs |> List.map (fun _ -> Sym(tracer, tracer.Fresh()))
        let outputs = body arguments

        {
            Inputs = inputs
            Instructions = tracer.Instructions
            Outputs = outputs |> List.map (fun (name, output) -> name, output.In tracer)
            Registers = tracer.Registers
        }

    /// The children one after another. Most modules run so, and share this very graph.
    let chain =
        {
            Inputs = [ "input" ]
            Instructions = [ { Operation = Chain Tag.root; Inputs = [ 0 ]; Outputs = [ 1 ] } ]
            Outputs = [ "", 1 ]
            Registers = 2
        }

    let private ofCase (value: obj) = (string value).ToLowerInvariant()

    let private dims (dims: int list) = "[" + Number.list (List.map int64 dims) + "]"

    /// The operation as it is written in a listing of a graph.
    let describeOp op =
        match op with
        | Unary op -> ofCase op
        | Binary op -> ofCase op
        | WithScalar(op, number) -> $"{ofCase op}(·, {string number})"
        | ScalarWith(op, number) -> $"{ofCase op}({string number}, ·)"
        | Reduce(op, over, keep) ->
            let keep = if keep then ", keepdim=True" else ""
            $"{ofCase op}(dim={dims over}{keep})"
        | MatMul -> "matmul"
        | Softmax dim -> $"softmax(dim={string dim})"
        | LogSoftmax dim -> $"log_softmax(dim={string dim})"
        | Reshape sizes -> $"reshape({Number.list sizes})"
        | Flatten(first, last) -> $"flatten({string first}, {string last})"
        | Transpose(a, b) -> $"transpose({string a}, {string b})"
        | Permute order -> $"permute({dims order})"
        | Squeeze dim -> $"squeeze({string dim})"
        | Unsqueeze dim -> $"unsqueeze({string dim})"
        | Cat dim -> $"cat(dim={string dim})"
        | Stack dim -> $"stack(dim={string dim})"
        | Narrow(dim, start, length) -> $"narrow({string dim}, {Number.list [ start; length ]})"
        | Select(dim, index) -> $"select({string dim}, {string index})"

    /// The graph as one line per instruction.
    let describe (graph: Graph) =
        let registers (numbers: int list) = String.Join(", ", numbers |> List.map (fun n -> $"%%{n}"))

        let line instruction =
            let operation =
                match instruction.Operation with
                | Call tag -> $"call {tag}"
                | Chain tag -> if tag.Depth = 0 then "chain" else $"chain {tag}"
                | Apply op -> describeOp op
                | Lookup key -> $"lookup '{key}'"

            $"{registers instruction.Outputs} = {operation} {registers instruction.Inputs}"

        let inputs = graph.Inputs |> List.mapi (fun i name -> $"%%{i} = input {name}")

        let outputs =
            graph.Outputs
            |> List.map (fun (name, register) -> if name = "" then $"%%{register}" else $"{name}=%%{register}")

        String.Join("\n", inputs @ List.map line graph.Instructions @ [ "return " + String.Join(", ", outputs) ])
