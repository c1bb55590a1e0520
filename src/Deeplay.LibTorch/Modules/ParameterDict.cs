using System.Collections;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using TorchSharp.Utils;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>Parameters by name. They show once the dictionary is registered in a module.</summary>
        public class ParameterDict
            : torch.nn.Module,
                IDictionary<string, Parameter>,
                IList<(string, Parameter)>
        {
            private readonly OrderedDict<string, Parameter> _entries = new();

            public ParameterDict()
                : base(nameof(ParameterDict)) { }

            protected override void RegisterComponents()
            {
                _internal_params.Clear();
                foreach (var (name, parameter) in _entries)
                    _internal_params.Add(name, parameter);
            }

            // A change after the dictionary was registered shows at once.
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
                foreach (var (name, parameter) in _internal_params)
                    _entries[name] = parameter;
            }

            public Parameter this[string key]
            {
                get => _entries[key];
                set
                {
                    _entries[key] = value;
                    Changed();
                }
            }

            public (string, Parameter) this[int index]
            {
                get => _entries[index];
                set
                {
                    _entries[index] = value;
                    Changed();
                }
            }

            public int Count => _entries.Count;

            public bool IsReadOnly => false;

            public ICollection<string> Keys => _entries.Keys;

            public ICollection<Parameter> Values => _entries.Values;

            public IEnumerable<string> keys() => Keys;

            public IEnumerable<Parameter> values() => Values;

            public IEnumerator<(string, Parameter)> items() => _entries.items();

            public void Add(string key, Parameter value)
            {
                _entries.Add(key, value);
                Changed();
            }

            public void Add((string, Parameter) item) => Add(item.Item1, item.Item2);

            public void Add(KeyValuePair<string, Parameter> item) => Add(item.Key, item.Value);

            public void Insert(int index, (string, Parameter) item)
            {
                _entries.Insert(index, item);
                Changed();
            }

            public bool Remove(string key)
            {
                var found = _entries.Remove(key);
                Changed();
                return found;
            }

            public bool Remove((string, Parameter) item) => Contains(item) && Remove(item.Item1);

            public bool Remove(KeyValuePair<string, Parameter> item) => Contains(item) && Remove(item.Key);

            public void RemoveAt(int index) => Remove(_entries[index].Item1);

            public void Clear()
            {
                _entries.Clear();
                _internal_params.Clear();
            }

            public void clear() => Clear();

            public bool ContainsKey(string key) => _entries.ContainsKey(key);

            public bool Contains((string, Parameter) item) =>
                _entries.TryGetValue(item.Item1, out var value) && ReferenceEquals(value, item.Item2);

            public bool Contains(KeyValuePair<string, Parameter> item) => Contains((item.Key, item.Value));

            public int IndexOf((string, Parameter) item) => _entries.keys().ToList().IndexOf(item.Item1);

            public bool TryGetValue(string key, [MaybeNullWhen(false)] out Parameter value) =>
                _entries.TryGetValue(key, out value);

            public void CopyTo((string, Parameter)[] array, int arrayIndex) =>
                _entries.CopyTo(array, arrayIndex);

            public void CopyTo(KeyValuePair<string, Parameter>[] array, int arrayIndex) =>
                _entries.CopyTo(array, arrayIndex);

            public IEnumerator<(string, Parameter)> GetEnumerator() => _entries.GetEnumerator();

            IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

            IEnumerator<KeyValuePair<string, Parameter>> IEnumerable<
                KeyValuePair<string, Parameter>
            >.GetEnumerator() => ((IEnumerable<KeyValuePair<string, Parameter>>)_entries).GetEnumerator();
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.ParameterDict ParameterDict(params (string, Modules.Parameter)[] parameters)
            {
                var result = new Modules.ParameterDict();
                foreach (var (name, parameter) in parameters)
                    result.Add(name, parameter);
                return result;
            }
        }
    }
}
