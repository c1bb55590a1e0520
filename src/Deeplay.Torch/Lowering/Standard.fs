namespace Deeplay.Torch

open System.Collections.Immutable
open Deeplay.Core
open Deeplay.Library
open TorchSharp

/// How layers become torch modules.
///
/// A layer of your own is a definition (`Definition.primitive`, with its shape rule) and a function from its resolved
/// arguments to a torch module, added for the definition:
///
///     let lowerings =
///         Lowering.standard
///         |> Lowering.add MyLayer.definition (fun a -> new MyLayer(a.Get MyLayer.width))
///
/// Build with these as `BuildOptions.Lowerings`. The module is called with as many tensors as the layer has inputs; it
/// is a `torch.nn.Module<Tensor, Tensor>`, one with two or three inputs, or one from arrays to arrays. What it gives
/// belongs to the caller, who disposes it as soon as nothing needs it: give a tensor of your own, or the input itself,
/// or a parameter, but not a buffer or a tensor that you keep. Where an argument can't be honoured, stop with
/// `Fail.with' (WrongValue …)`: it is never ignored.
[<RequireQualifiedAccess>]
module Lowering =
    /// The lowerings with one more: how modules of this definition are made. It replaces the one there was.
    let add (definition: Definition) (make: Arguments -> #torch.nn.Module) (lowerings: Lowerings) =
        lowerings.With(definition, (fun arguments -> make arguments :> torch.nn.Module))

    /// The lowerings with how applications of this definition learn: one that `TrainingSteps.define` made, or one of the library's,
    /// such as `(Applications.classifier 10 model).Definition`, whose own steps these take the place of. Its validation stays as it
    /// is where these say nothing of it.
    let addTraining (definition: Definition) (steps: TrainingSteps) (lowerings: Lowerings) =
        if not (definition.Is Applications.trainable) then
            Fail.with' (Malformed("training", "a kind of application", definition.Id))

        lowerings.WithSteps(definition, steps)

    /// The layers, losses, optimizers, schedules and metrics of the library, and how its applications learn.
    let standard: Lowerings =
        [
            LinearLowerings.table
            ConvolutionLowerings.table
            TransposedConvolutionLowerings.table
            NormalizationLowerings.table
            LayerNormLowerings.table
            StandardizeLowerings.table
            PoolingLowerings.table
            AdaptivePoolingLowerings.table
            MorePoolingLowerings.table
            DropoutLowerings.table
            DropPathLowerings.table
            EmbeddingLowerings.table
            AttentionLowerings.table
            UpsampleLowerings.table
            RecurrentLowerings.table
            PaddingLowerings.table
            ShuffleLowerings.table
            FoldLowerings.table
            ShapingLowerings.table
            RectifierLowerings.table
            ActivationLowerings.table
            ShrinkageLowerings.table
            LossLowerings.table
            OptimizerLowerings.table
            ScheduleLowerings.table
            ClassScores.table
            DiceScores.table
            ConfusionMatrices.table
            Curves.table
            NumberMetrics.table
            TextMetricLowerings.table
        ]
        |> List.concat
        |> List.fold
            (fun all (definition, make) -> add definition make all)
            (Lowerings(ImmutableDictionary.Empty, ImmutableDictionary.Empty))
        |> List.foldBack
            (fun (definition, steps) (all: Lowerings) -> all.WithSteps(definition, steps))
            (List.concat [ LodeSTARSteps.table; AdversarialSteps.table; AutoEncoderSteps.table; DiffusionSteps.table ])
