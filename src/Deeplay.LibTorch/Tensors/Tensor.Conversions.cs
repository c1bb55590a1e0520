using System;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private Tensor Convert(ScalarType type, Device target, bool copy, bool disposeAfter, bool nonBlocking)
        {
            var result = Aten.Call(
                "to.dtype_layout",
                this,
                type,
                Arg.None,
                target,
                Arg.None,
                nonBlocking,
                copy,
                Arg.None
            );
            if (disposeAfter)
                Dispose();
            return result;
        }

        private bool SameDevice(Device target) =>
            device_type == target.type && (target.index < 0 || target.index == device_index);

        internal bool ConversionCopies(ScalarType type, Device target) =>
            dtype != type || !SameDevice(target);

        public Tensor to(
            ScalarType type,
            Device device,
            bool copy = false,
            bool disposeAfter = false,
            bool non_blocking = false
        ) => Convert(type, InitializeDevice(device), copy, disposeAfter, non_blocking);

        public Tensor to(
            ScalarType type,
            bool copy = false,
            bool disposeAfter = false,
            bool non_blocking = false
        ) => Convert(type, device, copy, disposeAfter, non_blocking);

        public Tensor to_type(
            ScalarType type,
            bool copy = false,
            bool disposeAfter = false,
            bool non_blocking = false
        ) => Convert(type, device, copy, disposeAfter, non_blocking);

        public Tensor to(
            Device device,
            bool copy = false,
            bool disposeAfter = false,
            bool non_blocking = false
        ) => Convert(dtype, InitializeDevice(device), copy, disposeAfter, non_blocking);

        public Tensor to(
            DeviceType deviceType,
            int deviceIndex = -1,
            bool copy = false,
            bool disposeAfter = false,
            bool non_blocking = false
        ) => to(new Device(deviceType, deviceIndex), copy, disposeAfter, non_blocking);

        public Tensor to(
            string device,
            bool copy = false,
            bool disposeAfter = false,
            bool non_blocking = false
        ) => to(new Device(device), copy, disposeAfter, non_blocking);

        public Tensor to(Tensor other, bool non_blocking = false) =>
            Convert(other.dtype, other.device, false, false, non_blocking);

        public Tensor cpu() => to(CPU);

        public Tensor cuda(Device? device = null, bool non_blocking = false) =>
            to(device ?? new Device(DeviceType.CUDA), non_blocking: non_blocking);

        public Tensor @bool() => to(ScalarType.Bool);

        public Tensor @byte() => to(ScalarType.Byte);

        public Tensor @char() => to(ScalarType.Int8);

        public Tensor @short() => to(ScalarType.Int16);

        public Tensor @int() => to(ScalarType.Int32);

        public Tensor @long() => to(ScalarType.Int64);

        public Tensor half() => to(ScalarType.Float16);

        public Tensor bfloat16() => to(ScalarType.BFloat16);

        public Tensor @float() => to(ScalarType.Float32);

        public Tensor @double() => to(ScalarType.Float64);

        public Tensor cfloat() => to(ScalarType.ComplexFloat32);

        public Tensor cdouble() => to(ScalarType.ComplexFloat64);

        public Tensor type(ScalarType dtype) => to(dtype);

        public Tensor type(Func<Tensor, Tensor> typeFunc) => typeFunc(this);

        public Tensor type_as(Tensor tensor) => to(tensor.dtype);

        public static explicit operator bool(Tensor value) => value.ToBoolean();

        public static explicit operator byte(Tensor value) => value.ToByte();

        public static explicit operator sbyte(Tensor value) => value.ToSByte();

        public static explicit operator short(Tensor value) => value.ToInt16();

        public static explicit operator int(Tensor value) => value.ToInt32();

        public static explicit operator long(Tensor value) => value.ToInt64();

        public static explicit operator float(Tensor value) => value.ToSingle();

        public static explicit operator double(Tensor value) => value.ToDouble();
    }
}
