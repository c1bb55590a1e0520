using System;
using TorchSharp.Interop;

// Losses with margins, and likelihoods, as functions.

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor cosine_embedding_loss(
                Tensor input1,
                Tensor input2,
                Tensor target,
                double margin = 0,
                Reduction reduction = Reduction.Mean
            ) => Aten.Call("cosine_embedding_loss", input1, input2, target, margin, reduction);

            public static Tensor margin_ranking_loss(
                Tensor input1,
                Tensor input2,
                Tensor target,
                double margin = 0,
                Reduction reduction = Reduction.Mean
            ) => Aten.Call("margin_ranking_loss", input1, input2, target, margin, reduction);

            public static Tensor hinge_embedding_loss(
                Tensor input,
                Tensor target,
                double margin = 0,
                Reduction reduction = Reduction.Mean
            ) => Aten.Call("hinge_embedding_loss", input, target, margin, reduction);

            public static Tensor triplet_margin_loss(
                Tensor anchor,
                Tensor positive,
                Tensor negative,
                double margin = 1,
                long p = 2,
                double eps = 1E-06,
                bool swap = false,
                Reduction reduction = Reduction.Mean
            ) =>
                Aten.Call("triplet_margin_loss", anchor, positive, negative, margin, p, eps, swap, reduction);

            public static Tensor poisson_nll_loss(
                Tensor input,
                Tensor target,
                bool log_input = true,
                bool full = false,
                float eps = 1E-08f,
                Reduction reduction = Reduction.Mean
            ) => Aten.Call("poisson_nll_loss", input, target, log_input, full, (double)eps, reduction);

            public static Tensor soft_margin_loss(
                Tensor input,
                Tensor target,
                Reduction reduction = Reduction.Mean
            ) => Aten.Call("soft_margin_loss", input, target, reduction);

            public static Tensor multi_label_margin_loss(
                Tensor input,
                Tensor target,
                Reduction reduction = Reduction.Mean
            ) => Aten.Call("multilabel_margin_loss", input, target, reduction);

            public static Tensor multi_margin_loss(
                Tensor input,
                Tensor target,
                int p = 1,
                double margin = 1,
                Tensor? weight = null,
                Reduction reduction = Reduction.Mean
            ) => Aten.Call("multi_margin_loss", input, target, p, margin, weight, reduction);

            public static Tensor gaussian_nll_loss(
                Tensor input,
                Tensor target,
                Tensor variance,
                bool full = false,
                float eps = 1E-06f,
                Reduction reduction = Reduction.Mean
            )
            {
                using var scope = NewDisposeScope();
                Tensor floor;
                using (no_grad())
                    floor = variance.clamp_min((double)eps).sub(variance);
                // The clamp takes no part in the gradient, as in PyTorch.
                var clamped = variance.add(floor);
                var loss = clamped.log().add(input.sub(target).square().div(clamped)).mul(0.5);
                if (full)
                    loss = loss.add(0.5 * Math.Log(2 * Math.PI));
                return Reduced(loss, reduction).MoveToOuterDisposeScope();
            }

            public static Tensor multilabel_soft_margin_loss(
                Tensor input,
                Tensor target,
                Tensor? weight = null,
                Reduction reduction = Reduction.Mean
            )
            {
                using var scope = NewDisposeScope();
                var loss = binary_cross_entropy_with_logits(input, target, weight, Reduction.None);
                return Reduced(loss.mean([-1]), reduction).MoveToOuterDisposeScope();
            }

            private static Tensor Reduced(Tensor loss, Reduction reduction) =>
                reduction switch
                {
                    Reduction.Mean => loss.mean(),
                    Reduction.Sum => loss.sum(),
                    _ => loss,
                };
        }
    }
}
