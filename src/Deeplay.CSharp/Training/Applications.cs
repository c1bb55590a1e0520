namespace Deeplay;

/// <summary>Models with all it takes to train them. They are modules: configured, explained and saved like any
/// other.</summary>
public static class Applications
{
    /// <summary>Trains a model to tell classes apart.</summary>
    /// <param name="model">A module from inputs to one logit for each class.</param>
    /// <param name="classes">The number of classes; needed for one-hot targets alone.</param>
    /// <param name="loss">Compares logits with class indices; cross entropy where not given.</param>
    /// <param name="optimizer">Makes the steps; Adam with a step size of 0.001 where not given.</param>
    /// <param name="makeTargetsOneHot">Whether the loss gets targets as one-hot vectors rather than as
    /// indices.</param>
    public static ModuleSpec Classifier(
        ModuleSpec model,
        long? classes = null,
        ModuleSpec? loss = null,
        ModuleSpec? optimizer = null,
        bool makeTargetsOneHot = false
    ) =>
        Factory.Make(
            FSharp.Classifier.definition,
            ("model", model),
            ("num_classes", classes),
            ("loss", loss),
            ("optimizer", optimizer),
            ("make_targets_one_hot", makeTargetsOneHot)
        );
}
