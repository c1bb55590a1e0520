namespace Deeplay.Torch

open Deeplay.Library
open TorchSharp

/// Metrics of texts, in float64. Source: torchmetrics, Perplexity: e to the mean, over the tokens that count, of the negative
/// logarithm of a token's probability.
module internal TextMetricLowerings =
    let private perplexity a =
        Metric.ofSums
            (fun outputs targets ->
                let struct (logits, tokens, counted) = ClassTargets.ofClasses a outputs targets
                let places = (ClassTargets.places tokens counted).unsqueeze 1L
                let weights = ClassTargets.weights tokens counted
                let logProbabilities = torch.nn.functional.log_softmax (logits.``to`` torch.float64, 1L)
                [ logProbabilities.gather(1L, places).squeeze(1L).mul(weights).sum().neg(); weights.sum () ])
            (fun sums -> sums[0].div(sums[1]).exp())

    let table = [ row TextMetrics.perplexityDefinition perplexity ]
