namespace Deeplay.FSharp

open Deeplay.Core

/// What operations are told by PyTorch's words.
[<RequireQualifiedAccess>]
module internal Modes =
    let private unknown operation names name =
        Fail.with' (
            Malformed(operation, $"""one of {String.concat ", " names}{Nearest.hint name names}""", $"'{name}'")
        )

    /// How an image is made larger or smaller.
    let interpolation (mode: string) alignCorners : Interpolation =
        match mode with
        | "nearest" -> Interpolation.Nearest
        | "nearest-exact" -> Interpolation.NearestExact
        | "area" -> Interpolation.Area
        | "linear"
        | "bilinear"
        | "trilinear" -> Interpolation.Linear alignCorners
        | "bicubic" -> Interpolation.Cubic alignCorners
        | other ->
            let names = [ "nearest"; "nearest-exact"; "area"; "linear"; "bilinear"; "trilinear"; "bicubic" ]
            unknown "interpolate" names other

    /// How a pad is filled.
    let padding (mode: string) (value: float) : PadFill =
        match mode with
        | "constant" -> PadFill.Constant value
        | "reflect" -> PadFill.Reflect
        | "replicate" -> PadFill.Replicate
        | "circular" -> PadFill.Circular
        | other -> unknown "pad" [ "constant"; "reflect"; "replicate"; "circular" ] other

    /// How several elements in one place become one.
    let scatter (reduce: string) : ScatterReduction =
        match reduce with
        | "sum" -> ScatterReduction.Sum
        | "prod" -> ScatterReduction.Prod
        | "mean" -> ScatterReduction.Mean
        | "amax" -> ScatterReduction.Amax
        | "amin" -> ScatterReduction.Amin
        | other -> unknown "scatter_reduce" [ "sum"; "prod"; "mean"; "amax"; "amin" ] other
