using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp.Interop;

namespace TorchSharp;

public static unsafe partial class torch
{
    public partial class Tensor
    {
        public bool requires_grad
        {
            get => HasFlag(RequiresGradFlag);
            set
            {
                Native.Check(Native.dt_set_requires_grad(Handle, value ? 1 : 0));
                GC.KeepAlive(this);
            }
        }

        public Tensor requires_grad_(bool requires_grad = true) => with_requires_grad(requires_grad);

        public Tensor with_requires_grad(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        /// <summary>Keeps the gradient of a tensor that is not a leaf.</summary>
        public void retain_grad()
        {
            Native.Check(Native.dt_retain_grad(Handle));
            GC.KeepAlive(this);
        }

        /// <summary>The gradient, or null; each reading gives another .NET object for it.</summary>
        public Tensor? grad
        {
            get
            {
                IntPtr result;
                Native.Check(Native.dt_grad(Handle, &result));
                GC.KeepAlive(this);
                return result == IntPtr.Zero ? null : new Tensor(result);
            }
            set
            {
                Native.Check(Native.dt_set_grad(Handle, value is null ? IntPtr.Zero : value.Handle));
                GC.KeepAlive(value);
                GC.KeepAlive(this);
            }
        }

        public void backward() => autograd.Backward([this], null, null, false, null);

        public void backward(
            IList<Tensor>? grad_tensors = null,
            bool retain_graph = false,
            bool create_graph = false,
            IList<Tensor>? inputs = null
        ) => autograd.Backward([this], grad_tensors, retain_graph, create_graph, inputs);
    }

    public static class autograd
    {
        internal static void Backward(
            IList<Tensor> tensors,
            IList<Tensor>? gradients,
            bool? retain_graph,
            bool create_graph,
            IList<Tensor>? inputs
        )
        {
            var outputs = Handles(tensors);
            // libtorch wants one gradient for each output; an undefined one stands for "ones, of a scalar".
            var grads = gradients is null ? new IntPtr[outputs.Length] : Handles(gradients);
            var leaves = inputs is null ? [] : Handles(inputs);
            fixed (IntPtr* o = outputs)
            fixed (IntPtr* g = grads)
            fixed (IntPtr* l = leaves)
                Native.Check(
                    Native.dt_backward(
                        o,
                        outputs.Length,
                        g,
                        grads.Length,
                        retain_graph is { } keep ? (keep ? 1 : 0) : -1,
                        create_graph ? 1 : 0,
                        l,
                        leaves.Length
                    )
                );
            GC.KeepAlive(tensors);
            GC.KeepAlive(gradients);
            GC.KeepAlive(inputs);
        }

        private static IntPtr[] Handles(IEnumerable<Tensor> tensors) =>
            tensors.Select(t => t.Handle).ToArray();

        /// <summary>The gradients of the outputs with respect to the inputs; nothing is accumulated.</summary>
        public static IList<Tensor> grad(
            IList<Tensor> outputs,
            IList<Tensor> inputs,
            IList<Tensor>? grad_outputs = null,
            bool retain_graph = false,
            bool create_graph = false,
            bool allow_unused = false
        )
        {
            var from = Handles(outputs);
            var to = Handles(inputs);
            var grads = grad_outputs is null ? new IntPtr[from.Length] : Handles(grad_outputs);
            var results = new IntPtr[to.Length];
            fixed (IntPtr* o = from)
            fixed (IntPtr* i = to)
            fixed (IntPtr* g = grads)
            fixed (IntPtr* r = results)
                Native.Check(
                    Native.dt_gradients(
                        o,
                        from.Length,
                        i,
                        to.Length,
                        g,
                        grads.Length,
                        retain_graph ? 1 : 0,
                        create_graph ? 1 : 0,
                        allow_unused ? 1 : 0,
                        r
                    )
                );
            GC.KeepAlive(outputs);
            GC.KeepAlive(inputs);
            GC.KeepAlive(grad_outputs);
            return results.Select(handle => new Tensor(handle)).ToArray();
        }

        public static void backward(
            IList<Tensor> tensors,
            IList<Tensor>? grad_tensors = null,
            bool? retain_graph = null,
            bool create_graph = false,
            IList<Tensor>? inputs = null
        ) => Backward(tensors, grad_tensors, retain_graph, create_graph, inputs);

        public static void backward(
            Tensor tensor,
            IList<Tensor>? grad_tensors = null,
            bool? retain_graph = null,
            bool create_graph = false,
            IList<Tensor>? inputs = null
        ) => Backward([tensor], grad_tensors, retain_graph, create_graph, inputs);

        public static void backward(
            Tensor tensor,
            Tensor grad_tensor,
            bool? retain_graph = null,
            bool create_graph = false,
            IList<Tensor>? inputs = null
        ) => Backward([tensor], [grad_tensor], retain_graph, create_graph, inputs);
    }
}
