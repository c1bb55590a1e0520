namespace Deeplay.Core

open System
open System.Collections.Generic

/// A whole number of which the sizes of a pass are a part: registers hold them.
[<RequireQualifiedAccess>]
type internal SizeExpr =
    | Fixed of int64
    | Register of int
    /// A parameter of the module that is a whole number, and may follow from its inputs.
    | Argument of name: string
    | Sum of SizeExpr * SizeExpr
    | Difference of SizeExpr * SizeExpr
    | Product of SizeExpr * SizeExpr
    /// Rounded down, as Python's `//`.
    | Quotient of SizeExpr * SizeExpr
    | Remainder of SizeExpr * SizeExpr

/// What one instruction of a graph does.
type Operation =
    internal
    /// Calls the descendant with this tag, as seen from the module that owns the graph.
    | Call of Tag
    /// Calls every child of the descendant with this tag, one after another, in their order.
    | Chain of Tag
    | Apply of Op
    /// An operation that takes sizes; the registers in them are its last inputs.
    | Sized of SizedOp * SizeExpr list
    /// Takes one tensor out of named tensors.
    | Lookup of key: string
    /// Puts a tensor among named tensors, which comes behind them.
    | Put of key: string
    /// A size of a tensor, as a number.
    | Measure of dim: int
    /// A parameter or a buffer of the module's own.
    | Own of name: string
    /// Puts numbers into a buffer of the module's own, in training mode.
    | Update of name: string
    /// The first of two in training mode, the second in evaluation mode; what leads to the other one alone is not done.
    | ByMode

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
type Tracer internal () =
    let instructions = ResizeArray<Instruction>()
    // What of the module's own was read so far; null while that is nothing.
    let mutable own: Dictionary<string, int> = null
    let mutable registers = 0

    [<ThreadStatic; DefaultValue>]
    static val mutable private current: Tracer

    /// The one that records on this thread: what a module has of its own belongs to whichever pass it is used in.
    static member internal Current
        with get () = Tracer.current
        and set (tracer: Tracer) = Tracer.current <- tracer

    member internal _.Fresh() =
        registers <- registers + 1
        registers - 1

    member internal _.Add instruction = instructions.Add instruction

    /// The register of something of the module's own, which is read once.
    member internal this.Own name =
        if isNull own then own <- Dictionary()

        match own.TryGetValue name with
        | true, register -> register
        | _ ->
            own[name] <- this.Fresh()
            instructions.Add { Operation = Own name; Inputs = []; Outputs = [ own[name] ] }
            own[name]

    member internal _.Instructions = List.ofSeq instructions
    member internal _.Registers = registers

/// A tensor of a forward pass that has no numbers yet: what a forward function is traced over. A parameter or a buffer
/// of a module's own has a name, and stands for itself in every pass of that module.
[<Sealed; AllowNullLiteral>]
type Sym internal (tracer: Tracer, register: int, own: string) =
    internal new(tracer, register) = Sym(tracer, register, null)

    static member private Wrong found = Fail.with' (Malformed("forward pass", "tensors of this pass", found))

    static member internal OfOwn name = Sym(null, -1, name)

    /// The name of what it is of the module's own; null for anything else.
    member internal _.OwnName = own

    member internal _.Register = register

    /// The pass that it belongs to; null for what is the module's own.
    member internal _.Tracer = tracer

    /// The register, in the pass that this tracer records.
    member internal _.In(pass: Tracer) =
        if not (isNull own) then pass.Own own
        elif Object.ReferenceEquals(pass, tracer) then register
        else Sym.Wrong "one of another pass"

    static member private PassOf(inputs: Sym list) =
        match inputs |> List.tryFind (fun input -> not (isNull input.Tracer)) with
        | Some input -> input.Tracer
        | None when inputs.IsEmpty -> Sym.Wrong "an operation without an input"
        | None when isNull Tracer.Current -> Sym.Wrong "a parameter or a buffer outside of a forward function"
        | None -> Tracer.Current

    /// Records one operation over several values; `sizes` are registers that it reads beside.
    static member internal RecordSized(operation, inputs: Sym list, sizes: int list, outputs: int) =
        let tracer = Sym.PassOf inputs
        // First, since what is of the module's own may be read here for the first time.
        let read = inputs |> List.map (fun input -> input.In tracer)
        let results = List.init outputs (fun _ -> tracer.Fresh())
        tracer.Add { Operation = operation; Inputs = read @ sizes; Outputs = results }
        results |> List.map (fun register -> Sym(tracer, register))

    static member internal Record(operation, inputs, outputs) = Sym.RecordSized(operation, inputs, [], outputs)

    static member internal Apply(op, inputs) = Sym.Record(Apply op, inputs, 1) |> List.exactlyOne

    static member private Both(op, a, b) = Sym.Apply(Op.Binary op, [ a; b ])
    static member private Right(op, a, number: float) = Sym.Apply(Op.WithScalar(op, number), [ a ])
    static member private Left(op, number: float, b) = Sym.Apply(Op.ScalarWith(op, number), [ b ])

    /// The sum, element by element.
    static member (+)(a: Sym, b: Sym) = Sym.Both(BinaryOp.Add, a, b)

    /// The difference, element by element.
    static member (-)(a: Sym, b: Sym) = Sym.Both(BinaryOp.Sub, a, b)

    /// The product, element by element.
    static member (*)(a: Sym, b: Sym) = Sym.Both(BinaryOp.Mul, a, b)

    /// The quotient, element by element.
    static member (/)(a: Sym, b: Sym) = Sym.Both(BinaryOp.Div, a, b)

    /// A number added to each element.
    static member (+)(a: Sym, b: float) = Sym.Right(BinaryOp.Add, a, b)

    /// A number taken from each element.
    static member (-)(a: Sym, b: float) = Sym.Right(BinaryOp.Sub, a, b)

    /// Each element times a number.
    static member (*)(a: Sym, b: float) = Sym.Right(BinaryOp.Mul, a, b)

    /// Each element over a number.
    static member (/)(a: Sym, b: float) = Sym.Right(BinaryOp.Div, a, b)

    /// Each element added to a number.
    static member (+)(a: float, b: Sym) = Sym.Left(BinaryOp.Add, a, b)

    /// Each element taken from a number.
    static member (-)(a: float, b: Sym) = Sym.Left(BinaryOp.Sub, a, b)

    /// A number times each element.
    static member (*)(a: float, b: Sym) = Sym.Left(BinaryOp.Mul, a, b)

    /// A number over each element.
    static member (/)(a: float, b: Sym) = Sym.Left(BinaryOp.Div, a, b)

    /// The elements with the other sign.
    static member (~-)(a: Sym) = Sym.Apply(Op.Unary UnaryOp.Neg, [ a ])

/// A whole number of a module or of its forward pass: one that is known, one that is inferred before the module is built, or one
/// that the sizes of tensors make when the pass runs. No tensor holds it.
[<Sealed; AllowNullLiteral>]
type SymInt internal (tracer: Tracer, expression: SizeExpr) =
    member internal _.Tracer = tracer
    member internal _.Expression = expression

    static member private Join(a: SymInt, b: SymInt, join) =
        let tracer = if isNull a.Tracer then b.Tracer else a.Tracer

        if not (isNull a.Tracer || isNull b.Tracer || Object.ReferenceEquals(a.Tracer, b.Tracer)) then
            Fail.with' (Malformed("forward pass", "sizes of one pass", "sizes of two"))

        match join (a.Expression, b.Expression) with
        // What is known is computed here, so that a division by nothing is said here.
        | SizeExpr.Quotient(_, SizeExpr.Fixed 0L)
        | SizeExpr.Remainder(_, SizeExpr.Fixed 0L) ->
            Fail.with' (Malformed("forward pass", "a number to divide by", "0"))
        | joined -> SymInt(tracer, joined)

    /// A number that is known.
    static member op_Implicit(number: int) : SymInt = SymInt(null, SizeExpr.Fixed(int64 number))

    /// The sum.
    static member (+)(a: SymInt, b: SymInt) = SymInt.Join(a, b, SizeExpr.Sum)

    /// The difference.
    static member (-)(a: SymInt, b: SymInt) = SymInt.Join(a, b, SizeExpr.Difference)

    /// The product.
    static member (*)(a: SymInt, b: SymInt) = SymInt.Join(a, b, SizeExpr.Product)

    /// The quotient, rounded down.
    static member (/)(a: SymInt, b: SymInt) = SymInt.Join(a, b, SizeExpr.Quotient)

    /// What is left over by the quotient.
    static member (%)(a: SymInt, b: SymInt) = SymInt.Join(a, b, SizeExpr.Remainder)

    /// The sum.
    static member (+)(a: SymInt, b: int) = a + SymInt.op_Implicit b

    /// The difference.
    static member (-)(a: SymInt, b: int) = a - SymInt.op_Implicit b

    /// The product.
    static member (*)(a: SymInt, b: int) = a * SymInt.op_Implicit b

    /// The quotient, rounded down.
    static member (/)(a: SymInt, b: int) = a / SymInt.op_Implicit b

    /// What is left over by the quotient.
    static member (%)(a: SymInt, b: int) = a % SymInt.op_Implicit b

    /// The sum.
    static member (+)(a: int, b: SymInt) = SymInt.op_Implicit a + b

    /// The difference.
    static member (-)(a: int, b: SymInt) = SymInt.op_Implicit a - b

    /// The product.
    static member (*)(a: int, b: SymInt) = SymInt.op_Implicit a * b
