namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// Metrics of texts. Names and defaults are torchmetrics'.
module internal TextMetrics =
    let ignoreIndex = ClassMetricKey.ignoreIndex

    let perplexityDefinition =
        Metrics.create
            "Perplexity"
            [ ignoreIndex ]
            "How many tokens a model wavers between, in the mean: e to the mean of the negative log-probabilities of the targets."
            "logits (N, V, …) and token indices (N, …) → one number"
        |> Metrics.measuring
            (Example.numbers [ 2; 3 ] [ 2.0; 0.5; -1.0; 0.0; 1.0; 3.0 ])
            (Example.wholes [ 2 ] [ 0; 1 ])
            [ 3.3387 ]

/// Training a model to tell which token comes next.
module internal CausalLanguageModeling =
    let private perplexity = Spec.create TextMetrics.perplexityDefinition Map.empty

    let definition =
        Applications.defineWith
            "CausalLanguageModeling"
            Losses.crossEntropyDefinition
            "Compares logits, one for each token along the second dimension, with the tokens that come next."
            []
            (fun _ _ -> [ perplexity ])
            // Where PyTorch's losses, and metrics of classes, have the classes.
            (fun model -> forward (fun tokens -> Op.transpose 1 2 (call model tokens)))
        |> Definition.withDocumentation
            "Trains a model to tell which token comes next: the target of each token of a text is the one behind it."
        |> Definition.withPositional [ Applications.model ]
        |> Definition.withShapes
            "tokens (N, L), of which the model gives logits (N, L, V) → logits (N, V, L); targets (N, L)"
        |> Definition.withSource "Radford et al., 2019, Language Models are Unsupervised Multitask Learners"
        |> Definition.withExample
            [
                Applications.model
                => Spec.create
                    CausalLanguageModel.definition
                    (Map.ofList
                        [
                            CausalLanguageModel.vocabSize => 100
                            CausalLanguageModel.features => 16
                            CausalLanguageModel.numLayers => 2
                            CausalLanguageModel.numHeads => 4
                        ])
            ]
            [ Example.whole 100 [ 2; 12 ] ]
