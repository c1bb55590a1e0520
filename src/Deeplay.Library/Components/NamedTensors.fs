namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// Takes tensors out of named tensors.
module internal FromDict =
    let keys =
        Param.list (Param.text "keys")
        |> Param.withCheck "one name or more" (fun keys -> not keys.IsEmpty)
        |> Param.withDocumentation "The names of the tensors, in the order in which they are given."

    let definition =
        Definition.create "FromDict" [ keys ] (fun arguments ->
            let keys = arguments.Get keys

            init { return forwardMany [ "input" ] (fun inputs -> [ for key in keys -> Op.get key inputs.Head ]) })
        |> Definition.withDocumentation "Some of named tensors: the one of a name, or several."
        |> Definition.withExtra (fun arguments ->
            arguments.TryGet keys |> Option.map (String.concat ", ") |> Option.defaultValue "?")
        |> Definition.withShapes "named tensors → those of these names"
        |> Definition.withSource "Deeplay, FromDict"
        |> Definition.withExample
            [ keys => [ "x" ] ]
            [ Example.named "x" (Example.tensor [ 4; 3 ]); Example.named "y" (Example.tensor [ 4; 2 ]) ]

/// Adds tensors of the same names.
module internal AddDict =
    let keys =
        Param.list (Param.text "keys")
        |> Param.withCheck "one name or more" (fun keys -> not keys.IsEmpty)
        |> Param.withDocumentation "The names of the tensors that are added."

    let definition =
        Definition.create "AddDict" [ keys ] (fun arguments ->
            let add (inputs: Sym list) (sums: Sym) key = Op.put key (Op.get key inputs[0] + Op.get key inputs[1]) sums

            init {
                return
                    forwardOf [ "input"; "other" ] (fun inputs ->
                        List.fold (add inputs) inputs.Head (arguments.Get keys))
            })
        |> Definition.withDocumentation
            "Named tensors, to some of which those of the same names among others are added: what makes one of the two in a LayerSkip over named tensors."
        |> Definition.withExtra (fun arguments ->
            arguments.TryGet keys |> Option.map (String.concat ", ") |> Option.defaultValue "?")
        |> Definition.withShapes "named tensors, and others with these keys → the first, some of them sums"
        |> Definition.withSource "Deeplay, AddDict"
        |> Definition.withExample [ keys => [ "x" ] ] []

/// A layer with a way past it.
module internal LayerSkip =
    let layer = Param.spec "layer" |> Param.withDocumentation "The layer."

    let skip =
        Param.spec "skip"
        |> Param.withDefault (Spec.create Add.definition Map.empty)
        |> Param.withDocumentation
            "What makes one of what the layer gives and of the input, in this order; their sum by default."

    let keys =
        Param.list (Param.text "keys")
        |> Key.optional
            "Where the layer takes and gives named tensors, the names of those that there is a way past it for: an output for each. Null for plain tensors."

    let definition =
        Definition.create "LayerSkip" [ layer; skip; keys ] (fun arguments ->
            init {
                let! layer = child "layer" (arguments.Get layer)
                let! skip = child "skip" (arguments.Get skip)

                return
                    forwardMany [ "input" ] (fun inputs ->
                        let input = inputs.Head
                        let output = call layer input

                        match arguments.Get keys with
                        | None -> [ callOn skip [ output; input ] ]
                        | Some keys -> [ for key in keys -> callOn skip [ Op.get key output; Op.get key input ] ])
            })
        |> Definition.withDocumentation "A layer, and its input added to what it gives."
        |> Definition.withPositional [ layer ]
        |> Definition.withShapes "what the layer takes → what it gives"
        |> Definition.withSource "Deeplay, LayerSkip"
        |> Definition.withExample [ layer => Samples.linear 8 8 ] [ Example.tensor [ 2; 8 ] ]
