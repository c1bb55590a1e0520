using TorchSharp.Interop;

namespace TorchSharp;

// New tensors of this one's type and device.

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Whole numbers, the upper end excluded, of the tensor's own type.</summary>
        public Tensor random_(double from, double to, Generator? generator = null)
        {
            Aten.Do("random_.from", this, (long)from, (long)to, generator);
            return this;
        }

        public Tensor zeros_like(
            ScalarType? dtype = null,
            Device? device = null,
            bool requires_grad = false
        ) => torch.zeros_like(this, dtype, device, requires_grad);

        public Tensor ones_like(
            ScalarType? dtype = null,
            Device? device = null,
            bool requires_grad = false
        ) => torch.ones_like(this, dtype, device, requires_grad);

        public Tensor empty_like(
            ScalarType? dtype = null,
            Device? device = null,
            bool requires_grad = false
        ) => torch.empty_like(this, dtype, device, requires_grad);

        public Tensor rand_like(
            ScalarType? dtype = null,
            Device? device = null,
            bool requires_grad = false
        ) => torch.rand_like(this, dtype, device, requires_grad);

        public Tensor randn_like(
            ScalarType? dtype = null,
            Device? device = null,
            bool requires_grad = false
        ) => torch.randn_like(this, dtype, device, requires_grad);

        public Tensor full_like(
            Scalar value,
            ScalarType? dtype = null,
            Device? device = null,
            bool requires_grad = false
        ) => torch.full_like(this, value, dtype, device, requires_grad);

        public Tensor new_zeros(
            long[] size,
            ScalarType? dtype = null,
            Device? device = null,
            bool requires_grad = false
        ) => torch.zeros(size, dtype ?? this.dtype, device ?? this.device, requires_grad);

        public Tensor new_empty(
            long[] size,
            ScalarType? dtype = null,
            Device? device = null,
            bool requires_grad = false
        ) => torch.empty(size, dtype ?? this.dtype, device ?? this.device, requires_grad);

        public Tensor new_full(
            long[] size,
            Scalar value,
            ScalarType? dtype = null,
            Device? device = null,
            bool requires_grad = false
        ) => torch.full(size, value, dtype ?? this.dtype, device ?? this.device, requires_grad);
    }
}
