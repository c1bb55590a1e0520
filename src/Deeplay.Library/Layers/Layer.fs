namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// What every layer of the library is a special case of: a module that the engine makes, with PyTorch's name,
/// parameters and defaults.
module internal Layer =
    /// Never used itself; selecting by this kind finds every layer.
    let definition =
        Definition.primitive "Layer" [] (fun _ _ ->
            Error
                {
                    Expected = "to be one of the layers there are, such as Linear"
                    Found = "the kind that all layers are based on"
                })
        |> Definition.withDocumentation "What every layer is a special case of."

/// What the shape rules of layers have in common.
module internal Rule =
    let fail expected (found: obj) : Result<'a, OpShape.Problem> =
        Error { Expected = expected; Found = string found }

    /// One output, nothing inferred.
    let gives shape : Result<Inference, OpShape.Problem> = Ok { Outputs = [ shape ]; Inferred = [] }

    /// The rule of a layer with one input.
    let one (rule: Arguments -> Shape -> Result<Inference, OpShape.Problem>) : ShapeRule =
        fun arguments inputs ->
            match inputs with
            | [ input ] -> rule arguments input
            | _ -> fail "1 input" inputs.Length

    /// The output has the shape of the input.
    let same: ShapeRule = one (fun _ input -> gives input)

    /// The output has the shape of the input, which must have one of these numbers of dimensions.
    let sameOfRank (ranks: int list) words : ShapeRule =
        one (fun _ input ->
            match Shape.rank input with
            | Some rank when not (List.contains rank ranks) -> fail $"an input {words}" input
            | _ -> gives input)

    /// A width that is set must be that of the input; one that is not set is inferred where the input's is known.
    /// `words` says where the width is looked for, as in "last dimension".
    let width
        (arguments: Arguments)
        (key: Param<int>)
        (words: string)
        (found: Dim)
        (input: Shape)
        : Result<Dim * (string * Value) list, OpShape.Problem> =
        match arguments.TryGet key, found with
        | Some width, Known size when int64 width <> size -> fail $"{words} {string width}" input
        | Some width, _ -> Ok(Known(int64 width), [])
        | None, Known size -> Ok(found, [ key.Name, Int size ])
        | None, Unknown -> Ok(Unknown, [])

/// A layer's definition: an engine-made module based on `Layer`.
module internal LayerDefinition =
    let create id parameters rule documentation extra : Definition =
        Definition.primitive id parameters rule
        |> Definition.withDocumentation documentation
        |> Definition.withSource $"torch.nn.{id}"
        |> Definition.withExtra extra
        |> Definition.withBase Layer.definition

/// Printing arguments as PyTorch's `extra_repr` does.
module internal Extra =
    /// The value as Python prints it, `?` where it is not known.
    let value (arguments: Arguments) name =
        match arguments[name] with
        | Unset -> "?"
        | value -> Value.print value

    /// `name=value` for each name.
    let named (names: string list) (arguments: Arguments) =
        names |> List.map (fun name -> $"{name}={value arguments name}") |> String.concat ", "

    /// Whole numbers as a tuple of Python: `(3,)`, `(3, 3)`.
    let tuple (numbers: int64 list) =
        match numbers with
        | [ one ] -> $"({string one},)"
        | _ -> $"({Number.list numbers})"

    /// One number, or several as a tuple, as they were given.
    let sizes (value: Value) =
        match value with
        | Unset -> "?"
        | List items ->
            match items with
            | [ one ] -> $"({Value.print one},)"
            | _ -> "(" + System.String.Join(", ", List.map Value.print items) + ")"
        | value -> Value.print value

    /// Nothing between the parentheses.
    let none (_: Arguments) = ""

/// The parameters that a layer trains, by PyTorch's names and in its order.
module internal Weights =
    let private size (arguments: Arguments) name =
        match arguments[name] with
        | Int size -> Some size
        | _ -> None

    /// `weight`, and `bias` where the parameter of that name asks for it, sized by other parameters; none where one of
    /// these is not set.
    let weightAndBias (names: string list) (biasName: string) (arguments: Arguments) =
        let sizes = names |> List.map (size arguments)

        if List.forall Option.isSome sizes then
            [
                "weight", List.choose id sizes
                if arguments["bias"] = Bool true then "bias", Option.toList (size arguments biasName)
            ]
        else
            []

    /// `weight` and `bias` of one number for each channel, where the layer is affine.
    let affine (channels: string) (arguments: Arguments) =
        match size arguments channels with
        | Some size when arguments["affine"] = Bool true -> [ "weight", [ size ]; "bias", [ size ] ]
        | _ -> []

    /// `weight` alone, sized by parameters.
    let weight (names: string list) (arguments: Arguments) =
        let sizes = names |> List.map (size arguments)

        if List.forall Option.isSome sizes then [ "weight", List.choose id sizes ] else []

/// Parameters that several layers have.
module internal Common =
    /// The same key, where null means the same as not being set.
    let nullable (key: Param<'T>) : Param<'T> =
        key.With(fun p ->
            { p with
                Type = OrNull p.Type
                Default = (if p.Default = Unset then Null else p.Default)
                Check =
                    fun value ->
                        match value with
                        | Null -> None
                        | value -> p.Check value
            })

    let positive (name: string) : Param<int> = Param.int name |> Param.atLeast 1

    let bias =
        Param.bool "bias"
        |> Param.withDefault true
        |> Param.withDocumentation "Whether a learned bias is added."

    let inplace =
        Param.bool "inplace"
        |> Param.withDefault false
        |> Param.withDocumentation "Whether the input is overwritten."

    let eps standard =
        Param.float "eps"
        |> Param.withDefault standard
        |> Param.withDocumentation "Added to the variance, for numerical stability."
