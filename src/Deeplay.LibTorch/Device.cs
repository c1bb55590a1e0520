using System;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Where a tensor lies: a kind of device, and an index where there are several.</summary>
    public class Device
    {
        public Device(DeviceType deviceType, int index = -1)
        {
            type = deviceType;
            this.index = index;
        }

        /// <summary>The type by name (<c>cpu</c>, <c>cuda</c>, <c>meta</c> …) and the index.</summary>
        public Device(string deviceType, int index = -1)
            : this(Parse(deviceType), index) { }

        /// <summary>As in <c>cuda:1</c> or <c>cpu</c>.</summary>
        public Device(string description)
        {
            var colon = description.IndexOf(':');
            type = Parse(colon < 0 ? description : description[..colon]);
            index =
                colon < 0
                    ? -1
                    : int.Parse(
                        description[(colon + 1)..],
                        System.Globalization.CultureInfo.InvariantCulture
                    );
        }

        /// <summary>A CUDA device.</summary>
        public Device(int index)
            : this(DeviceType.CUDA, index) { }

        public DeviceType type { get; }

        public int index { get; }

        internal long Packed => (byte)type | ((long)index << 32);

        internal static Device FromPacked(long packed) =>
            packed == 0 || packed == CPU.Packed ? CPU : new((DeviceType)(packed & 0xff), (int)(packed >> 32));

        private static DeviceType Parse(string name) =>
            name.ToLowerInvariant() switch
            {
                "cpu" => DeviceType.CPU,
                "cuda" => DeviceType.CUDA,
                "meta" => DeviceType.META,
                "mps" => DeviceType.MPS,
                "xla" => DeviceType.XLA,
                _ => throw new ArgumentException($"Unknown device type '{name}'."),
            };

        public override string ToString()
        {
            var text = type.ToString().ToLowerInvariant();
            return index >= 0 ? $"{text}:{index}" : text;
        }

        public static implicit operator Device(string description) => new(description);
    }

    public static readonly Device CPU = new(DeviceType.CPU, -1);

    public static readonly Device META = new(DeviceType.META, -1);

    /// <summary>The current CUDA device; throws where there is none.</summary>
    public static Device CUDA => InitializeDevice(new Device(DeviceType.CUDA, -1));

    public static Device device(string description) => InitializeDevice(new Device(description));

    public static Device device(string deviceType, int index = -1) =>
        InitializeDevice(new Device(deviceType, index));

    public static Device device(DeviceType deviceType, int index = -1) =>
        InitializeDevice(new Device(deviceType, index));

    public static Device device(int index) => InitializeDevice(new Device(index));

    /// <summary>The device, or the default one for null; throws where it can't be used.</summary>
    public static Device InitializeDevice(Device? device)
    {
        device ??= get_default_device();
        InitializeDeviceType(device.type);
        return device;
    }

    /// <summary>Throws an <see cref="InvalidOperationException"/> where there is no such device.</summary>
    public static void InitializeDeviceType(DeviceType deviceType)
    {
        if (
            deviceType is DeviceType.CPU or DeviceType.META
            || (deviceType == DeviceType.CUDA && cuda.device_count() > 0)
        )
            return;
        var reason =
            deviceType == DeviceType.CUDA
                ? Native.dt_cuda_built() != 0
                    ? "libtorch finds no CUDA device or driver."
                    : "this libtorch was built without CUDA; set LIBTORCH to one that was and build Deeplay.LibTorch again."
                : "only CPU, CUDA and META devices are known here.";
        throw new InvalidOperationException($"Device type {deviceType} is not available: {reason}");
    }

    public static bool TryInitializeDeviceType(DeviceType deviceType) =>
        deviceType is DeviceType.CPU or DeviceType.META
        || (deviceType == DeviceType.CUDA && cuda.device_count() > 0);

    private static Device _defaultDevice = CPU;

    public static Device get_default_device() => _defaultDevice;

    public static void set_default_device(Device device) => _defaultDevice = InitializeDevice(device);

    public static void set_default_device(string device) => set_default_device(new Device(device));

    public static bool cuda_is_available() => cuda.is_available();

    public static bool mps_is_available() => false;

    public static class cuda
    {
        private static int _count = -1;

        public static bool is_available() => device_count() > 0;

        public static bool is_cudnn_available() => is_available() && Native.dt_cudnn() == 1;

        public static int device_count() => _count >= 0 ? _count : _count = Native.dt_cuda_count();

        /// <summary>Seeds the CUDA generators too: libtorch seeds all of them at once.</summary>
        public static void manual_seed(long seed)
        {
            using var generator = Generator.OfDevice(CUDA);
            generator.manual_seed(seed);
        }

        public static void manual_seed_all(long seed)
        {
            for (var index = 0; index < device_count(); index++)
            {
                using var generator = Generator.OfDevice(new Device(index));
                generator.manual_seed(seed);
            }
        }

        /// <summary>Waits until the device has done all that was asked of it.</summary>
        public static void synchronize(Device? device = null)
        {
            InitializeDeviceType(DeviceType.CUDA);
            Native.Check(Native.dt_cuda_synchronize(device?.index ?? -1));
        }
    }

    public static class backends
    {
        public static class cuda
        {
            public static class matmul
            {
                /// <summary>Whether matrix products may use TensorFloat-32.</summary>
                public static bool allow_tf32
                {
                    get => Native.dt_tf32(0) != 0;
                    set => Native.Check(Native.dt_set_tf32(0, value ? 1 : 0));
                }
            }
        }

        public static class cudnn
        {
            public static bool allow_tf32
            {
                get => Native.dt_tf32(1) != 0;
                set => Native.Check(Native.dt_set_tf32(1, value ? 1 : 0));
            }
        }
    }
}
