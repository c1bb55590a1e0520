namespace Deeplay.Core

/// The numbers that a parameter or a buffer of a module's own starts from, as data.
[<RequireQualifiedAccess>]
type Initial =
    internal
    | Constant of float
    | Numbers of float list
    | Normal of mean: float * std: float
    | Uniform of low: float * high: float
    | TruncatedNormal of mean: float * std: float * low: float * high: float
    | Xavier of isUniform: bool * gain: float
    | Kaiming of isUniform: bool * slope: float * mode: string * nonlinearity: string
    | Orthogonal of gain: float
    | Eye
    | Sinusoidal

/// A parameter or a buffer that a module has of its own: as data, before any tensor is made.
type OwnTensor =
    internal
        {
            Name: string
            /// Numbers, and what is made of arguments that may follow from the module's inputs.
            Sizes: SizeExpr list
            Initial: Initial
            DType: DType
            /// A parameter, which is trained; else a buffer.
            IsTrained: bool
            /// Whether it is saved with the weights.
            IsPersistent: bool
        }

[<RequireQualifiedAccess>]
module internal OwnTensor =
    // What an initial value needs to know of a shape: PyTorch's initializers refuse the others.
    let private problem (own: OwnTensor) (sizes: Dim list) =
        let rank = sizes.Length

        match own.Initial with
        | _ when sizes |> List.choose Dim.tryValue |> List.exists (fun size -> size < 0L) -> Some "sizes of at least 0"
        | Initial.Numbers numbers when not (Dim.agrees (Known(int64 numbers.Length)) (Shape.numel sizes)) ->
            Some $"a shape of {numbers.Length} elements, as many as there are numbers"
        | Initial.Xavier _
        | Initial.Kaiming _
        | Initial.Orthogonal _
        | Initial.Sinusoidal when rank < 2 -> Some "at least two dimensions for this initial value"
        | Initial.Eye when rank <> 2 -> Some "two dimensions for this initial value"
        | Initial.Uniform(low, high) when low > high ->
            Some "a uniform distribution whose lower bound is not above the upper"
        | Initial.Normal(_, std)
        | Initial.TruncatedNormal(_, std, _, _) when std < 0.0 -> Some "a standard deviation of at least 0"
        | Initial.TruncatedNormal(_, std, low, high) when std = 0.0 || low >= high ->
            Some "a truncated distribution of some width"
        | (Initial.Constant _ | Initial.Numbers _) -> None
        | _ when not (DType.isFloating own.DType) -> Some "a floating-point type for numbers at random"
        | _ -> None

    let private what (own: OwnTensor) = if own.IsTrained then "parameter" else "buffer"

    /// Its sizes, as far as the arguments they are made of are known. Stops where a module can't have it of that shape.
    let sizes tag kind (arguments: string -> Dim) (own: OwnTensor) : Dim list =
        let wrong expected (found: obj) =
            Fail.with' (WrongShape(tag, kind, $"for its {what own} '{own.Name}' {expected}", string found))

        let sizes =
            own.Sizes
            |> List.map (fun size ->
                match SizeExpr.infer (fun _ -> Unknown) arguments size with
                | Some size -> size
                | None -> wrong "a size to divide by" 0)

        match problem own sizes with
        | Some expected -> wrong expected (Ranked sizes)
        | None -> sizes

    /// Stops where a module can't have it: `taken` are the names that its children and what it has already go by.
    let check tag kind (taken: string seq) (arguments: string -> Dim) (own: OwnTensor) =
        let wrong problem = Fail.with' (WrongStructure(tag, kind, problem))

        if not (Tag.isName own.Name) then
            wrong $"'{own.Name}' can't be the name of a {what own}: a name has {Tag.nameRule}."

        if Seq.contains own.Name taken then wrong $"there are two of the name '{own.Name}'."

        if own.IsTrained && not (DType.isFloating own.DType) then
            wrong
                $"its parameter '{own.Name}' can't be {DType.print own.DType}: gradients are of floating-point numbers."

        sizes tag kind arguments own |> ignore
