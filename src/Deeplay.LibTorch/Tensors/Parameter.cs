using System;
using TorchSharp.Interop;

namespace TorchSharp.Modules
{
    /// <summary>A tensor that a module trains.</summary>
    public class Parameter : torch.Tensor
    {
        /// <summary>
        /// Takes the data over: <paramref name="data"/> is empty afterwards, and the parameter stands in its dispose
        /// scope.
        /// </summary>
        public Parameter(torch.Tensor data, bool requires_grad = true)
            : base(Detached(data))
        {
            this.requires_grad = requires_grad;
            var scope = data.OwningDisposeScope;
            if (!ReferenceEquals(scope, OwningDisposeScope))
            {
                // Made inside one scope from data of another: it stays where the data were.
                OwningDisposeScope?.Forget(this);
                OwningDisposeScope = scope;
                scope?.Members.Add(this);
            }
            data.Dispose();
        }

        private static IntPtr Detached(torch.Tensor data) => Aten.CallHandle("detach", data);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Parameter Parameter(Tensor data, bool requires_grad = true) =>
                new(data, requires_grad);
        }
    }
}
