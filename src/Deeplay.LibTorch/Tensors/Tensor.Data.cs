using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp.Interop;
using TorchSharp.Utils;

namespace TorchSharp;

public static unsafe partial class torch
{
    public partial class Tensor
    {
        /// <summary>Where the first element lies; valid while the tensor is.</summary>
        internal IntPtr DataPointer
        {
            get
            {
                if (device_type != DeviceType.CPU)
                    throw new InvalidOperationException(
                        $"The elements lie on {device}; move the tensor to the CPU to read them."
                    );
                var data = (IntPtr)Native.dt_data(Handle);
                if (data == IntPtr.Zero && NumberOfElements > 0)
                    throw Native.Error();
                GC.KeepAlive(this);
                return data;
            }
        }

        internal void CheckElementType(Type type)
        {
            if (!ElementTypes.Matches(dtype, type))
                throw new ArgumentException($"{type.Name} is not compatible with {dtype}");
        }

        /// <summary>The elements, on the CPU; T is the exact .NET type of the dtype.</summary>
        public TensorAccessor<T> data<T>()
            where T : unmanaged
        {
            CheckElementType(typeof(T));
            return new TensorAccessor<T>(this);
        }

        /// <summary>The only element; T is the exact .NET type of the dtype.</summary>
        public T item<T>()
            where T : unmanaged
        {
            if (NumberOfElements != 1)
                throw new ArgumentException("Number of elements in the tensor must be 1");
            CheckElementType(typeof(T));
            if (device_type == DeviceType.CPU)
            {
                var value = *(T*)DataPointer;
                GC.KeepAlive(this);
                return value;
            }
            using var here = cpu();
            return here.item<T>();
        }

        /// <summary>The only element, whatever its type.</summary>
        public Scalar ToScalar()
        {
            if (NumberOfElements != 1)
                throw new ArgumentException("Number of elements in the tensor must be 1");
            using var detached = detach();
            using var here = detached.cpu();
            var at = here.DataPointer;
            Scalar result = dtype switch
            {
                ScalarType.Byte => *(byte*)at,
                ScalarType.Int8 => *(sbyte*)at,
                ScalarType.Int16 => *(short*)at,
                ScalarType.Int32 => *(int*)at,
                ScalarType.Int64 => *(long*)at,
                ScalarType.Float16 => *(Half*)at,
                ScalarType.Float32 => *(float*)at,
                ScalarType.Float64 => *(double*)at,
                ScalarType.Bool => *(bool*)at,
                ScalarType.BFloat16 => BitConverter.Int32BitsToSingle(*(ushort*)at << 16),
                ScalarType.ComplexFloat32 => *((float, float)*)at,
                ScalarType.ComplexFloat64 => *(System.Numerics.Complex*)at,
                _ => throw new InvalidOperationException($"A tensor of {dtype} has no scalar value."),
            };
            GC.KeepAlive(here);
            return result;
        }

        /// <summary>The elements of a contiguous tensor on the CPU as bytes, for reading and writing.</summary>
        public Span<byte> bytes
        {
            get
            {
                if (!is_contiguous())
                    throw new InvalidOperationException("The bytes of a tensor that is not contiguous.");
                var length = checked((int)(NumberOfElements * ElementSize));
                return new Span<byte>((void*)DataPointer, length);
            }
            set
            {
                var target = bytes;
                if (value.Length != target.Length)
                    throw new ArgumentException(
                        $"The tensor has {target.Length} bytes, the source {value.Length}."
                    );
                value.CopyTo(target);
                GC.KeepAlive(this);
            }
        }
    }
}
