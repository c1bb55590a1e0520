namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp
open Checked

/// Windows that slide over an image.
module internal Windows =
    /// What comes of each kind of numbers: elements are moved, and added where windows overlap.
    let kinds = KindRule.row (Some ElementKind.Boolean) None ElementKind.Floating

    let kernelSize = Spatial.perDimension 2 1 "kernel_size" "The sizes of a window."

    let dilation =
        Spatial.perDimension 2 1 "dilation" "The distance between the elements of a window."
        |> Param.withDefault [ 1 ]

    let padding =
        Spatial.perDimension 2 0 "padding" "How many zeros are added at each side."
        |> Param.withDefault [ 0 ]

    let stride = Spatial.perDimension 2 1 "stride" "How far the windows move." |> Param.withDefault [ 1 ]

    /// How many elements a window has.
    let elements (arguments: Arguments) : int64 = Spatial.get 2 arguments kernelSize |> List.fold (*) 1L

    /// How many windows there are in each dimension of an image. Source: PyTorch docs, torch.nn.Unfold, "Shape".
    let counts (arguments: Arguments) problem (sizes: Dim list) : Result<Dim list, OpShape.Problem> =
        let all = Spatial.get 2 arguments
        let kernel, dilation, padding, stride = all kernelSize, all dilation, all padding, all stride

        sizes
        |> Spatial.map problem (fun i size ->
            let room = size + 2L * padding[i] - dilation[i] * (kernel[i] - 1L) - 1L
            if room < 0L then None else Some(room / stride[i] + 1L))

    /// The arguments as PyTorch prints them.
    let extra (keys: Param list) (arguments: Arguments) : string =
        keys |> List.map (fun key -> $"{key.Name}={Extra.sizes arguments[key.Name]}") |> String.concat ", "

    /// The product of sizes.
    let product (sizes: Dim list) : Dim =
        let times a b =
            match a, b with
            | Known a, Known b -> Known(a * b)
            | _ -> Unknown

        List.reduce times sizes

module internal Unfold =
    let kernelSize = Windows.kernelSize
    let dilation = Windows.dilation
    let padding = Windows.padding
    let stride = Windows.stride

    let private rule =
        Spatial.split 2 (fun arguments ->
            let elements = Windows.elements arguments

            fun batch channels sizes ->
                let input = Ranked(batch @ channels :: sizes)

                Windows.counts arguments (fun () -> Rule.fail "an image that a window fits in" input) sizes
                |> Result.bind (fun counts ->
                    let rows = Dim.map (fun channels -> channels * elements) channels
                    Rule.gives (Ranked(batch @ [ rows; Windows.product counts ]))))

    let definition =
        Layer.create
            "Unfold"
            [ kernelSize; dilation; padding; stride ]
            rule
            "The elements of each window that slides over an image, as a column."
            "(N, C, H, W) → (N, C · the elements of a window, the number of windows), or both without N"
        |> Layer.taking Windows.kinds
        |> Definition.withExample [ kernelSize => [ 3 ] ] [ Spatial.input 2 3 8 ]
        |> Definition.withExtra (Windows.extra [ kernelSize; dilation; padding; stride ])

module internal Fold =
    let outputSize = Spatial.perDimension 2 1 "output_size" "The height and width of the image."
    let kernelSize = Windows.kernelSize
    let dilation = Windows.dilation
    let padding = Windows.padding
    let stride = Windows.stride

    // Source: PyTorch docs, torch.nn.Fold, "Shape".
    let private rule =
        Rule.ofRank (fun rank -> rank = 2 || rank = 3) "of 3 dimensions (N, C, L), or 2 (C, L)" (fun arguments ->
            let elements = Windows.elements arguments
            let image = Spatial.get 2 arguments outputSize |> List.map Known
            let noImage () = Rule.fail "an output_size that a window fits in" (Ranked image)

            fun dims ->
                let batch, columns = List.splitAt (dims.Length - 2) dims

                Windows.counts arguments noImage image
                |> Result.bind (fun counts ->
                    match columns, Windows.product counts with
                    | [ Known rows; _ ], _ when rows % elements <> 0L ->
                        Rule.fail $"rows divisible by the {string elements} elements of a window" (Ranked dims)
                    | [ rows; windows ], count when (Dim.unify windows count).IsSome ->
                        let channels = Dim.map (fun rows -> rows / elements) rows
                        Rule.gives (Ranked(batch @ channels :: image))
                    | _, count -> Rule.fail $"{count} columns, one for each window" (Ranked dims)))

    let definition =
        Layer.create
            "Fold"
            [ outputSize; kernelSize; dilation; padding; stride ]
            rule
            "An image out of windows that slide over it, each given as a column: where they overlap, their elements are added."
            "(N, C · the elements of a window, the number of windows) → (N, C, H, W), or both without N"
        |> Layer.taking Windows.kinds
        |> Definition.withExample [ outputSize => [ 8 ]; kernelSize => [ 2 ] ] [ Example.tensor [ 2; 12; 49 ] ]
        |> Definition.withExtra (Windows.extra [ outputSize; kernelSize; dilation; padding; stride ])
