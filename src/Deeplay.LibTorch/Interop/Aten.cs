using System;
using System.Collections.Generic;
using System.Text;
using System.Threading;

namespace TorchSharp.Interop;

/// <summary>
/// Calls of ATen operators by the name of their schema (without "aten::"). Arguments come in the schema's order; those
/// left out at the end, and <see cref="Arg.Default"/>, take its defaults. What libtorch reports is thrown as an
/// <see cref="System.Runtime.InteropServices.ExternalException"/> with its message.
/// </summary>
internal static unsafe class Aten
{
    // Replaced as a whole when an operator is met for the first time, so that reading takes no lock.
    private static Dictionary<string, int> _operators = new(StringComparer.Ordinal);
    private static readonly Lock _operatorsLock = new();

    /// <summary>An operator with one tensor as its result.</summary>
    internal static torch.Tensor Call(string name, params ReadOnlySpan<Arg> arguments)
    {
        Native.Value result;
        Invoke(name, arguments, &result, 1);
        return new torch.Tensor((IntPtr)result.Bits);
    }

    /// <summary>The same, as a bare handle that the caller owns.</summary>
    internal static IntPtr CallHandle(string name, params ReadOnlySpan<Arg> arguments)
    {
        Native.Value result;
        Invoke(name, arguments, &result, 1);
        return (IntPtr)result.Bits;
    }

    /// <summary>An operator whose result is its first argument, changed.</summary>
    internal static void Do(string name, params ReadOnlySpan<Arg> arguments) =>
        Invoke(name, arguments, null, 0);

    internal static (torch.Tensor, torch.Tensor) Call2(string name, params ReadOnlySpan<Arg> arguments)
    {
        var results = stackalloc Native.Value[2];
        Invoke(name, arguments, results, 2);
        return (Tensor(results[0])!, Tensor(results[1])!);
    }

    internal static (torch.Tensor, torch.Tensor, torch.Tensor) Call3(
        string name,
        params ReadOnlySpan<Arg> arguments
    )
    {
        var results = stackalloc Native.Value[3];
        Invoke(name, arguments, results, 3);
        return (Tensor(results[0])!, Tensor(results[1])!, Tensor(results[2])!);
    }

    /// <summary>An operator with a list of tensors as its result.</summary>
    internal static torch.Tensor[] CallList(string name, params ReadOnlySpan<Arg> arguments)
    {
        Native.Value result;
        Invoke(name, arguments, &result, 1);
        var handles = (IntPtr*)result.Bits;
        try
        {
            var tensors = new torch.Tensor[result.Length];
            for (var k = 0; k < tensors.Length; k++)
                tensors[k] = new torch.Tensor(handles[k]);
            return tensors;
        }
        finally
        {
            Native.dt_free_memory(handles);
        }
    }

    internal static bool CallBool(string name, params ReadOnlySpan<Arg> arguments) =>
        CallInt(name, arguments) != 0;

    internal static long CallInt(string name, params ReadOnlySpan<Arg> arguments)
    {
        Native.Value result;
        Invoke(name, arguments, &result, 1);
        return result.Bits;
    }

    private static torch.Tensor? Tensor(in Native.Value value) =>
        value.Tag == (int)Tag.Tensor ? new torch.Tensor((IntPtr)value.Bits) : null;

    private static int Find(string name)
    {
        if (_operators.TryGetValue(name, out var id))
            return id;
        var dot = name.IndexOf('.');
        id = Native.dt_operator("aten::" + (dot < 0 ? name : name[..dot]), dot < 0 ? "" : name[(dot + 1)..]);
        Native.Check(id);
        lock (_operatorsLock)
            _operators = new Dictionary<string, int>(_operators, StringComparer.Ordinal) { [name] = id };
        return id;
    }

    /// <summary>Whether this libtorch has the operator.</summary>
    internal static bool Has(string name)
    {
        try
        {
            return Find(name) >= 0;
        }
        catch (System.Runtime.InteropServices.ExternalException)
        {
            return false;
        }
    }

    private static void Invoke(
        string name,
        ReadOnlySpan<Arg> arguments,
        Native.Value* results,
        int maxResults
    )
    {
        var id = Find(name);
        var size = 0;
        foreach (ref readonly var argument in arguments)
            size += SizeOf(argument);
        // Lists are copied beside the arguments: they are short, and so nothing needs pinning.
        var memory = size <= 2048 ? stackalloc byte[size] : new byte[size];
        var values = stackalloc Native.Value[arguments.Length];
        fixed (byte* start = memory)
        {
            var at = start;
            for (var k = 0; k < arguments.Length; k++)
                at = Write(arguments[k], out values[k], at);
            if (Native.dt_call(id, values, arguments.Length, results, maxResults) < 0)
                throw Native.Error();
        }
    }

    private static int SizeOf(in Arg argument) =>
        argument.Tag switch
        {
            Tag.IntList or Tag.DoubleList or Tag.TensorList or Tag.OptionalTensorList => 8
                * ((Array)argument.Reference!).Length,
            Tag.BoolList => (((Array)argument.Reference!).Length + 7) & ~7,
            Tag.Complex => 16,
            Tag.String => (Encoding.UTF8.GetByteCount((string)argument.Reference!) + 7) & ~7,
            _ => 0,
        };

    private static byte* Write(in Arg argument, out Native.Value value, byte* at)
    {
        value = new Native.Value { Tag = (int)argument.Tag, Bits = argument.Bits };
        switch (argument.Tag)
        {
            case Tag.Tensor:
                value.Bits = ((torch.Tensor)argument.Reference!).Handle;
                return at;
            case Tag.Generator:
                value.Bits = ((torch.Generator)argument.Reference!).Handle;
                return at;
            case Tag.IntList:
                return Copy<long>((long[])argument.Reference!, ref value, at);
            case Tag.DoubleList:
                return Copy<double>((double[])argument.Reference!, ref value, at);
            case Tag.BoolList:
                return Copy<bool>((bool[])argument.Reference!, ref value, at);
            case Tag.TensorList:
            case Tag.OptionalTensorList:
                var tensors = (torch.Tensor?[])argument.Reference!;
                value.Bits = (long)at;
                value.Length = tensors.Length;
                foreach (var tensor in tensors)
                {
                    *(IntPtr*)at = tensor is null ? IntPtr.Zero : tensor.Handle;
                    at += 8;
                }
                return at;
            case Tag.Complex:
                var number = ((Scalar)argument.Reference!).Complex;
                value.Bits = (long)at;
                ((double*)at)[0] = number.Real;
                ((double*)at)[1] = number.Imaginary;
                return at + 16;
            case Tag.String:
                var text = (string)argument.Reference!;
                value.Bits = (long)at;
                value.Length = Encoding.UTF8.GetBytes(
                    text,
                    new Span<byte>(at, Encoding.UTF8.GetByteCount(text))
                );
                return at + ((value.Length + 7) & ~7);
            default:
                return at;
        }
    }

    private static byte* Copy<T>(T[] source, ref Native.Value value, byte* at)
        where T : unmanaged
    {
        value.Bits = (long)at;
        value.Length = source.Length;
        source.CopyTo(new Span<T>(at, source.Length));
        return at + ((source.Length * sizeof(T) + 7) & ~7);
    }
}
