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

    let rec private fold register fixed' join expression =
        let both op a b = join op (fold register fixed' join a) (fold register fixed' join b)

        match expression with
        | SizeExpr.Fixed number -> fixed' number
        | SizeExpr.Register at -> register at
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
    let registers expression : int list = fold List.singleton (fun _ -> []) (fun _ a b -> a @ b) expression

    /// The registers that several read, each once.
    let registersOf expressions = expressions |> List.collect registers |> List.distinct

    /// What it is, as far as the sizes it is made of are known; None where it divides by nothing.
    let infer (sizes: int -> Dim) expression : Dim option =
        let join op a b =
            match a, b with
            | Some(Known a), Some(Known b) ->
                if b = 0L && (op = '/' || op = '%') then None else Some(Known(apply op a b))
            | None, _
            | _, None -> None
            | _ -> Some Unknown

        fold (sizes >> Some) (Known >> Some) join expression

    /// What it is, where nothing has to be measured for it.
    let tryFixed expression : int64 option = infer (fun _ -> Unknown) expression |> Option.bind Dim.tryValue

    /// As a function of what registers hold, which `read` gives.
    let compile (read: int -> 'pass -> int64) expression : 'pass -> int64 =
        match tryFixed expression with
        | Some number -> fun _ -> number
        | None ->
            fold
                read
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
        fold (fun register -> $"%%{register}") string join expression
