using System;
using System.Threading;
using TorchSharp.Interop;

namespace TorchSharp;

public static unsafe partial class torch
{
    /// <summary>A stream of random numbers.</summary>
    public class Generator : IDisposable
    {
        private IntPtr _handle;

        /// <summary>A stream of its own, beside the default one.</summary>
        public Generator(ulong seed = 0, Device? device = null)
            : this(Native.Check(Native.dt_new_generator((device ?? CPU).Packed, seed)), device ?? CPU) { }

        private Generator(IntPtr handle, Device device)
        {
            _handle = handle;
            this.device = device;
        }

        ~Generator() => Dispose(false);

        internal static Generator OfDevice(Device device) =>
            new(Native.Check(Native.dt_default_generator(device.Packed)), device);

        /// <summary>The generator of the CPU.</summary>
        public static Generator Default => OfDevice(CPU);

        public Device device { get; }

        public IntPtr Handle =>
            _handle != IntPtr.Zero
                ? _handle
                : throw new InvalidOperationException("The generator was disposed of.");

        public Generator manual_seed(long seed)
        {
            Native.Check(Native.dt_generator_seed(Handle, unchecked((ulong)seed)));
            return this;
        }

        public long initial_seed()
        {
            ulong result;
            Native.Check(Native.dt_generator_initial_seed(Handle, &result));
            return unchecked((long)result);
        }

        /// <summary>Seeds it from the system's randomness and gives the seed.</summary>
        public long seed()
        {
            ulong result;
            Native.Check(Native.dt_generator_new_seed(Handle, &result));
            return unchecked((long)result);
        }

        /// <summary>The whole state, as bytes.</summary>
        public Tensor get_state() => new(Native.Check(Native.dt_generator_state(Handle)));

        public void set_state(Tensor value)
        {
            Native.Check(Native.dt_set_generator_state(Handle, value.Handle));
            GC.KeepAlive(value);
        }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            var handle = Interlocked.Exchange(ref _handle, IntPtr.Zero);
            if (handle != IntPtr.Zero)
                Native.dt_release_generator(handle);
        }
    }

    /// <summary>Seeds the generators of all devices.</summary>
    public static Generator manual_seed(long seed)
    {
        Native.Check(Native.dt_manual_seed(unchecked((ulong)seed)));
        return Generator.Default;
    }

    public static long seed()
    {
        using var generator = Generator.Default;
        var result = generator.seed();
        Native.Check(Native.dt_manual_seed(unchecked((ulong)result)));
        return result;
    }

    public static long initial_seed()
    {
        using var generator = Generator.Default;
        return generator.initial_seed();
    }

    /// <summary>The state of the CPU's generator.</summary>
    public static Tensor get_rng_state()
    {
        using var generator = Generator.Default;
        return generator.get_state();
    }

    public static void set_rng_state(Tensor new_state)
    {
        using var generator = Generator.Default;
        generator.set_state(new_state);
    }

    public static class random
    {
        public static Generator manual_seed(long seed) => torch.manual_seed(seed);

        public static long seed() => torch.seed();

        public static long initial_seed() => torch.initial_seed();

        public static Tensor get_rng_state() => torch.get_rng_state();

        public static void set_rng_state(Tensor new_state) => torch.set_rng_state(new_state);
    }
}
