namespace Deeplay;

/// <summary>Optimizers, configured like any module, and made over the parameters when training starts. Parameters and
/// defaults are PyTorch's.</summary>
public static class Optimizers
{
    /// <summary>Adam (Kingma and Ba, 2015).</summary>
    /// <param name="lr">The step size.</param>
    /// <param name="betas">The decay rates of the two running means; (0.9, 0.999) where not given.</param>
    /// <param name="eps">Added to a denominator against division by zero.</param>
    /// <param name="weightDecay">How strongly weights are drawn to zero.</param>
    /// <param name="amsgrad">Whether the largest second moment so far is used.</param>
    /// <param name="maximize">Whether the loss is maximized.</param>
    public static ModuleSpec Adam(
        double lr = 0.001,
        (double, double)? betas = null,
        double eps = 1e-8,
        double weightDecay = 0.0,
        bool amsgrad = false,
        bool maximize = false
    ) =>
        Factory.Make(
            FSharp.Optimizers.adamDefinition,
            ("lr", lr),
            ("betas", betas),
            ("eps", eps),
            ("weight_decay", weightDecay),
            ("amsgrad", amsgrad),
            ("maximize", maximize)
        );

    /// <summary>Adam with decoupled weight decay.</summary>
    /// <param name="lr">The step size.</param>
    /// <param name="betas">The decay rates of the two running means; (0.9, 0.999) where not given.</param>
    /// <param name="eps">Added to a denominator against division by zero.</param>
    /// <param name="weightDecay">How strongly weights are drawn to zero.</param>
    /// <param name="amsgrad">Whether the largest second moment so far is used.</param>
    /// <param name="maximize">Whether the loss is maximized.</param>
    public static ModuleSpec AdamW(
        double lr = 0.001,
        (double, double)? betas = null,
        double eps = 1e-8,
        double weightDecay = 0.01,
        bool amsgrad = false,
        bool maximize = false
    ) =>
        Factory.Make(
            FSharp.Optimizers.adamWDefinition,
            ("lr", lr),
            ("betas", betas),
            ("eps", eps),
            ("weight_decay", weightDecay),
            ("amsgrad", amsgrad),
            ("maximize", maximize)
        );

    /// <summary>Stochastic gradient descent, with momentum where wanted.</summary>
    /// <param name="lr">The step size.</param>
    /// <param name="momentum">How much of the last step is kept.</param>
    /// <param name="dampening">How much of a gradient momentum leaves out.</param>
    /// <param name="weightDecay">How strongly weights are drawn to zero.</param>
    /// <param name="nesterov">Whether Nesterov's momentum is used.</param>
    /// <param name="maximize">Whether the loss is maximized.</param>
    public static ModuleSpec SGD(
        double lr = 0.001,
        double momentum = 0.0,
        double dampening = 0.0,
        double weightDecay = 0.0,
        bool nesterov = false,
        bool maximize = false
    ) =>
        Factory.Make(
            FSharp.Optimizers.sgdDefinition,
            ("lr", lr),
            ("momentum", momentum),
            ("dampening", dampening),
            ("weight_decay", weightDecay),
            ("nesterov", nesterov),
            ("maximize", maximize)
        );

    /// <summary>RMSprop (Hinton, 2012).</summary>
    /// <param name="lr">The step size.</param>
    /// <param name="alpha">The smoothing constant.</param>
    /// <param name="eps">Added to a denominator against division by zero.</param>
    /// <param name="weightDecay">How strongly weights are drawn to zero.</param>
    /// <param name="momentum">How much of the last step is kept.</param>
    /// <param name="centered">Whether the gradient's mean is taken out.</param>
    /// <param name="maximize">Whether the loss is maximized.</param>
    public static ModuleSpec RMSprop(
        double lr = 0.01,
        double alpha = 0.99,
        double eps = 1e-8,
        double weightDecay = 0.0,
        double momentum = 0.0,
        bool centered = false,
        bool maximize = false
    ) =>
        Factory.Make(
            FSharp.Optimizers.rmsPropDefinition,
            ("lr", lr),
            ("alpha", alpha),
            ("eps", eps),
            ("weight_decay", weightDecay),
            ("momentum", momentum),
            ("centered", centered),
            ("maximize", maximize)
        );
}
