using System;
using System.Runtime.InteropServices;
using TorchSharp.Interop;

namespace TorchSharp;

/// <summary>PyTorch's functions, types and constants, by their own names.</summary>
public static unsafe partial class torch
{
    /// <summary>The version of libtorch.</summary>
    public static string __version__ => Marshal.PtrToStringUTF8((IntPtr)Native.dt_version())!;

    /// <summary>A scope that disposes of the tensors made in it; it belongs to this thread.</summary>
    public static DisposeScope NewDisposeScope() => DisposeScopeManager.OfThread.Open();

    public static DisposeScope? CurrentDisposeScope => DisposeScopeManager.OfThread.Current;

    /// <summary>Evaluates the expression in a scope of its own, out of which only its result comes.</summary>
    public static Tensor WrappedTensorDisposeScope(Func<Tensor> expr)
    {
        using var scope = NewDisposeScope();
        return expr().MoveToOuterDisposeScope();
    }

    private sealed class Restore(Action action) : IDisposable
    {
        private Action? _action = action;

        public void Dispose()
        {
            _action?.Invoke();
            _action = null;
        }
    }

    private static Restore GradMode(bool enabled)
    {
        var before = Native.dt_grad_enabled();
        Native.dt_set_grad_enabled(enabled ? 1 : 0);
        return new Restore(() => Native.dt_set_grad_enabled(before));
    }

    /// <summary>No gradients are recorded on this thread until the result is disposed of.</summary>
    public static IDisposable no_grad() => GradMode(false);

    public static IDisposable enable_grad(bool enabled = true) => GradMode(enabled);

    public static IDisposable set_grad_enabled(bool mode = true) => GradMode(mode);

    public static bool is_grad_enabled() => Native.dt_grad_enabled() != 0;

    /// <summary>As <see cref="no_grad"/>, and its tensors never take part in autograd.</summary>
    public static IDisposable inference_mode(bool mode = true)
    {
        var guard = Native.dt_inference_enter(mode ? 1 : 0);
        return new Restore(() => Native.dt_inference_leave(guard));
    }

    public static bool is_inference_mode_enabled() => Native.dt_inference_enabled() != 0;

    public static int get_num_threads() => Native.dt_threads(0);

    public static void set_num_threads(int num) => Native.Check(Native.dt_set_threads(0, num));

    public static int get_num_interop_threads() => Native.dt_threads(1);

    public static void set_num_interop_threads(int num) => Native.Check(Native.dt_set_threads(1, num));

    private static ScalarType _defaultType = ScalarType.Float32;

    public static ScalarType get_default_dtype() => _defaultType;

    public static void set_default_dtype(ScalarType dtype) => _defaultType = dtype;

    public static bool is_tensor(object obj) => obj is Tensor;

    public static bool is_floating_point(ScalarType type) =>
        type is ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64;

    public static bool is_floating_point(Tensor input) => is_floating_point(input.dtype);

    public static bool is_complex(ScalarType type) =>
        type is ScalarType.ComplexFloat32 or ScalarType.ComplexFloat64;

    public static bool is_complex(Tensor input) => is_complex(input.dtype);

    public static bool is_integral(ScalarType type) =>
        type
            is ScalarType.Byte
                or ScalarType.Int8
                or ScalarType.Int16
                or ScalarType.Int32
                or ScalarType.Int64;

    public static bool is_integral(Tensor t) => is_integral(t.dtype);

    public static bool is_nonzero(Tensor input) => input.is_nonzero();

    public static long numel(Tensor input) => input.NumberOfElements;

    public static ScalarType uint8 = ScalarType.Byte;
    public static ScalarType int8 = ScalarType.Int8;
    public static ScalarType int16 = ScalarType.Int16;
    public static ScalarType @short = ScalarType.Int16;
    public static ScalarType int32 = ScalarType.Int32;
    public static ScalarType @int = ScalarType.Int32;
    public static ScalarType int64 = ScalarType.Int64;
    public static ScalarType @long = ScalarType.Int64;
    public static ScalarType float16 = ScalarType.Float16;
    public static ScalarType half = ScalarType.Float16;
    public static ScalarType bfloat16 = ScalarType.BFloat16;
    public static ScalarType float32 = ScalarType.Float32;
    public static ScalarType @float = ScalarType.Float32;
    public static ScalarType float64 = ScalarType.Float64;
    public static ScalarType @double = ScalarType.Float64;
    public static ScalarType complex64 = ScalarType.ComplexFloat32;
    public static ScalarType cfloat = ScalarType.ComplexFloat32;
    public static ScalarType complex128 = ScalarType.ComplexFloat64;
    public static ScalarType cdouble = ScalarType.ComplexFloat64;
    public static ScalarType @bool = ScalarType.Bool;
}
