using System;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>Batch normalization of sequences.</summary>
        public sealed class BatchNorm1d : BatchNorm
        {
            internal BatchNorm1d(
                long num_features,
                double eps,
                double momentum,
                bool affine,
                bool track_running_stats,
                torch.Device? device,
                torch.ScalarType? dtype
            )
                : base(
                    num_features,
                    eps,
                    momentum,
                    affine,
                    track_running_stats,
                    device,
                    dtype,
                    nameof(BatchNorm1d)
                ) { }

            protected override void ValidateInputDimensions(torch.Tensor input)
            {
                if (input.Dimensions is not (2 or 3))
                    throw new ArgumentException(
                        $"BatchNorm1d expects a tensor with 2 or 3 dimensions, not {input.Dimensions}."
                    );
            }
        }

        /// <summary>Batch normalization of images.</summary>
        public sealed class BatchNorm2d : BatchNorm
        {
            internal BatchNorm2d(
                long num_features,
                double eps,
                double momentum,
                bool affine,
                bool track_running_stats,
                torch.Device? device,
                torch.ScalarType? dtype
            )
                : base(
                    num_features,
                    eps,
                    momentum,
                    affine,
                    track_running_stats,
                    device,
                    dtype,
                    nameof(BatchNorm2d)
                ) { }

            protected override void ValidateInputDimensions(torch.Tensor input)
            {
                if (input.Dimensions is not (4))
                    throw new ArgumentException(
                        $"BatchNorm2d expects a tensor with 4 dimensions, not {input.Dimensions}."
                    );
            }
        }

        /// <summary>Batch normalization of volumes.</summary>
        public sealed class BatchNorm3d : BatchNorm
        {
            internal BatchNorm3d(
                long num_features,
                double eps,
                double momentum,
                bool affine,
                bool track_running_stats,
                torch.Device? device,
                torch.ScalarType? dtype
            )
                : base(
                    num_features,
                    eps,
                    momentum,
                    affine,
                    track_running_stats,
                    device,
                    dtype,
                    nameof(BatchNorm3d)
                ) { }

            protected override void ValidateInputDimensions(torch.Tensor input)
            {
                if (input.Dimensions is not (5))
                    throw new ArgumentException(
                        $"BatchNorm3d expects a tensor with 5 dimensions, not {input.Dimensions}."
                    );
            }
        }

        /// <summary>Instance normalization of sequences.</summary>
        public sealed class InstanceNorm1d : InstanceNorm
        {
            internal InstanceNorm1d(
                long num_features,
                double eps,
                double momentum,
                bool affine,
                bool track_running_stats,
                torch.Device? device,
                torch.ScalarType? dtype
            )
                : base(
                    num_features,
                    eps,
                    momentum,
                    affine,
                    track_running_stats,
                    device,
                    dtype,
                    nameof(InstanceNorm1d)
                ) { }

            protected override long GetNumberOfBatchDimensions() => 2;

            protected override void ValidateInputDimensions(torch.Tensor input)
            {
                if (input.Dimensions is not (2 or 3))
                    throw new ArgumentException(
                        $"InstanceNorm1d expects a tensor with 2 or 3 dimensions, not {input.Dimensions}."
                    );
            }
        }

        /// <summary>Instance normalization of images.</summary>
        public sealed class InstanceNorm2d : InstanceNorm
        {
            internal InstanceNorm2d(
                long num_features,
                double eps,
                double momentum,
                bool affine,
                bool track_running_stats,
                torch.Device? device,
                torch.ScalarType? dtype
            )
                : base(
                    num_features,
                    eps,
                    momentum,
                    affine,
                    track_running_stats,
                    device,
                    dtype,
                    nameof(InstanceNorm2d)
                ) { }

            protected override long GetNumberOfBatchDimensions() => 3;

            protected override void ValidateInputDimensions(torch.Tensor input)
            {
                if (input.Dimensions is not (3 or 4))
                    throw new ArgumentException(
                        $"InstanceNorm2d expects a tensor with 3 or 4 dimensions, not {input.Dimensions}."
                    );
            }
        }

        /// <summary>Instance normalization of volumes.</summary>
        public sealed class InstanceNorm3d : InstanceNorm
        {
            internal InstanceNorm3d(
                long num_features,
                double eps,
                double momentum,
                bool affine,
                bool track_running_stats,
                torch.Device? device,
                torch.ScalarType? dtype
            )
                : base(
                    num_features,
                    eps,
                    momentum,
                    affine,
                    track_running_stats,
                    device,
                    dtype,
                    nameof(InstanceNorm3d)
                ) { }

            protected override long GetNumberOfBatchDimensions() => 4;

            protected override void ValidateInputDimensions(torch.Tensor input)
            {
                if (input.Dimensions is not (4 or 5))
                    throw new ArgumentException(
                        $"InstanceNorm3d expects a tensor with 4 or 5 dimensions, not {input.Dimensions}."
                    );
            }
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.BatchNorm1d BatchNorm1d(
                long num_features,
                double eps = 1E-05,
                double momentum = 0.1,
                bool affine = true,
                bool track_running_stats = true,
                Device? device = null,
                ScalarType? dtype = null
            ) => new(num_features, eps, momentum, affine, track_running_stats, device, dtype);

            public static Modules.BatchNorm2d BatchNorm2d(
                long num_features,
                double eps = 1E-05,
                double momentum = 0.1,
                bool affine = true,
                bool track_running_stats = true,
                Device? device = null,
                ScalarType? dtype = null
            ) => new(num_features, eps, momentum, affine, track_running_stats, device, dtype);

            public static Modules.BatchNorm3d BatchNorm3d(
                long num_features,
                double eps = 1E-05,
                double momentum = 0.1,
                bool affine = true,
                bool track_running_stats = true,
                Device? device = null,
                ScalarType? dtype = null
            ) => new(num_features, eps, momentum, affine, track_running_stats, device, dtype);

            public static Modules.InstanceNorm1d InstanceNorm1d(
                long num_features,
                double eps = 1E-05,
                double momentum = 0.1,
                bool affine = false,
                bool track_running_stats = false,
                Device? device = null,
                ScalarType? dtype = null
            ) => new(num_features, eps, momentum, affine, track_running_stats, device, dtype);

            public static Modules.InstanceNorm2d InstanceNorm2d(
                long num_features,
                double eps = 1E-05,
                double momentum = 0.1,
                bool affine = false,
                bool track_running_stats = false,
                Device? device = null,
                ScalarType? dtype = null
            ) => new(num_features, eps, momentum, affine, track_running_stats, device, dtype);

            public static Modules.InstanceNorm3d InstanceNorm3d(
                long num_features,
                double eps = 1E-05,
                double momentum = 0.1,
                bool affine = false,
                bool track_running_stats = false,
                Device? device = null,
                ScalarType? dtype = null
            ) => new(num_features, eps, momentum, affine, track_running_stats, device, dtype);
        }
    }
}
