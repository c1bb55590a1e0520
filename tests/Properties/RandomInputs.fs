/// What random models are, and what they are called with.
module internal Deeplay.Properties.RandomInputs

open FsCheck
open FsCheck.FSharp
open Deeplay.Core
open Deeplay.FSharp

/// What the numbers of an input are.
type Content =
    | Real
    /// Whole numbers from 0 on, below this one.
    | Whole of below: int
    | Truth

module Content =
    let kind (content: Content) : ElementKind =
        match content with
        | Real -> ElementKind.Floating
        | Whole _ -> ElementKind.Whole
        | Truth -> ElementKind.Boolean

/// One input of a model, batch included; its key counts where the model takes named tensors.
type Input = { Key: string; Content: Content; Shape: int64 list }

/// A model with inputs that it may or may not take.
[<StructuredFormatDisplay("{Text}"); NoComparison>]
type Model =
    {
        Spec: ModuleSpec
        Inputs: Input list
        IsNamed: bool
    }

    member this.Text =
        let input (one: Input) =
            let key = if this.IsNamed then one.Key + ": " else ""
            $"{key}{Shape.known one.Shape} of {one.Content}"

        let inputs = this.Inputs |> List.map input |> String.concat ", "
        let steps = this.Spec.Steps |> List.rev |> List.map Tape.describe |> String.concat "\n"
        $"{inputs} into\n{Value.printSpec this.Spec}\n{steps}\n{this.Spec}"

[<RequireQualifiedAccess>]
module Input =
    let real dims : Input = { Key = ""; Content = Real; Shape = List.map int64 dims }
    let whole below dims : Input = { real dims with Content = Whole below }
    let truth dims : Input = { real dims with Content = Truth }
    let named key (input: Input) : Input = { input with Key = key }

[<RequireQualifiedAccess>]
module Model =
    let of' inputs spec : Model = { Spec = spec; Inputs = inputs; IsNamed = false }

    /// What inference is told of the inputs.
    let flowing (model: Model) : Flowing list =
        let one (input: Input) : Foreseen = { Shape = Shape.known input.Shape; Kind = Content.kind input.Content }

        if model.IsNamed then
            [ Several(Map.ofList [ for input in model.Inputs -> input.Key, one input ]) ]
        else
            [ for input in model.Inputs -> One(one input) ]

    /// What is inferred of the model, or why it is refused.
    let inferred (model: Model) =
        Construct.tree model.Spec |> Result.bind (Infer.flow (flowing model)) |> Result.map fst

    /// Whether the width of every layer is known, so that it can be built: not that of one that an edit left where nobody calls
    /// it, or whose input is as large as the numbers say.
    let isWhole (model: Model) =
        let isOpen (node: Node) =
            match node.Definition.Body with
            | Composite _ -> false
            | Primitive _ ->
                node.Definition.Signature.Parameters
                |> Array.exists (fun p -> p.IsInferred && node.Arguments[p.Name] = Unset)

        match inferred model with
        | Error _ -> true
        | Ok outcome -> not (Tree.walk outcome.Root |> Seq.exists (fun (_, node, _) -> isOpen node))

    let isInferred model = Result.isOk (inferred model)

    /// The sizes of the one tensor that the model gives, where it is one and they are known.
    let output (model: Model) : int list option =
        match inferred model with
        | Ok { Outputs = [ Tensor shape ] } -> Shape.tryKnown shape |> Option.map (List.map int)
        | _ -> None

/// Small generators.
[<RequireQualifiedAccess>]
module Draw =
    /// True in so many of a hundred cases.
    let chance percent : Gen<bool> = Gen.choose (1, 100) |> Gen.map (fun n -> n <= percent)

    let list low high (item: Gen<'T>) : Gen<'T list> =
        Gen.choose (low, high) |> Gen.bind (fun count -> Gen.listOfLength count item)

    /// A value that passes, or after some tries any.
    let rec trying tries passes (item: Gen<'T>) : Gen<'T> =
        gen {
            let! drawn = item

            if tries = 0 || passes drawn then return drawn else return! trying (tries - 1) passes item
        }

    let divisor (number: int) : Gen<int> =
        Gen.elements
            [
                for n in 1 .. max 1 number do
                    if max 1 number % n = 0 then n
            ]

    /// The sizes of `n` spatial dimensions. Volumes are smaller than images, and these than sequences.
    let sizes n : Gen<int list> =
        match n with
        | 1 -> Gen.listOfLength 1 (Gen.choose (1, 14))
        | 2 -> Gen.listOfLength 2 (Gen.choose (1, 12))
        | _ -> Gen.listOfLength n (Gen.choose (1, 6))

    /// (N, C, …), or now and then (C, …), with `n` spatial dimensions.
    let spatial n : Gen<int list> =
        gen {
            let! batch = Gen.frequency [ 6, Gen.map List.singleton (Gen.choose (1, 3)); 1, Gen.constant [] ]
            let! channels = Gen.choose (1, 4)
            let! sizes = sizes n
            return batch @ channels :: sizes
        }

    /// Any sizes, the last one a bit larger.
    let any: Gen<int list> =
        gen {
            let! before = list 1 3 (Gen.choose (1, 4))
            let! last = Gen.choose (1, 6)
            return before @ [ last ]
        }
