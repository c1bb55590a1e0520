using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>Modules by position. Their parameters show once the list is registered in a module.</summary>
        public class ModuleList<T> : torch.nn.Module, IList<T>
            where T : torch.nn.Module
        {
            private readonly List<T> _list = [];

            public ModuleList(params T[] modules)
                : base(nameof(ModuleList<T>)) => _list.AddRange(modules);

            protected override void RegisterComponents()
            {
                ClearModules();
                for (var k = 0; k < _list.Count; k++)
                    register_module(k.ToString(CultureInfo.InvariantCulture), _list[k]);
            }

            // A change after the list was registered shows at once.
            private void Changed()
            {
                if (_internal_submodules.Count > 0)
                    RegisterComponents();
            }

            public T this[int index]
            {
                get => _list[index];
                set
                {
                    _list[index] = value;
                    Changed();
                }
            }

            public int Count => _list.Count;

            public bool IsReadOnly => false;

            public void Add(T item)
            {
                _list.Add(item);
                Changed();
            }

            public void append(params T[] parameters) => extend(parameters);

            public void extend(IEnumerable<T> modules)
            {
                _list.AddRange(modules);
                Changed();
            }

            public void Insert(int index, T item)
            {
                _list.Insert(index, item);
                Changed();
            }

            public bool Remove(T item)
            {
                var found = _list.Remove(item);
                Changed();
                return found;
            }

            public void RemoveAt(int index)
            {
                _list.RemoveAt(index);
                Changed();
            }

            public void Clear()
            {
                _list.Clear();
                ClearModules();
            }

            public bool Contains(T item) => _list.Contains(item);

            public int IndexOf(T item) => _list.IndexOf(item);

            public void CopyTo(T[] array, int arrayIndex) => _list.CopyTo(array, arrayIndex);

            public IEnumerator<T> GetEnumerator() => _list.GetEnumerator();

            IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
        }

        /// <summary>Parameters by position. They show once the list is registered in a module.</summary>
        public class ParameterList : torch.nn.Module, IList<Parameter>
        {
            private readonly List<Parameter> _list = [];

            public ParameterList(params Parameter[] parameters)
                : base(nameof(ParameterList)) => _list.AddRange(parameters);

            protected override void RegisterComponents()
            {
                _internal_params.Clear();
                for (var k = 0; k < _list.Count; k++)
                    _internal_params.Add(k.ToString(CultureInfo.InvariantCulture), _list[k]);
            }

            private void Changed()
            {
                if (_internal_params.Count > 0)
                    RegisterComponents();
            }

            protected override void _toEpilog(
                torch.ScalarType? dtype,
                torch.Device? device,
                bool non_blocking
            )
            {
                RegisterComponents();
                base._toEpilog(dtype, device, non_blocking);
                for (var k = 0; k < _list.Count; k++)
                    _list[k] = _internal_params[k].Item2;
            }

            public Parameter this[int index]
            {
                get => _list[index];
                set
                {
                    _list[index] = value;
                    Changed();
                }
            }

            public int Count => _list.Count;

            public bool IsReadOnly => false;

            public void Add(Parameter item)
            {
                _list.Add(item);
                Changed();
            }

            public void append(params Parameter[] parameters) => extend(parameters);

            public void extend(IEnumerable<Parameter> parameters)
            {
                _list.AddRange(parameters);
                Changed();
            }

            public void Insert(int index, Parameter item)
            {
                _list.Insert(index, item);
                Changed();
            }

            public bool Remove(Parameter item)
            {
                var found = _list.RemoveAll(p => ReferenceEquals(p, item)) > 0;
                Changed();
                return found;
            }

            public void RemoveAt(int index)
            {
                _list.RemoveAt(index);
                Changed();
            }

            public void Clear()
            {
                _list.Clear();
                _internal_params.Clear();
            }

            public bool Contains(Parameter item) => _list.Any(p => ReferenceEquals(p, item));

            public int IndexOf(Parameter item) => _list.FindIndex(p => ReferenceEquals(p, item));

            public void CopyTo(Parameter[] array, int arrayIndex) => _list.CopyTo(array, arrayIndex);

            public IEnumerator<Parameter> GetEnumerator() => _list.GetEnumerator();

            IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.ModuleList<Module> ModuleList(params Module[] modules) => new(modules);

            public static Modules.ModuleList<T> ModuleList<T>(params T[] modules)
                where T : Module => new(modules);

            public static Modules.ParameterList ParameterList(params Modules.Parameter[] parameters) =>
                new(parameters);
        }
    }
}
