namespace Deeplay.Torch

open System
open Deeplay.Core
open Deeplay.Library
open TorchSharp

/// Mean and standard deviation of each feature: of the training part alone, or what is tested is no longer unseen.
type Standardization =
    {
        /// One for each feature, in its unit.
        Mean: float list
        /// One for each feature, in its unit; 1 where all values are one.
        Std: float list
        /// The dimension of the features.
        Dim: int
    }

/// What is learned from data so that features have mean 0 and standard deviation 1, and the layers that do it.
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Standardization =
    // So that the copies in float64 stay small.
    let private chunk = 1L <<< 22

    // The sum over all dimensions but one of what `f` makes of each part, in float64.
    let private sum (f: torch.Tensor -> torch.Tensor) (at: int64) (tensor: torch.Tensor) : torch.Tensor =
        let count = tensor.shape[0]
        let size = max 1L (chunk / max 1L (tensor.NumberOfElements / count))

        let others =
            [|
                for dim in 0L .. tensor.dim () - 1L do
                    if dim <> at then dim
            |]

        let total = torch.zeros (tensor.shape[int at], dtype = torch.ScalarType.Float64)

        for start in 0L .. size .. count - 1L do
            use _scope = torch.NewDisposeScope()
            let part = tensor.narrow(0L, start, min size (count - start)).cpu().``to`` torch.ScalarType.Float64
            Numbers.addTo total ((f part).sum(ReadOnlySpan others))

        total

    /// Of each feature of a tensor (N, …), the features along dimension `dim`, which is not the first: mean and standard
    /// deviation over everything else, computed in float64. The deviation is that of scikit-learn's StandardScaler: over N and
    /// not N − 1, and 1 where a feature is constant. Numbers that are not finite are an error.
    let ofTensor (dim: int) (tensor: torch.Tensor) : Standardization =
        let fail expected found = Fail.with' (Malformed("standardize", expected, found))
        let rank = int (tensor.dim ())

        let at =
            match Shape.normalize rank dim with
            | Some at when at > 0 -> at
            | _ ->
                fail
                    $"a tensor with features in dimension {string dim}, after the first"
                    (string (Shape.known tensor.shape))

        if tensor.NumberOfElements = 0L then fail "at least one value" (string (Shape.known tensor.shape))
        use _scope = torch.NewDisposeScope()
        let count = float (tensor.NumberOfElements / tensor.shape[at])
        use number = Numbers.real count
        let mean = (sum id (int64 at) tensor).div number

        let shape = [| for i in 0 .. rank - 1 -> if i = at then mean.shape[0] else 1L |]
        let center = mean.reshape shape

        let squares (part: torch.Tensor) =
            let off = part.sub center
            off.mul off

        let variance = (sum squares (int64 at) tensor).div number
        let means, variances = mean.data<float>().ToArray(), variance.data<float>().ToArray()

        match means |> Array.tryFindIndex (Double.IsFinite >> not) with
        | Some feature -> fail "finite numbers" $"others in feature {string feature}"
        | None -> ()

        // What rounding alone makes of a constant. Source: scikit-learn, sklearn.preprocessing, _is_constant_feature.
        let isConstant mean variance =
            let eps = Math.BitIncrement 1.0 - 1.0
            variance <= count * eps * variance + (count * mean * eps) ** 2.0

        {
            Mean = List.ofArray means
            Std =
                [
                    for mean, variance in Array.zip means variances ->
                        if isConstant mean variance then 1.0 else sqrt variance
                ]
            Dim = dim
        }

    /// The same of a dataset's inputs. Give it the training part alone. One of several inputs is a tensor of `AllInputs`.
    let ofInputs (dim: int) (data: Dataset) : Standardization = ofTensor dim data.Inputs

    /// The same of a dataset's targets, such as (N, 1) of a regression.
    let ofTargets (dim: int) (data: Dataset) : Standardization = ofTensor dim data.Targets

    let private spec definition (s: Standardization) : ModuleSpec =
        let floats (numbers: float list) = Value.List(List.map Float numbers)

        Spec.create
            definition
            (Map.ofList
                [
                    Standardized.mean.Name, floats s.Mean
                    Standardized.std.Name, floats s.Std
                    Standardized.dim.Name, Int(int64 s.Dim)
                ])

    /// The layer `Standardize` with these numbers, for the beginning of a model: it takes raw units. It is saved with the
    /// model.
    let standardize (s: Standardization) : ModuleSpec = spec Standardize.definition s

    /// The layer `Unstandardize` with these numbers, for the end of a model: it gives raw units, in which the loss and the
    /// metrics are then measured too.
    let unstandardize (s: Standardization) : ModuleSpec = spec Unstandardize.definition s
