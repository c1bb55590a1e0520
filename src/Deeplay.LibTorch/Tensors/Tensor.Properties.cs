using System;
using TorchSharp.Interop;

namespace TorchSharp;

public static unsafe partial class torch
{
    public partial class Tensor
    {
        private const int RequiresGradFlag = 1;
        private const int LeafFlag = 2;
        private const int ContiguousFlag = 4;
        private const int SparseFlag = 8;
        private const int NegativeFlag = 16;
        private const int ConjugateFlag = 32;

        private bool HasFlag(int flag)
        {
            var flags = Native.dt_flags(Handle);
            GC.KeepAlive(this);
            Native.Check(flags);
            return (flags & flag) != 0;
        }

        /// <summary>The number of dimensions.</summary>
        public long Dimensions
        {
            get
            {
                long result = Native.dt_dim(Handle);
                GC.KeepAlive(this);
                return result;
            }
        }

        public long dim() => Dimensions;

        public long ndim => Dimensions;

        public long NumberOfElements
        {
            get
            {
                var result = Native.dt_numel(Handle);
                GC.KeepAlive(this);
                return result;
            }
        }

        public long numel() => NumberOfElements;

        public long ElementSize
        {
            get
            {
                var result = Native.dt_element_size(Handle);
                GC.KeepAlive(this);
                return result;
            }
        }

        public long element_size() => ElementSize;

        public long[] shape
        {
            get
            {
                var sizes = new long[Native.dt_dim(Handle)];
                fixed (long* start = sizes)
                    Native.dt_sizes(Handle, start);
                GC.KeepAlive(this);
                return sizes;
            }
        }

        public long[] size() => shape;

        /// <summary>The size of a dimension; negative ones count from the last.</summary>
        public long size(int dim) => At(shape, dim);

        public long[] stride()
        {
            var strides = new long[Native.dt_dim(Handle)];
            fixed (long* start = strides)
                Native.Check(Native.dt_strides(Handle, start));
            GC.KeepAlive(this);
            return strides;
        }

        public long stride(int dim) => At(stride(), dim);

        private static long At(long[] values, int dim)
        {
            if (dim < -values.Length || dim >= values.Length)
                throw new IndexOutOfRangeException(
                    $"Dimension {dim} of a tensor that has {values.Length} dimensions."
                );
            return values[dim < 0 ? dim + values.Length : dim];
        }

        public long storage_offset()
        {
            var result = Native.dt_storage_offset(Handle);
            GC.KeepAlive(this);
            return result;
        }

        public ScalarType dtype
        {
            get
            {
                var result = (ScalarType)Native.dt_dtype(Handle);
                GC.KeepAlive(this);
                return result;
            }
        }

        private long PackedDevice
        {
            get
            {
                var result = Native.dt_device(Handle);
                GC.KeepAlive(this);
                return result;
            }
        }

        public Device device => Device.FromPacked(PackedDevice);

        public DeviceType device_type => (DeviceType)(PackedDevice & 0xff);

        public int device_index => (int)(PackedDevice >> 32);

        public bool is_cuda => device_type == DeviceType.CUDA;

        public bool is_meta => device_type == DeviceType.META;

        public bool is_cpu() => device_type == DeviceType.CPU;

        public bool is_sparse => HasFlag(SparseFlag);

        public bool is_leaf => HasFlag(LeafFlag);

        public bool is_contiguous() => HasFlag(ContiguousFlag);

        public bool is_neg() => HasFlag(NegativeFlag);

        public bool is_conj() => HasFlag(ConjugateFlag);

        public bool is_floating_point() => torch.is_floating_point(dtype);

        public bool is_integral() => torch.is_integral(dtype);

        public bool is_complex() => torch.is_complex(dtype);

        /// <summary>Whether the only element differs from zero.</summary>
        public bool is_nonzero() => Aten.CallBool("is_nonzero", this);
    }
}
