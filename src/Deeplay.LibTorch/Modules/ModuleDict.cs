using System.Collections;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using TorchSharp.Utils;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>Modules by name. Their parameters show once the dictionary is registered in a module.</summary>
        public class ModuleDict<T> : torch.nn.Module, IDictionary<string, T>, IList<(string, T)>
            where T : torch.nn.Module
        {
            private readonly OrderedDict<string, T> _entries = new();

            public ModuleDict()
                : base(nameof(ModuleDict<T>)) { }

            protected override void RegisterComponents()
            {
                ClearModules();
                foreach (var (name, module) in _entries)
                    register_module(name, module);
            }

            // A change after the dictionary was registered shows at once.
            private void Changed()
            {
                if (_internal_submodules.Count > 0)
                    RegisterComponents();
            }

            public T this[string key]
            {
                get => _entries[key];
                set
                {
                    _entries[key] = value;
                    Changed();
                }
            }

            public (string, T) this[int index]
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

            public ICollection<T> Values => _entries.Values;

            public IEnumerable<string> keys() => Keys;

            public IEnumerable<T> values() => Values;

            public IEnumerator<(string, T)> items() => _entries.items();

            public void Add(string key, T value)
            {
                _entries.Add(key, value);
                Changed();
            }

            public void Add((string, T) item) => Add(item.Item1, item.Item2);

            public void Add(KeyValuePair<string, T> item) => Add(item.Key, item.Value);

            public void Insert(int index, (string, T) item)
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

            public bool Remove((string, T) item) => Contains(item) && Remove(item.Item1);

            public bool Remove(KeyValuePair<string, T> item) => Contains(item) && Remove(item.Key);

            public void RemoveAt(int index) => Remove(_entries[index].Item1);

            public void Clear()
            {
                _entries.Clear();
                _internal_submodules.Clear();
            }

            public void clear() => Clear();

            public bool ContainsKey(string key) => _entries.ContainsKey(key);

            public bool Contains((string, T) item) =>
                _entries.TryGetValue(item.Item1, out var value) && ReferenceEquals(value, item.Item2);

            public bool Contains(KeyValuePair<string, T> item) => Contains((item.Key, item.Value));

            public int IndexOf((string, T) item) => _entries.keys().ToList().IndexOf(item.Item1);

            public bool TryGetValue(string key, [MaybeNullWhen(false)] out T value) =>
                _entries.TryGetValue(key, out value);

            public void CopyTo((string, T)[] array, int arrayIndex) => _entries.CopyTo(array, arrayIndex);

            public void CopyTo(KeyValuePair<string, T>[] array, int arrayIndex) =>
                _entries.CopyTo(array, arrayIndex);

            public IEnumerator<(string, T)> GetEnumerator() => _entries.GetEnumerator();

            IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

            IEnumerator<KeyValuePair<string, T>> IEnumerable<KeyValuePair<string, T>>.GetEnumerator() =>
                ((IEnumerable<KeyValuePair<string, T>>)_entries).GetEnumerator();
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.ModuleDict<Module> ModuleDict(params (string, Module)[] modules) =>
                ModuleDict<Module>(modules);

            public static Modules.ModuleDict<T> ModuleDict<T>(params (string, T)[] modules)
                where T : Module
            {
                var result = new Modules.ModuleDict<T>();
                foreach (var (name, module) in modules)
                    result.Add(name, module);
                return result;
            }
        }
    }
}
