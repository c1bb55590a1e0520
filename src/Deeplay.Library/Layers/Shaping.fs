namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// `torch.nn.Identity`: gives its input back.
module internal Identity =
    /// No parameters.
    let definition =
        LayerDefinition.create "Identity" [] Rule.same "Gives its input back." Extra.none
        |> Definition.withShapes "(…) → the same"

/// `torch.nn.Flatten`: several dimensions made into one.
module internal Flatten =
    /// The first dimension to be flattened.
    let startDim =
        Param.int "start_dim"
        |> Param.withDefault 1
        |> Param.withDocumentation "The first dimension to be flattened."

    /// The last dimension to be flattened.
    let endDim =
        Param.int "end_dim"
        |> Param.withDefault -1
        |> Param.withDocumentation "The last dimension to be flattened."

    // Source: PyTorch docs, torch.nn.Flatten, "Shape".
    let private rule =
        Rule.one (fun arguments input ->
            OpShape.infer (Op.Flatten(arguments.Get startDim, arguments.Get endDim)) [ input ]
            |> Result.bind Rule.gives)

    /// Parameters: start_dim, end_dim.
    let definition =
        LayerDefinition.create
            "Flatten"
            [ startDim; endDim ]
            rule
            "Several dimensions made into one."
            (Extra.named [ "start_dim"; "end_dim" ])
        |> Definition.withShapes "(…, sizes of start_dim to end_dim, …) → (…, their product, …)"

/// `torch.nn.Unflatten`: one dimension made into several.
module internal Unflatten =
    /// The dimension that is taken apart.
    let dim = Param.int "dim" |> Param.withDocumentation "The dimension that is taken apart."

    /// The sizes it is taken apart into; one of them may be -1.
    let unflattenedSize =
        Param.ints "unflattened_size"
        |> Param.withCheck "one size or more, of which one may be -1" (fun sizes ->
            not sizes.IsEmpty
            && List.forall (fun size -> size >= -1) sizes
            && (List.filter ((=) -1) sizes).Length <= 1)
        |> Param.withDocumentation "The sizes it is taken apart into; one of them may be -1."

    // Source: PyTorch docs, torch.nn.Unflatten, "Shape".
    let private rule =
        Rule.one (fun arguments input ->
            match input with
            | Unranked -> Rule.gives Unranked
            | Ranked dims ->
                match Shape.normalize dims.Length (arguments.Get dim) with
                | None -> Rule.fail $"an input with a dimension {string (arguments.Get dim)}" input
                | Some at ->
                    let sizes = arguments.Get unflattenedSize |> List.map int64

                    OpShape.infer (Reshape sizes) [ Ranked [ dims[at] ] ]
                    |> Result.mapError (fun problem -> { problem with Found = string input })
                    |> Result.bind (fun parts ->
                        match parts with
                        | Ranked parts -> Rule.gives (Ranked(dims[.. at - 1] @ parts @ dims[at + 1 ..]))
                        | Unranked -> Rule.gives Unranked))

    /// Parameters: dim, unflattened_size.
    let definition =
        LayerDefinition.create
            "Unflatten"
            [ dim; unflattenedSize ]
            rule
            "One dimension made into several."
            (fun arguments ->
                $"dim={Extra.value arguments dim.Name}, unflattened_size={Extra.sizes arguments[unflattenedSize.Name]}")
        |> Definition.withShapes "(…, size of dim, …) → (…, unflattened_size, …)"

/// The layers of this file.
module internal ShapingLayers =
    let all = [ Identity.definition; Flatten.definition; Unflatten.definition ]
