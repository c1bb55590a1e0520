using TorchSharp.Interop;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>A row of the weight for each integer.</summary>
        public sealed class Embedding : torch.nn.Module<torch.Tensor, torch.Tensor>
        {
            private readonly long _paddingIndex;
            private readonly double? _maxNorm;
            private readonly double _normType;
            private readonly bool _scaleByFrequency;
            private readonly bool _sparse;
            private Parameter? _weight;

            internal Embedding(
                Parameter weight,
                long? padding_idx,
                double? max_norm,
                double norm_type,
                bool scale_grad_by_freq,
                bool sparse
            )
                : base(nameof(Embedding))
            {
                _paddingIndex = padding_idx is { } index ? (index < 0 ? index + weight.shape[0] : index) : -1;
                _maxNorm = max_norm;
                _normType = norm_type;
                _scaleByFrequency = scale_grad_by_freq;
                _sparse = sparse;
                this.weight = weight;
            }

            internal static Parameter Fresh(
                long count,
                long width,
                long? padding_idx,
                torch.Device? device,
                torch.ScalarType? dtype
            )
            {
                var weight = new Parameter(torch.empty([count, width], dtype, device));
                torch.nn.init.normal_(weight);
                if (padding_idx is { } index)
                    using (torch.no_grad())
                    {
                        using var row = weight.select(0, index);
                        row.zero_();
                    }
                return weight;
            }

            public Parameter? weight
            {
                get => _weight;
                set =>
                    Own.Parameter(ref _weight, value, p => ConditionallyRegisterParameter(nameof(weight), p));
            }

            public override torch.Tensor forward(torch.Tensor input)
            {
                if (_maxNorm is { } limit)
                    using (torch.no_grad())
                    {
                        using var indices = input.contiguous();
                        Aten.Do("embedding_renorm_", _weight, indices, limit, _normType);
                    }
                return Aten.Call("embedding", _weight, input, _paddingIndex, _scaleByFrequency, _sparse);
            }
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Embedding Embedding(
                long num_embeddings,
                long embedding_dims,
                long? padding_idx = null,
                double? max_norm = null,
                double norm_type = 2,
                bool scale_grad_by_freq = false,
                bool sparse = false,
                Device? device = null,
                ScalarType? dtype = null
            ) =>
                new(
                    Modules.Embedding.Fresh(num_embeddings, embedding_dims, padding_idx, device, dtype),
                    padding_idx,
                    max_norm,
                    norm_type,
                    scale_grad_by_freq,
                    sparse
                );

            public static Modules.Embedding Embedding_from_pretrained(
                Tensor embeddings,
                bool freeze = true,
                long? padding_idx = null,
                double? max_norm = null,
                double norm_type = 2,
                bool scale_grad_by_freq = false,
                bool sparse = false,
                Device? device = null,
                ScalarType? dtype = null
            )
            {
                var values = embeddings
                    .detach()
                    .to(dtype ?? embeddings.dtype, device ?? embeddings.device, disposeAfter: true);
                return new(
                    new Modules.Parameter(values, !freeze),
                    padding_idx,
                    max_norm,
                    norm_type,
                    scale_grad_by_freq,
                    sparse
                );
            }
        }
    }
}
