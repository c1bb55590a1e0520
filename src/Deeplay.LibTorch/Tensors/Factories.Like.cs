using TorchSharp.Interop;

namespace TorchSharp;

// Tensors of another one's size.

public static partial class torch
{
    private static Tensor MakeLike(
        string op,
        Tensor input,
        ScalarType? dtype,
        Device? device,
        bool requires_grad,
        string[]? names = null
    ) =>
        WithGrad(
            Aten.Call(op, input, dtype ?? input.dtype, Arg.None, device ?? input.device, false, Arg.None),
            requires_grad,
            names
        );

    public static Tensor zeros_like(
        Tensor input,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => MakeLike("zeros_like", input, dtype, device, requires_grad, names);

    public static Tensor ones_like(
        Tensor input,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => MakeLike("ones_like", input, dtype, device, requires_grad, names);

    public static Tensor empty_like(
        Tensor input,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => MakeLike("empty_like", input, dtype, device, requires_grad, names);

    public static Tensor rand_like(
        Tensor input,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false
    ) => MakeLike("rand_like", input, dtype, device, requires_grad);

    public static Tensor randn_like(
        Tensor input,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false
    ) => MakeLike("randn_like", input, dtype, device, requires_grad);

    public static Tensor full_like(
        Tensor input,
        Scalar value,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) =>
        WithGrad(
            Aten.Call(
                "full_like",
                input,
                value,
                dtype ?? input.dtype,
                Arg.None,
                device ?? input.device,
                false,
                Arg.None
            ),
            requires_grad,
            names
        );
}
