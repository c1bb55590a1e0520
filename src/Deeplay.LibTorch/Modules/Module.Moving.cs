using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            protected internal virtual Module _to(Device device, ScalarType dtype, bool non_blocking)
            {
                CheckType(dtype);
                InitializeDeviceType(device.type);
                _toEpilog(device, dtype, non_blocking);
                return this;
            }

            protected internal virtual Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking)
            {
                InitializeDeviceType(deviceType);
                _toEpilog(deviceType, deviceType == DeviceType.CUDA ? deviceIndex : -1, non_blocking);
                return this;
            }

            protected internal virtual Module _to(ScalarType dtype, bool non_blocking)
            {
                CheckType(dtype);
                _toEpilog(dtype, non_blocking);
                return this;
            }

            public Module _to(Tensor other, bool non_blocking)
            {
                _to(other.dtype, non_blocking);
                return _to(other.device_type, other.device_index, non_blocking);
            }

            private static void CheckType(ScalarType dtype)
            {
                if (!is_floating_point(dtype) && !is_complex(dtype))
                    throw new ArgumentException(
                        $"Modules hold floating point or complex numbers, not {dtype}.",
                        nameof(dtype)
                    );
            }

            protected void _toEpilog(DeviceType deviceType, int deviceIndex, bool non_blocking) =>
                _toEpilog(null, new Device(deviceType, deviceIndex), non_blocking);

            protected void _toEpilog(Device device, ScalarType dtype, bool non_blocking) =>
                _toEpilog((ScalarType?)dtype, device, non_blocking);

            protected void _toEpilog(ScalarType dtype, bool non_blocking) =>
                _toEpilog((ScalarType?)dtype, null, non_blocking);

            /// <summary>Replaces the parameters and buffers, here and below, by converted ones where that changes them.</summary>
            protected virtual void _toEpilog(ScalarType? dtype, Device? device, bool non_blocking)
            {
                foreach (var child in children())
                    if (device is null)
                        child._to(dtype!.Value, non_blocking);
                    else if (dtype is null)
                        child._to(device.type, device.index, non_blocking);
                    else
                        child._to(device, dtype.Value, non_blocking);

                foreach (var (name, parameter) in named_parameters(false).ToList())
                    if (ReplaceParameter(dtype, device, parameter, out var moved))
                    {
                        if (!Assign(name, parameter, moved))
                            ConditionallyRegisterParameter(name, moved);
                        parameter.Dispose();
                    }
                foreach (
                    var (name, (buffer, persistent)) in (
                        (IEnumerable<(string, (Tensor, bool))>)_internal_buffers
                    ).ToList()
                )
                    if (ReplaceBuffer(dtype, device, buffer, out var moved))
                    {
                        Assign(name, buffer, moved);
                        ConditionallyRegisterBuffer(name, moved, persistent);
                    }
                if (device is not null)
                    (_deviceType, _deviceIndex) = (device.type, device.index);
            }

            // Whatever field or property held the old tensor holds the new one.
            private bool Assign(string name, Tensor old, Tensor? moved)
            {
                var property = GetType().GetProperty(name, BindingFlags.Public | BindingFlags.Instance);
                if (property?.SetMethod is not null && typeof(Tensor).IsAssignableFrom(property.PropertyType))
                {
                    property.SetValue(this, moved);
                    return true;
                }
                foreach (var field in OwnFields())
                    if (ReferenceEquals(field.GetValue(this), old))
                        field.SetValue(this, moved);
                return false;
            }

            protected static bool ReplaceParameter(
                ScalarType? dtype,
                Device? device,
                Parameter param,
                out Parameter? p
            )
            {
                p = null;
                var type = dtype is { } t && !param.is_integral() ? t : param.dtype;
                var target = device ?? param.device;
                if (!param.ConversionCopies(type, target))
                    return false;
                using (no_grad())
                {
                    p = new Parameter(param.to(type, target), param.requires_grad);
                    p.DetachFromDisposeScope();
                    using var gradient = param.grad;
                    if (gradient is not null)
                    {
                        using var moved = gradient.to(type, target);
                        p.grad = moved;
                    }
                }
                return true;
            }

            protected static bool ReplaceBuffer(
                ScalarType? dtype,
                Device? device,
                Tensor buffer,
                out Tensor? result
            )
            {
                result = null;
                var type =
                    dtype is { } t && (buffer.is_floating_point() || buffer.is_complex()) ? t : buffer.dtype;
                var target = device ?? buffer.device;
                if (!buffer.ConversionCopies(type, target))
                    return false;
                result = buffer.to(type, target, disposeAfter: true).DetachFromDisposeScope();
                return true;
            }
        }
    }
}
