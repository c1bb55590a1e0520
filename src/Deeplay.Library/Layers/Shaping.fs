namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

module internal Identity =
    let definition =
        Layer.create "Identity" [] Rule.same "Gives its input back." "(…) → the same"
        |> Layer.taking KindRule.kept
        |> Definition.withExample [] [ Example.tensor [ 2; 3 ] ]

module internal Flatten =
    let startDim = Key.whole "start_dim" 1 "The first dimension to be flattened."
    let endDim = Key.whole "end_dim" -1 "The last dimension to be flattened."

    // Source: PyTorch docs, torch.nn.Flatten, "Shape".
    let private rule =
        Rule.one (fun arguments input ->
            ArrangeShape.flatten (arguments.Get startDim) (arguments.Get endDim) input |> Result.bind Rule.gives)

    let definition =
        Layer.create
            "Flatten"
            [ startDim; endDim ]
            rule
            "Several dimensions made into one."
            "(…, sizes of start_dim to end_dim, …) → (…, their product, …)"
        |> Layer.taking KindRule.kept
        |> Definition.withExample [] [ Example.tensor [ 2; 3; 4; 4 ] ]

module internal Unflatten =
    let dim = Param.int "dim" |> Param.withDocumentation "The dimension that is taken apart."

    let unflattenedSize =
        Param.ints "unflattened_size"
        |> Param.withCheck "one size or more, of which one may be -1" (fun sizes ->
            not sizes.IsEmpty
            && List.forall (fun size -> size >= -1) sizes
            && (List.filter ((=) -1) sizes).Length <= 1)
        |> Param.withDocumentation "The sizes it is taken apart into; one of them may be -1."

    // Source: PyTorch docs, torch.nn.Unflatten, "Shape".
    let private rule =
        Rule.ranked (fun arguments dims ->
            match Shape.normalize dims.Length (arguments.Get dim) with
            | None -> Rule.fail $"an input with a dimension {string (arguments.Get dim)}" (Ranked dims)
            | Some at ->
                let sizes = arguments.Get unflattenedSize |> List.map (int64 >> Known)

                OpShape.inferSized SizedOp.Reshape sizes [ Ranked [ dims[at] ] ]
                |> Result.mapError (fun problem -> { problem with Found = string (Ranked dims) })
                |> Result.bind (function
                    | Ranked parts -> Rule.gives (Ranked(dims[.. at - 1] @ parts @ dims[at + 1 ..]))
                    | Unranked -> Rule.gives Unranked))

    let definition =
        Layer.create
            "Unflatten"
            [ dim; unflattenedSize ]
            rule
            "One dimension made into several."
            "(…, size of dim, …) → (…, unflattened_size, …)"
        |> Layer.taking KindRule.kept
        |> Definition.withExample [ dim => 1; unflattenedSize => [ 3; 4 ] ] [ Example.tensor [ 2; 12 ] ]
        |> Definition.withExtra (fun a ->
            $"""dim={Extra.value a "dim"}, unflattened_size={Extra.sizes a["unflattened_size"]}""")
