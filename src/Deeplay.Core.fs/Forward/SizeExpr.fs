namespace Deeplay.Core

/// Sizes that are computed: what they read, what they are where they are known, how they are written.
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module internal SizeExpr =
    /// As Python's `//`: towards minus infinity.
    let floorDiv (a: int64) (b: int64) =
        let quotient = a / b
        if (a % b <> 0L) && ((a < 0L) <> (b < 0L)) then quotient - 1L else quotient

    /// What `floorDiv` leaves over, with the sign of the divisor.
    let floorMod (a: int64) (b: int64) = a - b * floorDiv a b

    let rec private fold register argument fixed' join expression =
        let below = fold register argument fixed' join
        let both op a b = join op (below a) (below b)

        match expression with
        | SizeExpr.Fixed number -> fixed' number
        | SizeExpr.Register at -> register at
        | SizeExpr.Argument name -> argument name
        | SizeExpr.Sum(a, b) -> both '+' a b
        | SizeExpr.Difference(a, b) -> both '-' a b
        | SizeExpr.Product(a, b) -> both '*' a b
        | SizeExpr.Quotient(a, b) -> both '/' a b
        | SizeExpr.Remainder(a, b) -> both '%' a b

    /// The function that a sign stands for.
    let apply (op: char) (a: int64) (b: int64) =
        match op with
        | '+' -> Checked.(+) a b
        | '-' -> Checked.(-) a b
        | '*' -> Checked.(*) a b
        | '/' -> floorDiv a b
        | _ -> floorMod a b

    /// The registers that it reads.
    let registers expression : int list =
        fold List.singleton (fun _ -> []) (fun _ -> []) (fun _ a b -> a @ b) expression

    /// The registers that several read, each once.
    let registersOf expressions = expressions |> List.collect registers |> List.distinct

    /// What it is, as far as the sizes and arguments it is made of are known; None where it divides by nothing.
    let infer (sizes: int -> Dim) (arguments: string -> Dim) expression : Dim option =
        let join op a b =
            match a, b with
            | Some(Known a), Some(Known b) ->
                if b = 0L && (op = '/' || op = '%') then None else Some(Known(apply op a b))
            | None, _
            | _, None -> None
            | _ -> Some Unknown

        fold (sizes >> Some) (arguments >> Some) (Known >> Some) join expression

    /// The same with the arguments as numbers.
    let rec filled (arguments: string -> int64) expression =
        let both join a b = join (filled arguments a, filled arguments b)

        match expression with
        | SizeExpr.Fixed _
        | SizeExpr.Register _ -> expression
        | SizeExpr.Argument name -> SizeExpr.Fixed(arguments name)
        | SizeExpr.Sum(a, b) -> both SizeExpr.Sum a b
        | SizeExpr.Difference(a, b) -> both SizeExpr.Difference a b
        | SizeExpr.Product(a, b) -> both SizeExpr.Product a b
        | SizeExpr.Quotient(a, b) -> both SizeExpr.Quotient a b
        | SizeExpr.Remainder(a, b) -> both SizeExpr.Remainder a b

    /// What it is, where nothing has to be measured for it.
    let tryFixed expression : int64 option =
        infer (fun _ -> Unknown) (fun _ -> Unknown) expression |> Option.bind Dim.tryValue

    /// As a function of what registers hold, which `read` gives; its arguments are filled in.
    let compile (read: int -> 'pass -> int64) expression : 'pass -> int64 =
        match tryFixed expression with
        | Some number -> fun _ -> number
        | None ->
            fold
                read
                (fun name _ -> invalidOp name)
                (fun number _ -> number)
                (fun op a b ->
                    fun pass ->
                        let divisor = b pass

                        if divisor = 0L && (op = '/' || op = '%') then
                            Fail.with' (Malformed("forward pass", "a size to divide by", "0"))

                        apply op (a pass) divisor)
                expression

    /// As it is written in a listing of a graph.
    let print expression =
        let join (op: char) a b = if op = '/' then $"({a} // {b})" else $"({a} {op} {b})"
        fold (fun register -> $"%%{register}") id string join expression
