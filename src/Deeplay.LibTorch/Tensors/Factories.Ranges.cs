using System.Linq;
using TorchSharp.Interop;

namespace TorchSharp;

// Numbers in order.

public static unsafe partial class torch
{
    public static Tensor arange(
        Scalar stop,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false
    ) => arange(0, stop, 1, dtype, device, requires_grad);

    public static Tensor arange(
        Scalar start,
        Scalar stop,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false
    ) => arange(start, stop, 1, dtype, device, requires_grad);

    public static Tensor arange(
        Scalar start,
        Scalar stop,
        Scalar step,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false
    )
    {
        var real = new[] { start, stop, step }.FirstOrDefault(s => s.Kind == Tag.Double);
        var type = dtype ?? DefaultTypeOf(real ?? stop);
        return WithGrad(
            Aten.Call(
                "arange.start_step",
                start,
                stop,
                step,
                type,
                Arg.None,
                InitializeDevice(device),
                false
            ),
            requires_grad,
            null
        );
    }

    /// <summary>Evenly spaced numbers, both ends included.</summary>
    public static Tensor linspace(
        double start,
        double end,
        long steps,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false
    ) =>
        WithGrad(
            Aten.Call(
                "linspace",
                start,
                end,
                steps,
                dtype ?? get_default_dtype(),
                Arg.None,
                InitializeDevice(device),
                false
            ),
            requires_grad,
            null
        );

    public static Tensor logspace(
        double start,
        double end,
        long steps,
        double @base = 10,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false
    ) =>
        WithGrad(
            Aten.Call(
                "logspace",
                start,
                end,
                steps,
                @base,
                dtype ?? get_default_dtype(),
                Arg.None,
                InitializeDevice(device),
                false
            ),
            requires_grad,
            null
        );

    public static Tensor eye(
        long rows,
        long columns = -1,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) =>
        WithGrad(
            Aten.Call(
                "eye.m",
                rows,
                columns < 0 ? rows : columns,
                dtype ?? get_default_dtype(),
                Arg.None,
                InitializeDevice(device),
                false
            ),
            requires_grad,
            names
        );
}
