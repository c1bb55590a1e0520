using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static class utils
        {
            /// <summary>Scales all gradients together so that their norm is at most max_norm; gives the norm before.</summary>
            public static double clip_grad_norm_(
                IEnumerable<Parameter> tensors,
                double max_norm,
                double norm_type = 2
            )
            {
                using var scope = NewDisposeScope();
                using var quiet = no_grad();
                var gradients = tensors.Select(p => p.grad).OfType<Tensor>().ToList();
                if (gradients.Count == 0)
                    return 0;
                var device = gradients[0].device;
                var norms = gradients.Select(g => Norm(g, norm_type).to(device)).ToList();
                var total = Norm(stack(norms), norm_type);
                var factor = total.add(1e-6).reciprocal().mul(max_norm).clamp_max(1);
                foreach (var gradient in gradients)
                    gradient.mul_(factor.to(gradient.device));
                return total.ToDouble();
            }

            private static Tensor Norm(Tensor tensor, double norm_type) =>
                double.IsPositiveInfinity(norm_type)
                    ? tensor.abs().max()
                    : Interop.Aten.Call("norm.Scalar", tensor, norm_type);

            /// <summary>Keeps every element of the gradients within ±clip_value.</summary>
            public static void clip_grad_value_(IEnumerable<Parameter> tensors, double clip_value)
            {
                using var quiet = no_grad();
                foreach (var parameter in tensors)
                {
                    using var gradient = parameter.grad;
                    gradient?.clamp_(-clip_value, clip_value);
                }
            }

            /// <summary>All parameters as one vector.</summary>
            public static Tensor parameters_to_vector(IEnumerable<Parameter> tensors)
            {
                using var scope = NewDisposeScope();
                return cat(tensors.Select(p => p.reshape(-1)).ToArray()).MoveToOuterDisposeScope();
            }

            /// <summary>Copies the parts of a vector into the parameters.</summary>
            public static void vector_to_parameters(Tensor vec, IEnumerable<Parameter> tensors)
            {
                using var scope = NewDisposeScope();
                using var quiet = no_grad();
                long start = 0;
                foreach (var parameter in tensors)
                {
                    var count = parameter.NumberOfElements;
                    parameter.copy_(vec.narrow(0, start, count).view_as(parameter));
                    start += count;
                }
            }
        }
    }
}
