using System;

namespace TorchSharp.Modules;

/// <summary>Marks modules that have no state.</summary>
public interface IParameterLessModule { }

/// <summary>A module without parameters: moving it does nothing, and it takes none on.</summary>
public abstract class ParameterLessModule<T1, TResult> : torch.nn.Module<T1, TResult>, IParameterLessModule
{
    protected ParameterLessModule(string name)
        : base(name) { }

    public override void register_parameter(string name, Parameter param) =>
        throw Stateless.Refusal(GetName());

    public override void register_buffer(string name, torch.Tensor tensor, bool persistent = true) =>
        throw Stateless.Refusal(GetName());

    public override void register_module(string name, torch.nn.Module submodule) =>
        throw Stateless.Refusal(GetName());

    protected internal override torch.nn.Module _to(
        torch.Device device,
        torch.ScalarType dtype,
        bool non_blocking
    ) => this;

    protected internal override torch.nn.Module _to(
        DeviceType deviceType,
        int deviceIndex,
        bool non_blocking
    ) => this;

    protected internal override torch.nn.Module _to(torch.ScalarType dtype, bool non_blocking) => this;
}

/// <summary>A module without parameters: moving it does nothing, and it takes none on.</summary>
public abstract class ParameterLessModule<T1, T2, TResult>
    : torch.nn.Module<T1, T2, TResult>,
        IParameterLessModule
{
    protected ParameterLessModule(string name)
        : base(name) { }

    public override void register_parameter(string name, Parameter param) =>
        throw Stateless.Refusal(GetName());

    public override void register_buffer(string name, torch.Tensor tensor, bool persistent = true) =>
        throw Stateless.Refusal(GetName());

    public override void register_module(string name, torch.nn.Module submodule) =>
        throw Stateless.Refusal(GetName());

    protected internal override torch.nn.Module _to(
        torch.Device device,
        torch.ScalarType dtype,
        bool non_blocking
    ) => this;

    protected internal override torch.nn.Module _to(
        DeviceType deviceType,
        int deviceIndex,
        bool non_blocking
    ) => this;

    protected internal override torch.nn.Module _to(torch.ScalarType dtype, bool non_blocking) => this;
}

/// <summary>A module without parameters: moving it does nothing, and it takes none on.</summary>
public abstract class ParameterLessModule<T1, T2, T3, TResult>
    : torch.nn.Module<T1, T2, T3, TResult>,
        IParameterLessModule
{
    protected ParameterLessModule(string name)
        : base(name) { }

    public override void register_parameter(string name, Parameter param) =>
        throw Stateless.Refusal(GetName());

    public override void register_buffer(string name, torch.Tensor tensor, bool persistent = true) =>
        throw Stateless.Refusal(GetName());

    public override void register_module(string name, torch.nn.Module submodule) =>
        throw Stateless.Refusal(GetName());

    protected internal override torch.nn.Module _to(
        torch.Device device,
        torch.ScalarType dtype,
        bool non_blocking
    ) => this;

    protected internal override torch.nn.Module _to(
        DeviceType deviceType,
        int deviceIndex,
        bool non_blocking
    ) => this;

    protected internal override torch.nn.Module _to(torch.ScalarType dtype, bool non_blocking) => this;
}

/// <summary>A module without parameters: moving it does nothing, and it takes none on.</summary>
public abstract class ParameterLessModule<T1, T2, T3, T4, TResult>
    : torch.nn.Module<T1, T2, T3, T4, TResult>,
        IParameterLessModule
{
    protected ParameterLessModule(string name)
        : base(name) { }

    public override void register_parameter(string name, Parameter param) =>
        throw Stateless.Refusal(GetName());

    public override void register_buffer(string name, torch.Tensor tensor, bool persistent = true) =>
        throw Stateless.Refusal(GetName());

    public override void register_module(string name, torch.nn.Module submodule) =>
        throw Stateless.Refusal(GetName());

    protected internal override torch.nn.Module _to(
        torch.Device device,
        torch.ScalarType dtype,
        bool non_blocking
    ) => this;

    protected internal override torch.nn.Module _to(
        DeviceType deviceType,
        int deviceIndex,
        bool non_blocking
    ) => this;

    protected internal override torch.nn.Module _to(torch.ScalarType dtype, bool non_blocking) => this;
}

/// <summary>A module without parameters: moving it does nothing, and it takes none on.</summary>
public abstract class ParameterLessModule<T1, T2, T3, T4, T5, TResult>
    : torch.nn.Module<T1, T2, T3, T4, T5, TResult>,
        IParameterLessModule
{
    protected ParameterLessModule(string name)
        : base(name) { }

    public override void register_parameter(string name, Parameter param) =>
        throw Stateless.Refusal(GetName());

    public override void register_buffer(string name, torch.Tensor tensor, bool persistent = true) =>
        throw Stateless.Refusal(GetName());

    public override void register_module(string name, torch.nn.Module submodule) =>
        throw Stateless.Refusal(GetName());

    protected internal override torch.nn.Module _to(
        torch.Device device,
        torch.ScalarType dtype,
        bool non_blocking
    ) => this;

    protected internal override torch.nn.Module _to(
        DeviceType deviceType,
        int deviceIndex,
        bool non_blocking
    ) => this;

    protected internal override torch.nn.Module _to(torch.ScalarType dtype, bool non_blocking) => this;
}

/// <summary>A module without parameters: moving it does nothing, and it takes none on.</summary>
public abstract class ParameterLessModule<T1, T2, T3, T4, T5, T6, TResult>
    : torch.nn.Module<T1, T2, T3, T4, T5, T6, TResult>,
        IParameterLessModule
{
    protected ParameterLessModule(string name)
        : base(name) { }

    public override void register_parameter(string name, Parameter param) =>
        throw Stateless.Refusal(GetName());

    public override void register_buffer(string name, torch.Tensor tensor, bool persistent = true) =>
        throw Stateless.Refusal(GetName());

    public override void register_module(string name, torch.nn.Module submodule) =>
        throw Stateless.Refusal(GetName());

    protected internal override torch.nn.Module _to(
        torch.Device device,
        torch.ScalarType dtype,
        bool non_blocking
    ) => this;

    protected internal override torch.nn.Module _to(
        DeviceType deviceType,
        int deviceIndex,
        bool non_blocking
    ) => this;

    protected internal override torch.nn.Module _to(torch.ScalarType dtype, bool non_blocking) => this;
}

internal static class Stateless
{
    internal static InvalidOperationException Refusal(string name) =>
        new($"{name} is a module without parameters; it takes none on.");
}
