using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using TorchSharp.Modules;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>The base of all modules: named parameters, buffers and submodules, in the order registered.</summary>
        public partial class Module : IDisposable
        {
            protected string? name;
            protected DeviceType _deviceType = DeviceType.CPU;
            protected int _deviceIndex = -1;
            protected OrderedDict<string, Module> _internal_submodules = new();
            protected OrderedDict<string, (Tensor, bool)> _internal_buffers = new();
            protected OrderedDict<string, Parameter> _internal_params = new();
            private bool _componentsRegistered;
            private bool _training = true;
            private bool _disposed;

            protected Module(string name) => this.name = name;

            /// <summary>The name given to the constructor, or the type's.</summary>
            public virtual string GetName() => string.IsNullOrEmpty(name) ? GetType().Name : name;

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            /// <summary>Disposes of the module's parameters and buffers, and of its submodules.</summary>
            protected virtual void Dispose(bool disposing)
            {
                if (!disposing || _disposed)
                    return;
                _disposed = true;
                foreach (var (_, parameter) in _internal_params)
                    parameter.Dispose();
                foreach (var (_, (buffer, _)) in _internal_buffers)
                    buffer.Dispose();
                foreach (var (_, child) in _internal_submodules)
                    child.Dispose();
            }

            public virtual bool training => _training;

            public virtual void train(bool train = true)
            {
                _training = train;
                foreach (var child in children())
                    child.train(train);
            }

            public virtual void eval() => train(false);

            /// <summary>Calls the function on every submodule, the innermost first, then on this one.</summary>
            public virtual Module apply(Action<Module> fn)
            {
                foreach (var (_, child) in _internal_submodules)
                    child.apply(fn);
                fn(this);
                return this;
            }

            /// <summary>Forgets the gradients, or fills them with zeros.</summary>
            public virtual void zero_grad(bool set_to_none = true)
            {
                foreach (var parameter in parameters())
                {
                    using var gradient = parameter.grad;
                    if (gradient is null)
                        continue;
                    if (set_to_none)
                        parameter.grad = null;
                    else
                        using (no_grad())
                            gradient.zero_();
                }
            }

            public virtual void register_parameter(string name, Parameter param)
            {
                if (param is null || param.IsInvalid)
                    throw new ArgumentNullException(nameof(param), $"Parameter {name} is null or was disposed of.");
                if (!_internal_params.TryAdd(name, param))
                    throw new InvalidOperationException($"Parameter {name} is already registered.");
            }

            /// <summary>A tensor that belongs to the state but is not trained.</summary>
            public virtual void register_buffer(string name, Tensor tensor, bool persistent = true)
            {
                if (tensor is null || tensor.IsInvalid)
                    throw new ArgumentNullException(nameof(tensor), $"Buffer {name} is null or was disposed of.");
                if (!_internal_buffers.TryAdd(name, (tensor, persistent)))
                    throw new InvalidOperationException($"Tensor {name} is already registered.");
            }

            /// <summary>Names have no dots; null takes the name off the list.</summary>
            public virtual void register_module(string name, Module submodule)
            {
                if (submodule is null)
                {
                    _internal_submodules.Remove(name);
                    return;
                }
                if (string.IsNullOrEmpty(name))
                    throw new ArgumentException("A submodule needs a name.", nameof(name));
                if (name.Contains('.'))
                    throw new ArgumentException($"A submodule's name has no dots: '{name}'.", nameof(name));
                if (_internal_submodules.ContainsKey(name))
                    throw new InvalidOperationException($"Sub-module {name} is already registered.");
                submodule.RegisterComponents();
                _internal_submodules.Add(name, submodule);
            }

            public void add_module(string name, Module module) => register_module(name, module);

            protected void ClearModules() => _internal_submodules.Clear();

            protected void ConditionallyRegisterParameter(string name, Parameter? value)
            {
                if (value is null)
                    _internal_params.Remove(name);
                else
                    _internal_params[name] = value;
            }

            protected void ConditionallyRegisterParameter(string name, Tensor value) =>
                ConditionallyRegisterParameter(name, value as Parameter);

            protected void ConditionallyRegisterBuffer(string name, Tensor? value, bool persistent = true)
            {
                if (value is null)
                    _internal_buffers.Remove(name);
                else
                    _internal_buffers[name] = (value, persistent);
            }

            /// <summary>Registers the modules, parameters and tensors that the fields hold, by the fields' names.</summary>
            protected virtual void RegisterComponents()
            {
                if (_componentsRegistered)
                    return;
                _componentsRegistered = true;
                foreach (var field in OwnFields())
                {
                    var component = field.ComponentName();
                    if (
                        _internal_submodules.ContainsKey(component)
                        || _internal_params.ContainsKey(component)
                        || _internal_buffers.ContainsKey(component)
                    )
                        continue;
                    switch (field.GetValue(this))
                    {
                        case Module module:
                            register_module(component, module);
                            break;
                        case Parameter parameter:
                            register_parameter(component, parameter);
                            break;
                        case Tensor tensor:
                            register_buffer(component, tensor);
                            break;
                    }
                }
            }

            private IEnumerable<FieldInfo> OwnFields()
            {
                var seen = new HashSet<string>();
                // The modules of this assembly register what they have themselves.
                for (var type = GetType(); type?.Assembly != typeof(Module).Assembly; type = type!.BaseType)
                foreach (
                    var field in type!.GetFields(
                        BindingFlags.Instance
                            | BindingFlags.Public
                            | BindingFlags.NonPublic
                            | BindingFlags.DeclaredOnly
                    )
                )
                    if (seen.Add(field.Name))
                        yield return field;
            }

            protected static (Device device, ScalarType dtype) GetDefaultDeviceAndType(
                Device? device = null,
                ScalarType? dtype = null
            ) => (device ?? get_default_device(), dtype ?? get_default_dtype());
        }
    }
}
