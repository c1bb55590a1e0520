using System;
using System.IO;
using System.Reflection;
using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>The C ABI of native/deeplay_torch.cpp.</summary>
internal static unsafe partial class Native
{
    private const string Library = "DeeplayTorch";

    static Native() => NativeLibrary.SetDllImportResolver(typeof(Native).Assembly, Resolve);

    private static IntPtr Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (name != Library)
            return IntPtr.Zero;
        const string file = "libDeeplayTorch.so";
        foreach (var folder in new[] { Path.GetDirectoryName(assembly.Location), AppContext.BaseDirectory })
        {
            if (string.IsNullOrEmpty(folder))
                continue;
            var path = Path.Combine(folder, file);
            if (!File.Exists(path))
                continue;
            try
            {
                return NativeLibrary.Load(path);
            }
            catch (DllNotFoundException e)
            {
                throw new DllNotFoundException(
                    $"'{path}' could not be loaded; most likely libtorch is not installed, or not the one it was "
                        + "built against. On Debian: apt-get install libtorch-dev libopenblas0-openmp. For another "
                        + "libtorch set LIBTORCH to its folder. Then build Deeplay.LibTorch again. "
                        + $"({e.Message})",
                    e
                );
            }
        }
        throw new DllNotFoundException(
            $"{file} is not beside Deeplay.LibTorch.dll ({assembly.Location}). It is built with the project, from "
                + "src/Deeplay.LibTorch/native, which needs a C++ compiler and libtorch (Debian: apt-get install g++ "
                + "libtorch-dev libopenblas0-openmp, or a libtorch folder named by LIBTORCH)."
        );
    }

    /// <summary>One argument or result as it crosses the border; see <c>Value</c> in the C++ file.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Value
    {
        public int Tag;
        public int Length;
        public long Bits;
    }

    [LibraryImport(Library)]
    internal static partial byte* dt_error();

    [LibraryImport(Library)]
    internal static partial byte* dt_version();

    [LibraryImport(Library)]
    internal static partial void dt_free_memory(void* memory);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int dt_operator(string name, string overload);

    [LibraryImport(Library)]
    internal static partial int dt_call(int id, Value* arguments, int count, Value* results, int maxResults);

    [LibraryImport(Library)]
    internal static partial void dt_release(IntPtr tensor);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial int dt_dim(IntPtr tensor);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial long dt_numel(IntPtr tensor);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial int dt_dtype(IntPtr tensor);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial long dt_element_size(IntPtr tensor);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial void dt_sizes(IntPtr tensor, long* sizes);

    [LibraryImport(Library)]
    internal static partial int dt_strides(IntPtr tensor, long* strides);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial long dt_storage_offset(IntPtr tensor);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial long dt_device(IntPtr tensor);

    [LibraryImport(Library)]
    internal static partial int dt_flags(IntPtr tensor);

    [LibraryImport(Library)]
    internal static partial void* dt_data(IntPtr tensor);

    [LibraryImport(Library)]
    internal static partial int dt_set_requires_grad(IntPtr tensor, int value);

    [LibraryImport(Library)]
    internal static partial int dt_retain_grad(IntPtr tensor);

    [LibraryImport(Library)]
    internal static partial int dt_grad(IntPtr tensor, IntPtr* grad);

    [LibraryImport(Library)]
    internal static partial int dt_set_grad(IntPtr tensor, IntPtr grad);

    [LibraryImport(Library)]
    internal static partial int dt_backward(
        IntPtr* tensors,
        int count,
        IntPtr* grads,
        int gradCount,
        int retain,
        int createGraph,
        IntPtr* inputs,
        int inputCount
    );

    [LibraryImport(Library)]
    internal static partial int dt_gradients(
        IntPtr* outputs,
        int count,
        IntPtr* inputs,
        int inputCount,
        IntPtr* grads,
        int gradCount,
        int retain,
        int createGraph,
        int allowUnused,
        IntPtr* results
    );

    [LibraryImport(Library)]
    internal static partial int dt_grad_enabled();

    [LibraryImport(Library)]
    internal static partial void dt_set_grad_enabled(int value);

    [LibraryImport(Library)]
    internal static partial int dt_inference_enabled();

    [LibraryImport(Library)]
    internal static partial IntPtr dt_inference_enter(int value);

    [LibraryImport(Library)]
    internal static partial void dt_inference_leave(IntPtr guard);

    [LibraryImport(Library)]
    internal static partial int dt_manual_seed(ulong seed);

    [LibraryImport(Library)]
    internal static partial IntPtr dt_default_generator(long device);

    [LibraryImport(Library)]
    internal static partial IntPtr dt_new_generator(long device, ulong seed);

    [LibraryImport(Library)]
    internal static partial void dt_release_generator(IntPtr generator);

    [LibraryImport(Library)]
    internal static partial int dt_generator_seed(IntPtr generator, ulong seed);

    [LibraryImport(Library)]
    internal static partial int dt_generator_initial_seed(IntPtr generator, ulong* seed);

    [LibraryImport(Library)]
    internal static partial int dt_generator_new_seed(IntPtr generator, ulong* seed);

    [LibraryImport(Library)]
    internal static partial IntPtr dt_generator_state(IntPtr generator);

    [LibraryImport(Library)]
    internal static partial int dt_set_generator_state(IntPtr generator, IntPtr state);

    [LibraryImport(Library)]
    internal static partial int dt_cuda_count();

    [LibraryImport(Library)]
    internal static partial int dt_cuda_built();

    [LibraryImport(Library)]
    internal static partial int dt_cudnn();

    [LibraryImport(Library)]
    internal static partial int dt_cuda_synchronize(int index);

    [LibraryImport(Library)]
    internal static partial int dt_threads(int interop);

    [LibraryImport(Library)]
    internal static partial int dt_set_threads(int interop, int count);

    [LibraryImport(Library)]
    internal static partial int dt_tf32(int which);

    [LibraryImport(Library)]
    internal static partial int dt_set_tf32(int which, int value);

    /// <summary>The failure that the last call on this thread left, as TorchSharp reports it.</summary>
    internal static ExternalException Error() =>
        new(Marshal.PtrToStringUTF8((IntPtr)dt_error()) ?? "libtorch failed without a message");

    internal static void Check(int result)
    {
        if (result < 0)
            throw Error();
    }

    internal static IntPtr Check(IntPtr handle) => handle != IntPtr.Zero ? handle : throw Error();
}
