// Losses with margins, and likelihoods.

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>Draws pairs marked 1 together, those marked -1 apart.</summary>
        public sealed class CosineEmbeddingLoss : Loss<torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor>
        {
            public CosineEmbeddingLoss(
                double margin = 0,
                torch.nn.Reduction reduction = torch.nn.Reduction.Mean
            )
                : base(reduction)
            {
                this.margin = margin;
            }

            public double margin { get; }

            public override torch.Tensor forward(
                torch.Tensor input1,
                torch.Tensor input2,
                torch.Tensor target
            ) => torch.nn.functional.cosine_embedding_loss(input1, input2, target, margin, reduction);
        }

        /// <summary>max(0, -y (x₁ - x₂) + margin).</summary>
        public sealed class MarginRankingLoss : Loss<torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor>
        {
            public MarginRankingLoss(
                double margin = 0,
                torch.nn.Reduction reduction = torch.nn.Reduction.Mean
            )
                : base(reduction)
            {
                this.margin = margin;
            }

            public double margin { get; }

            public override torch.Tensor forward(
                torch.Tensor input1,
                torch.Tensor input2,
                torch.Tensor target
            ) => torch.nn.functional.margin_ranking_loss(input1, input2, target, margin, reduction);
        }

        /// <summary>x where y is 1, max(0, margin - x) where it is -1.</summary>
        public sealed class HingeEmbeddingLoss : Loss<torch.Tensor, torch.Tensor, torch.Tensor>
        {
            public HingeEmbeddingLoss(
                double margin = 0,
                torch.nn.Reduction reduction = torch.nn.Reduction.Mean
            )
                : base(reduction)
            {
                this.margin = margin;
            }

            public double margin { get; }

            public override torch.Tensor forward(torch.Tensor input, torch.Tensor target) =>
                torch.nn.functional.hinge_embedding_loss(input, target, margin, reduction);
        }

        /// <summary>The anchor closer to the positive than to the negative, by a margin.</summary>
        public sealed class TripletMarginLoss : Loss<torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor>
        {
            private readonly double _eps;
            private readonly bool _swap;

            public TripletMarginLoss(
                double margin = 1,
                long p = 2,
                double eps = 1E-06,
                bool swap = false,
                torch.nn.Reduction reduction = torch.nn.Reduction.Mean
            )
                : base(reduction)
            {
                this.margin = margin;
                this.p = p;
                _eps = eps;
                _swap = swap;
            }

            public double margin { get; }

            public long p { get; }

            public override torch.Tensor forward(
                torch.Tensor anchor,
                torch.Tensor positive,
                torch.Tensor negative
            ) =>
                torch.nn.functional.triplet_margin_loss(
                    anchor,
                    positive,
                    negative,
                    margin,
                    p,
                    _eps,
                    _swap,
                    reduction
                );
        }

        /// <summary>Minus the log-likelihood of counts under a Poisson distribution.</summary>
        public sealed class PoissonNLLLoss : Loss<torch.Tensor, torch.Tensor, torch.Tensor>
        {
            public PoissonNLLLoss(
                bool log_input = true,
                bool full = false,
                float eps = 1E-08f,
                torch.nn.Reduction reduction = torch.nn.Reduction.Mean
            )
                : base(reduction)
            {
                this.log_input = log_input;
                this.full = full;
                this.eps = eps;
            }

            public bool log_input { get; }

            public bool full { get; }

            public float eps { get; }

            public override torch.Tensor forward(torch.Tensor input, torch.Tensor target) =>
                torch.nn.functional.poisson_nll_loss(input, target, log_input, full, eps, reduction);
        }

        /// <summary>Minus the log-likelihood under a normal distribution.</summary>
        public sealed class GaussianNLLLoss : Loss<torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor>
        {
            public GaussianNLLLoss(
                bool full = false,
                float eps = 1E-08f,
                torch.nn.Reduction reduction = torch.nn.Reduction.Mean
            )
                : base(reduction)
            {
                this.full = full;
                this.eps = eps;
            }

            public bool full { get; }

            public float eps { get; }

            public override torch.Tensor forward(
                torch.Tensor input,
                torch.Tensor target,
                torch.Tensor variance
            ) => torch.nn.functional.gaussian_nll_loss(input, target, variance, full, eps, reduction);
        }

        /// <summary>log(1 + exp(-y x)).</summary>
        public sealed class SoftMarginLoss : Loss<torch.Tensor, torch.Tensor, torch.Tensor>
        {
            public SoftMarginLoss(torch.nn.Reduction reduction = torch.nn.Reduction.Mean)
                : base(reduction) { }

            public override torch.Tensor forward(torch.Tensor input, torch.Tensor target) =>
                torch.nn.functional.soft_margin_loss(input, target, reduction);
        }

        /// <summary>A margin between every label and every other class.</summary>
        public sealed class MultiLabelMarginLoss : Loss<torch.Tensor, torch.Tensor, torch.Tensor>
        {
            public MultiLabelMarginLoss(torch.nn.Reduction reduction = torch.nn.Reduction.Mean)
                : base(reduction) { }

            public override torch.Tensor forward(torch.Tensor input, torch.Tensor target) =>
                torch.nn.functional.multi_label_margin_loss(input, target, reduction);
        }

        /// <summary>Binary cross entropy of logits, averaged over classes.</summary>
        public sealed class MultiLabelSoftMarginLoss : WeightedLoss<torch.Tensor, torch.Tensor, torch.Tensor>
        {
            public MultiLabelSoftMarginLoss(
                torch.Tensor? weight = null,
                torch.nn.Reduction reduction = torch.nn.Reduction.Mean
            )
                : base(weight, reduction) { }

            public override torch.Tensor forward(torch.Tensor input, torch.Tensor target) =>
                torch.nn.functional.multilabel_soft_margin_loss(input, target, weight, reduction);
        }

        /// <summary>A margin between the target class and the others.</summary>
        public sealed class MultiMarginLoss : WeightedLoss<torch.Tensor, torch.Tensor, torch.Tensor>
        {
            public MultiMarginLoss(
                int p = 1,
                double margin = 1,
                torch.Tensor? weight = null,
                torch.nn.Reduction reduction = torch.nn.Reduction.Mean
            )
                : base(weight, reduction)
            {
                this.p = p;
                this.margin = margin;
            }

            public int p { get; }

            public double margin { get; }

            public override torch.Tensor forward(torch.Tensor input, torch.Tensor target) =>
                torch.nn.functional.multi_margin_loss(input, target, p, margin, weight, reduction);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.CosineEmbeddingLoss CosineEmbeddingLoss(
                double margin = 0,
                Reduction reduction = Reduction.Mean
            ) => new(margin: margin, reduction: reduction);

            public static Modules.MarginRankingLoss MarginRankingLoss(
                double margin = 0,
                Reduction reduction = Reduction.Mean
            ) => new(margin: margin, reduction: reduction);

            public static Modules.HingeEmbeddingLoss HingeEmbeddingLoss(
                double margin = 1,
                Reduction reduction = Reduction.Mean
            ) => new(margin: margin, reduction: reduction);

            public static Modules.TripletMarginLoss TripletMarginLoss(
                double margin = 1,
                long p = 2,
                double eps = 1E-06,
                bool swap = false,
                Reduction reduction = Reduction.Mean
            ) => new(margin: margin, p: p, eps: eps, swap: swap, reduction: reduction);

            public static Modules.PoissonNLLLoss PoissonNLLLoss(
                bool log_input = true,
                bool full = false,
                float eps = 1E-08f,
                Reduction reduction = Reduction.Mean
            ) => new(log_input: log_input, full: full, eps: eps, reduction: reduction);

            public static Modules.GaussianNLLLoss GaussianNLLLoss(
                bool full = false,
                float eps = 1E-08f,
                Reduction reduction = Reduction.Mean
            ) => new(full: full, eps: eps, reduction: reduction);

            public static Modules.SoftMarginLoss SoftMarginLoss(Reduction reduction = Reduction.Mean) =>
                new(reduction: reduction);

            public static Modules.MultiLabelMarginLoss MultiLabelMarginLoss(
                Reduction reduction = Reduction.Mean
            ) => new(reduction: reduction);

            public static Modules.MultiLabelSoftMarginLoss MultiLabelSoftMarginLoss(
                Tensor? weight = null,
                Reduction reduction = Reduction.Mean
            ) => new(weight: weight, reduction: reduction);

            public static Modules.MultiMarginLoss MultiMarginLoss(
                int p = 1,
                double margin = 1,
                Tensor? weight = null,
                Reduction reduction = Reduction.Mean
            ) => new(p: p, margin: margin, weight: weight, reduction: reduction);
        }
    }
}
