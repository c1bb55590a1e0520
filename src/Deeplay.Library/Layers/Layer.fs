namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// Sizes of dimensions.
module internal Sizes =
    /// The sizes that a value says for `n` dimensions.
    let ofValue n (value: Value) : int64 list =
        match value with
        | Int size
        | List [ Int size ] -> List.replicate n size
        | List items ->
            items
            |> List.choose (function
                | Int size -> Some size
                | _ -> None)
        | _ -> []

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

    /// The values of some names by themselves, then `name=value` for others.
    let placed (names: string list) (others: string list) (arguments: Arguments) =
        List.map (value arguments) names @ [ named others arguments ] |> String.concat ", "

    /// Whole numbers as a tuple of Python: `(3,)`, `(3, 3)`.
    let tuple (numbers: int64 list) =
        match numbers with
        | [ one ] -> $"({string one},)"
        | _ -> $"({Number.list numbers})"

    /// One number, or several as a tuple, as they were given.
    let sizes (value: Value) =
        match value with
        | Unset -> "?"
        | List [ one ] -> $"({Value.print one},)"
        | List items -> "(" + System.String.Join(", ", List.map Value.print items) + ")"
        | value -> Value.print value

/// What every layer of the library is a special case of: a module that torch makes, with PyTorch's name,
/// parameters and defaults. Selecting by this kind finds every layer.
module internal Layer =
    let definition =
        Definition.primitive "Layer" [] (fun _ _ ->
            Rule.fail "to be one of the layers there are, such as Linear" "the kind that all layers are based on")
        |> Definition.withDocumentation "What every layer is a special case of."

    let private make parent id (parameters: Param list) rule documentation shapes : Definition =
        Definition.primitive id parameters rule
        |> Definition.withDocumentation documentation
        |> Definition.withShapes shapes
        |> Definition.withExtra (Extra.named [ for key in parameters -> key.Name ])
        |> Definition.withElements (KindRule.each KindRule.floatsAlone)
        |> Definition.withBase parent

    /// A definition based on `Layer`, or on a special case of it, that prints all its parameters.
    let basedOn parent id parameters rule documentation shapes : Definition =
        make parent id parameters rule documentation shapes |> Definition.withSource $"torch.nn.{id}"

    /// A layer that PyTorch has not.
    let own id = make definition id

    let create id = basedOn definition id

    /// A layer that takes other kinds of numbers than floating-point ones, all of its inputs by this row. Source: libtorch, which the
    /// tests ask.
    let taking (row: KindRule.Row) : Definition -> Definition = Definition.withElements (KindRule.each row)

    /// One that takes floating-point numbers as its first `count` inputs, whatever comes behind these.
    let floatsFirst count : ElementKind list -> Result<ElementKind list, ShapeProblem> =
        let (ElementRule floats) = KindRule.each KindRule.floatsAlone
        List.truncate count >> floats

/// The parameters that a layer trains, by PyTorch's names and in its order; none where a size is not set.
module internal Weights =
    /// `weight`, sized by the parameters `names`, and `bias`, sized by the first of them, where the layer has one.
    let weightAndBias hasBias names (arguments: Arguments) =
        match names |> List.collect (fun name -> Sizes.ofValue 1 arguments[name]) with
        | sizes when sizes.Length < List.length names -> []
        | sizes -> [ "weight", sizes; if hasBias arguments then "bias", [ sizes.Head ] ]

    /// `weight` and `bias` of one number for each channel, where the layer is affine.
    let affine channels (arguments: Arguments) =
        if arguments["affine"] = Bool true then weightAndBias (fun _ -> true) [ channels ] arguments else []

/// Keys as many layers have them, and what they demand together.
module internal Key =
    /// A whole number of at least 1.
    let positive name documentation : Param<int> =
        Param.int name |> Param.atLeast 1 |> Param.withDocumentation documentation

    /// How many blocks or inputs something has. Nobody has more, and a file that is read may ask for any number.
    let count name documentation : Param<int> =
        Param.int name
        |> Param.withCheck "an int from 1 to 10000" (fun n -> n >= 1 && n <= 10_000)
        |> Param.withDocumentation documentation

    /// Whole numbers, one at the least: one for each stage of a network.
    let each (key: Param<int>) documentation : Param<int list> =
        Param.list key
        |> Param.withCheck "one positive int or more" (List.isEmpty >> not)
        |> Param.withDocumentation documentation

    let number name standard documentation =
        Param.float name |> Param.withDefault standard |> Param.withDocumentation documentation

    let notNegative name standard documentation =
        number name standard documentation |> Param.withCheck "a float of at least 0" (fun x -> x >= 0.0)

    let whole name standard documentation =
        Param.int name |> Param.withDefault standard |> Param.withDocumentation documentation

    let flag name standard documentation =
        Param.bool name |> Param.withDefault standard |> Param.withDocumentation documentation

    let choice choices name standard documentation =
        Param.oneOf choices name |> Param.withDefault standard |> Param.withDocumentation documentation

    /// The same key, where null means the same as not being set.
    let nullable (key: Param<'T>) : Param<'T> =
        key.With(fun p ->
            { p with
                Type = OrNull p.Type
                Default = (if p.Default = Unset then Null else p.Default)
                Check = fun value -> if value = Null then None else p.Check value
            })

    /// The same key, whose value may be null, as it is by default.
    let optional documentation (key: Param<'T>) : Param<'T option> =
        Param.optional key |> Param.withDefault None |> Param.withDocumentation documentation

    /// A module that may be null, as it is by default.
    let optionalSpec name documentation = Param.spec name |> optional documentation

    /// The same key, which takes what `check` takes, given the key's own check, and has this default.
    let mixed standard check (key: Param<'T>) : Param<'T> =
        key.With(fun p -> { p with Type = AnyType; Default = standard; Check = check p.Check })

    let probabilityOf name documentation =
        Param.float name
        |> Param.withCheck "a probability from 0 to 1" (fun p -> p >= 0.0 && p <= 1.0)
        |> Param.withDocumentation documentation

    let probability documentation = probabilityOf "p" documentation

    /// The probability of a dropout within something larger; 0, which is none, by default.
    let dropout documentation = probabilityOf "dropout" documentation |> Param.withDefault 0.0

    let bias = flag "bias" true "Whether a learned bias is added."
    let inplace = flag "inplace" false "Whether the input is overwritten."
    let eps = number "eps" 1e-5 "Added to the variance, for numerical stability."

    let affine standard = flag "affine" standard "Whether the result is scaled and shifted by learned numbers."

    /// What is wrong where groups don't divide all of these channels.
    let groupsDivide (groups: Param<int>) (channels: Param<int> list) (arguments: Arguments) : (Param * string) list =
        [
            for key in channels do
                match arguments.TryGet groups, arguments.TryGet key with
                | Some groups, Some channels when channels % groups <> 0 ->
                    key, $"divisible by the {string groups} groups"
                | _ -> ()
        ]
