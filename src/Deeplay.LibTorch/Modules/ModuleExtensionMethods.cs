namespace TorchSharp;

/// <summary>Moving and converting modules; they are changed in place and given back.</summary>
public static class ModuleExtensionMethods
{
    public static T @half<T>(this T module, bool non_blocking = false)
        where T : torch.nn.Module => (T)module._to(torch.ScalarType.Float16, non_blocking);

    public static T @bfloat16<T>(this T module, bool non_blocking = false)
        where T : torch.nn.Module => (T)module._to(torch.ScalarType.BFloat16, non_blocking);

    public static T @float<T>(this T module, bool non_blocking = false)
        where T : torch.nn.Module => (T)module._to(torch.ScalarType.Float32, non_blocking);

    public static T @double<T>(this T module, bool non_blocking = false)
        where T : torch.nn.Module => (T)module._to(torch.ScalarType.Float64, non_blocking);

    public static T @cfloat<T>(this T module, bool non_blocking = false)
        where T : torch.nn.Module => (T)module._to(torch.ScalarType.ComplexFloat32, non_blocking);

    public static T @cdouble<T>(this T module, bool non_blocking = false)
        where T : torch.nn.Module => (T)module._to(torch.ScalarType.ComplexFloat64, non_blocking);

    public static T cpu<T>(this T module, bool non_blocking = false)
        where T : torch.nn.Module => (T)module._to(DeviceType.CPU, -1, non_blocking);

    public static T cuda<T>(this T module, int deviceIndex = -1, bool non_blocking = false)
        where T : torch.nn.Module => (T)module._to(DeviceType.CUDA, deviceIndex, non_blocking);

    public static T to<T>(
        this T module,
        torch.Device device,
        torch.ScalarType type,
        bool non_blocking = false
    )
        where T : torch.nn.Module => (T)module._to(device, type, non_blocking);

    public static T to<T>(this T module, torch.Device device, bool non_blocking = false)
        where T : torch.nn.Module => (T)module._to(device.type, device.index, non_blocking);

    public static T to<T>(
        this T module,
        DeviceType deviceType,
        int deviceIndex = -1,
        bool non_blocking = false
    )
        where T : torch.nn.Module => (T)module._to(deviceType, deviceIndex, non_blocking);

    public static T to<T>(this T module, string device, bool non_blocking = false)
        where T : torch.nn.Module => module.to(new torch.Device(device), non_blocking);

    public static T to<T>(this T module, torch.ScalarType type, bool non_blocking = false)
        where T : torch.nn.Module => (T)module._to(type, non_blocking);

    public static T to<T>(this T module, torch.Tensor other, bool non_blocking = false)
        where T : torch.nn.Module => (T)module._to(other, non_blocking);
}
