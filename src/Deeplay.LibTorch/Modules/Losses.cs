using System;
using TorchSharp.Interop;

// Losses of values and classes.

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>The mean of squared differences.</summary>
        public sealed class MSELoss : Loss<torch.Tensor, torch.Tensor, torch.Tensor>
        {
            public MSELoss(torch.nn.Reduction reduction = torch.nn.Reduction.Mean)
                : base(reduction) { }

            public override torch.Tensor forward(torch.Tensor input, torch.Tensor target) =>
                torch.nn.functional.mse_loss(input, target, reduction);
        }

        /// <summary>The mean of absolute differences.</summary>
        public sealed class L1Loss : Loss<torch.Tensor, torch.Tensor, torch.Tensor>
        {
            public L1Loss(torch.nn.Reduction reduction = torch.nn.Reduction.Mean)
                : base(reduction) { }

            public override torch.Tensor forward(torch.Tensor input, torch.Tensor target) =>
                torch.nn.functional.l1_loss(input, target, reduction);
        }

        /// <summary>Squared below beta, absolute above.</summary>
        public sealed class SmoothL1Loss : Loss<torch.Tensor, torch.Tensor, torch.Tensor>
        {
            public SmoothL1Loss(torch.nn.Reduction reduction = torch.nn.Reduction.Mean, double beta = 1)
                : base(reduction)
            {
                this.beta = beta;
            }

            public double beta { get; }

            public override torch.Tensor forward(torch.Tensor input, torch.Tensor target) =>
                torch.nn.functional.smooth_l1_loss(input, target, reduction, beta);
        }

        /// <summary>Squared below delta, linear above.</summary>
        public sealed class HuberLoss : Loss<torch.Tensor, torch.Tensor, torch.Tensor>
        {
            public HuberLoss(double delta = 1, torch.nn.Reduction reduction = torch.nn.Reduction.Mean)
                : base(reduction)
            {
                this.delta = delta;
            }

            public double delta { get; }

            public override torch.Tensor forward(torch.Tensor input, torch.Tensor target) =>
                torch.nn.functional.huber_loss(input, target, delta, reduction);
        }

        /// <summary>Cross entropy of probabilities with targets between 0 and 1.</summary>
        public sealed class BCELoss : WeightedLoss<torch.Tensor, torch.Tensor, torch.Tensor>
        {
            public BCELoss(
                torch.Tensor? weight = null,
                torch.nn.Reduction reduction = torch.nn.Reduction.Mean
            )
                : base(weight, reduction) { }

            public override torch.Tensor forward(torch.Tensor input, torch.Tensor target) =>
                torch.nn.functional.binary_cross_entropy(input, target, weight, reduction);
        }

        /// <summary>Cross entropy of logits with targets between 0 and 1.</summary>
        public sealed class BCEWithLogitsLoss : WeightedLoss<torch.Tensor, torch.Tensor, torch.Tensor>
        {
            public BCEWithLogitsLoss(
                torch.Tensor? weight = null,
                torch.nn.Reduction reduction = torch.nn.Reduction.Mean,
                torch.Tensor? pos_weights = null
            )
                : base(weight, reduction)
            {
                this.pos_weights = pos_weights;
            }

            public torch.Tensor? pos_weights { get; }

            public override torch.Tensor forward(torch.Tensor input, torch.Tensor target) =>
                torch.nn.functional.binary_cross_entropy_with_logits(
                    input,
                    target,
                    weight,
                    reduction,
                    pos_weights
                );
        }

        /// <summary>Cross entropy of logits (N, C, …) with classes (N, …) or probabilities.</summary>
        public sealed class CrossEntropyLoss : WeightedLoss<torch.Tensor, torch.Tensor, torch.Tensor>
        {
            public CrossEntropyLoss(
                torch.Tensor? weight = null,
                long? ignore_index = null,
                torch.nn.Reduction reduction = torch.nn.Reduction.Mean,
                double label_smoothing = 0
            )
                : base(weight, reduction)
            {
                this.ignore_index = ignore_index;
                this.label_smoothing = label_smoothing;
            }

            public long? ignore_index { get; }

            public double label_smoothing { get; }

            public override torch.Tensor forward(torch.Tensor input, torch.Tensor target) =>
                torch.nn.functional.cross_entropy(
                    input,
                    target,
                    weight,
                    ignore_index ?? -100,
                    reduction,
                    label_smoothing
                );
        }

        /// <summary>Minus the log-probability of the target class.</summary>
        public sealed class NLLLoss : WeightedLoss<torch.Tensor, torch.Tensor, torch.Tensor>
        {
            public NLLLoss(
                torch.Tensor? weight = null,
                torch.nn.Reduction reduction = torch.nn.Reduction.Mean
            )
                : base(weight, reduction) { }

            public override torch.Tensor forward(torch.Tensor input, torch.Tensor target) =>
                torch.nn.functional.nll_loss(input, target, weight, reduction);
        }

        /// <summary>Kullback-Leibler divergence; the input holds log-probabilities.</summary>
        public sealed class KLDivLoss : Loss<torch.Tensor, torch.Tensor, torch.Tensor>
        {
            public KLDivLoss(bool log_target = true, torch.nn.Reduction reduction = torch.nn.Reduction.Mean)
                : base(reduction)
            {
                this.log_target = log_target;
            }

            public bool log_target { get; }

            public override torch.Tensor forward(torch.Tensor input, torch.Tensor target) =>
                torch.nn.functional.kl_div(input, target, log_target, reduction);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.MSELoss MSELoss(Reduction reduction = Reduction.Mean) =>
                new(reduction: reduction);

            public static Modules.L1Loss L1Loss(Reduction reduction = Reduction.Mean) =>
                new(reduction: reduction);

            public static Modules.SmoothL1Loss SmoothL1Loss(
                Reduction reduction = Reduction.Mean,
                double beta = 1
            ) => new(reduction: reduction, beta: beta);

            public static Modules.HuberLoss HuberLoss(
                double delta = 1,
                Reduction reduction = Reduction.Mean
            ) => new(delta: delta, reduction: reduction);

            public static Modules.BCELoss BCELoss(
                Tensor? weight = null,
                Reduction reduction = Reduction.Mean
            ) => new(weight: weight, reduction: reduction);

            public static Modules.BCEWithLogitsLoss BCEWithLogitsLoss(
                Tensor? weight = null,
                Reduction reduction = Reduction.Mean,
                Tensor? pos_weights = null
            ) => new(weight: weight, reduction: reduction, pos_weights: pos_weights);

            public static Modules.CrossEntropyLoss CrossEntropyLoss(
                Tensor? weight = null,
                long? ignore_index = null,
                Reduction reduction = Reduction.Mean
            ) => new(weight: weight, ignore_index: ignore_index, reduction: reduction);

            public static Modules.NLLLoss NLLLoss(
                Tensor? weight = null,
                Reduction reduction = Reduction.Mean
            ) => new(weight: weight, reduction: reduction);

            public static Modules.KLDivLoss KLDivLoss(
                bool log_target = true,
                Reduction reduction = Reduction.Mean
            ) => new(log_target: log_target, reduction: reduction);

            public static partial class functional
            {
                public static Tensor mse_loss(
                    Tensor input,
                    Tensor target,
                    Reduction reduction = Reduction.Mean
                ) => Aten.Call("mse_loss", input, target, reduction);

                public static Tensor l1_loss(
                    Tensor input,
                    Tensor target,
                    Reduction reduction = Reduction.Mean
                ) => Aten.Call("l1_loss", input, target, reduction);

                public static Tensor smooth_l1_loss(
                    Tensor input,
                    Tensor target,
                    Reduction reduction = Reduction.Mean,
                    double beta = 1
                ) => Aten.Call("smooth_l1_loss", input, target, reduction, beta);

                public static Tensor huber_loss(
                    Tensor input,
                    Tensor target,
                    double delta = 1,
                    Reduction reduction = Reduction.Mean
                ) => Aten.Call("huber_loss", input, target, reduction, delta);

                public static Tensor binary_cross_entropy(
                    Tensor input,
                    Tensor target,
                    Tensor? weight = null,
                    Reduction reduction = Reduction.Mean
                ) => Aten.Call("binary_cross_entropy", input, target, weight, reduction);

                public static Tensor binary_cross_entropy_with_logits(
                    Tensor input,
                    Tensor target,
                    Tensor? weight = null,
                    Reduction reduction = Reduction.Mean,
                    Tensor? pos_weights = null
                ) =>
                    Aten.Call(
                        "binary_cross_entropy_with_logits",
                        input,
                        target,
                        weight,
                        pos_weights,
                        reduction
                    );

                public static Tensor cross_entropy(
                    Tensor input,
                    Tensor target,
                    Tensor? weight = null,
                    long ignore_index = -100,
                    Reduction reduction = Reduction.Mean,
                    double label_smoothing = 0
                ) =>
                    Aten.Call(
                        "cross_entropy_loss",
                        input,
                        target,
                        weight,
                        reduction,
                        ignore_index,
                        label_smoothing
                    );

                public static Tensor nll_loss(
                    Tensor input,
                    Tensor target,
                    Tensor? weight = null,
                    Reduction reduction = Reduction.Mean
                ) => Aten.Call("nll_loss_nd", input, target, weight, reduction);

                public static Tensor kl_div(
                    Tensor input,
                    Tensor target,
                    bool log_target = true,
                    Reduction reduction = Reduction.Mean
                ) => Aten.Call("kl_div", input, target, reduction, log_target);
            }
        }
    }
}
