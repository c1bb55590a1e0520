namespace Deeplay;

/// <summary>Loss functions: modules of two inputs, the prediction and the target.</summary>
public static class Losses
{
    /// <summary>Cross entropy between logits and class indices.</summary>
    /// <param name="ignoreIndex">A target that does not count.</param>
    /// <param name="reduction">How the losses of a batch become one: 'mean', 'sum' or 'none'.</param>
    public static ModuleSpec CrossEntropyLoss(long ignoreIndex = -100, string reduction = "mean") =>
        Factory.Make(
            FSharp.Losses.crossEntropyDefinition,
            ("ignore_index", ignoreIndex),
            ("reduction", reduction)
        );

    /// <summary>The mean squared error.</summary>
    /// <param name="reduction">How the losses of a batch become one: 'mean', 'sum' or 'none'.</param>
    public static ModuleSpec MSELoss(string reduction = "mean") =>
        Factory.Make(FSharp.Losses.mseDefinition, ("reduction", reduction));

    /// <summary>The mean absolute error.</summary>
    /// <param name="reduction">How the losses of a batch become one: 'mean', 'sum' or 'none'.</param>
    public static ModuleSpec L1Loss(string reduction = "mean") =>
        Factory.Make(FSharp.Losses.l1Definition, ("reduction", reduction));

    /// <summary>Squared for small errors, absolute for large ones.</summary>
    /// <param name="beta">Where it turns from squared to absolute.</param>
    /// <param name="reduction">How the losses of a batch become one: 'mean', 'sum' or 'none'.</param>
    public static ModuleSpec SmoothL1Loss(double beta = 1.0, string reduction = "mean") =>
        Factory.Make(FSharp.Losses.smoothL1Definition, ("beta", beta), ("reduction", reduction));

    /// <summary>Squared for small errors, linear for large ones.</summary>
    /// <param name="delta">Where it turns from squared to absolute.</param>
    /// <param name="reduction">How the losses of a batch become one: 'mean', 'sum' or 'none'.</param>
    public static ModuleSpec HuberLoss(double delta = 1.0, string reduction = "mean") =>
        Factory.Make(FSharp.Losses.huberDefinition, ("delta", delta), ("reduction", reduction));

    /// <summary>The negative log likelihood of log-probabilities.</summary>
    /// <param name="reduction">How the losses of a batch become one: 'mean', 'sum' or 'none'.</param>
    public static ModuleSpec NLLLoss(string reduction = "mean") =>
        Factory.Make(FSharp.Losses.nllDefinition, ("reduction", reduction));

    /// <summary>Binary cross entropy of probabilities.</summary>
    /// <param name="reduction">How the losses of a batch become one: 'mean', 'sum' or 'none'.</param>
    public static ModuleSpec BCELoss(string reduction = "mean") =>
        Factory.Make(FSharp.Losses.bceDefinition, ("reduction", reduction));

    /// <summary>Binary cross entropy of logits.</summary>
    /// <param name="reduction">How the losses of a batch become one: 'mean', 'sum' or 'none'.</param>
    public static ModuleSpec BCEWithLogitsLoss(string reduction = "mean") =>
        Factory.Make(FSharp.Losses.bceWithLogitsDefinition, ("reduction", reduction));

    /// <summary>The Kullback-Leibler divergence.</summary>
    /// <param name="logTarget">Whether targets are logarithms.</param>
    /// <param name="reduction">How the losses of a batch become one: 'mean', 'sum' or 'none'.</param>
    public static ModuleSpec KLDivLoss(bool logTarget = false, string reduction = "mean") =>
        Factory.Make(FSharp.Losses.klDivDefinition, ("log_target", logTarget), ("reduction", reduction));
}
