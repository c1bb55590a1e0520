namespace Deeplay.Torch

open System
open Deeplay.Core
open TorchSharp

/// What a built model takes: inputs of these shapes, in its order. `model` is who is named in errors. Floats are of one of the
/// parameters' dtypes, or of one that the model `takes`.
[<Sealed>]
type internal ModelInputs
    (model: Node, form: InputForm, shapes: InputShape list, dtypes: torch.ScalarType list, takes: Inputs -> bool) =
    let names = shapes |> List.map _.Name
    let keys = Array.ofList names
    let form = InputForm.ofBuilt names form

    let isKeyed =
        match form with
        | ByKey _ -> true
        | ByPlace _ -> false

    // A single input needs no name to be told from others.
    let label place = if keys.Length = 1 && not isKeyed then "inputs" else keys[place]

    let wrong place expected found =
        Fail.with' (WrongValue(model.Tag, model.Definition.Id, label place, expected, found))

    let rowsOf (shape: InputShape) = InputShape.print { shape with Name = "" }

    let isForeign (tensor: Tensor) =
        torch.is_floating_point tensor && not (dtypes.IsEmpty || List.contains tensor.dtype dtypes)

    /// The inputs in the model's order, under its names.
    member _.Arrange(given: Inputs) : Inputs =
        let isByPlace = given.Keys.Length = 0 && not isKeyed && given.Count = keys.Length

        if isByPlace || (given.Keys.Length > 0 && given.Keys.AsSpan().SequenceEqual(keys.AsSpan())) then
            given
        else
            let concerned = InputForm.concerned form given.Names
            InputForm.order model form concerned given.Count |> ignore
            given |> Inputs.inOrder keys

    /// Stops with what the model takes.
    member this.Check(given: Inputs) : unit =
        InputForm.order model form (InputForm.meant form given.Names) given.Count |> ignore
        let given = this.Arrange given
        let rows = given.Tensors[0]

        shapes
        |> List.iteri (fun place shape ->
            let tensor = given.Tensors[place]

            if tensor.dim () <> int64 shape.Shape.Length + 1L then
                wrong
                    place
                    $"of shape {rowsOf shape}, examples along the first dimension"
                    (string (Shape.known tensor.shape))

            if not given.IsGraph && tensor.shape[0] <> rows.shape[0] then
                let expected = $"{string rows.shape[0]} examples along the first dimension, as '{label 0}' is"
                wrong place expected (string (Shape.known tensor.shape)))

        match Array.tryFindIndex isForeign given.Tensors with
        | Some place when rows.shape[0] > 0L && not (takes given) ->
            let own = dtypes |> List.map Shown.dtype |> String.concat " or "
            wrong place $"in {own}, as its parameters are" (Shown.dtype given.Tensors[place].dtype)
        | _ -> ()

    /// Of several inputs that the model failed on, the one that it takes in the shape it was built for, or in another dtype: an error
    /// that names it. None where no one of them alone is to blame.
    member this.Blame(given: Inputs) : Error option =
        use _scope = torch.NewDisposeScope()
        // Of a graph no row stands for all.
        let isGraph = given.IsGraph

        let given =
            this.Arrange given
            |> Inputs.map (fun tensor -> if isGraph then tensor else tensor.narrow (0L, 0L, 1L))

        let error place expected found = WrongValue(model.Tag, model.Definition.Id, label place, expected, found)

        let others place (shape: InputShape) =
            let tensor = given.Tensors[place]
            let sizes = 1L :: shape.Shape

            [
                if List.ofArray tensor.shape <> sizes then
                    let found = InputShape.print (InputShape.create "" (List.tail (List.ofArray tensor.shape)))
                    let expected = $"of a shape such as {rowsOf shape}"
                    torch.zeros (Array.ofList sizes, dtype = tensor.dtype), error place expected found

                for dtype in dtypes @ [ torch.int64; torch.bool ] do
                    if dtype <> tensor.dtype then
                        tensor.``to`` dtype, error place $"in {Shown.dtype dtype}" (Shown.dtype tensor.dtype)
            ]

        (if isGraph then [] else shapes)
        |> List.mapi (fun place shape -> others place shape |> List.map (fun (other, error) -> place, other, error))
        |> List.concat
        |> List.tryPick (fun (place, other, error) ->
            if takes (Inputs.replace place other given) then Some error else None)
