using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            public virtual IEnumerable<(string name, Module module)> named_children() => _internal_submodules;

            public virtual IEnumerable<Module> children() => named_children().Select(child => child.module);

            /// <summary>Children first, then what is below each of them; not the module itself.</summary>
            public virtual IEnumerable<(string name, Module module)> named_modules()
            {
                foreach (var child in _internal_submodules)
                    yield return child;
                foreach (var (prefix, child) in _internal_submodules)
                foreach (var (name, module) in child.named_modules())
                    yield return ($"{prefix}.{name}", module);
            }

            public virtual IEnumerable<Module> modules() => named_modules().Select(found => found.module);

            /// <summary>Own parameters, then the children's. One that is shared appears once, under its first name.</summary>
            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(
                bool recurse = true
            )
            {
                var seen = new HashSet<IntPtr>();
                foreach (var (name, parameter) in _internal_params)
                    if (!parameter.IsInvalid && seen.Add(parameter.Handle))
                        yield return (name, parameter);
                if (!recurse)
                    yield break;
                foreach (var (prefix, child) in _internal_submodules)
                foreach (var (name, parameter) in child.named_parameters(true))
                    if (!parameter.IsInvalid && seen.Add(parameter.Handle))
                        yield return ($"{prefix}.{name}", parameter);
            }

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) =>
                named_parameters(recurse).Select(found => found.parameter);

            /// <summary>The persistent buffers: own ones, then the children's.</summary>
            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(
                bool recurse = true,
                bool include_nonpersistent = true
            )
            {
                var seen = new HashSet<IntPtr>();
                foreach (var (name, (buffer, persistent)) in _internal_buffers)
                    if (persistent && !buffer.IsInvalid && seen.Add(buffer.Handle))
                        yield return (name, buffer);
                if (!recurse)
                    yield break;
                foreach (var (prefix, child) in _internal_submodules)
                foreach (var (name, buffer) in child.named_buffers(true, include_nonpersistent))
                    if (!buffer.IsInvalid && seen.Add(buffer.Handle))
                        yield return ($"{prefix}.{name}", buffer);
            }

            public virtual IEnumerable<Tensor> buffers(
                bool recurse = true,
                bool include_nonpersistent = true
            ) => named_buffers(recurse, include_nonpersistent).Select(found => found.buffer);

            public virtual bool has_parameter(string target) => get_parameter(target) is not null;

            public virtual bool has_buffer(string target) => get_buffer(target) is not null;

            /// <summary>The parameter of a dotted name, or null.</summary>
            public virtual Parameter? get_parameter(string target) =>
                _internal_params.TryGetValue(target, out var found)
                    ? found
                    : Below(target, (child, rest) => child.get_parameter(rest));

            public virtual Tensor? get_buffer(string target) =>
                _internal_buffers.TryGetValue(target, out var found)
                    ? found.Item1
                    : Below(target, (child, rest) => child.get_buffer(rest));

            private T? Below<T>(string target, Func<Module, string, T?> find)
                where T : class
            {
                var dot = target.IndexOf('.');
                if (dot < 0)
                    return null;
                foreach (var (name, child) in named_children())
                    if (name == target[..dot] && find(child, target[(dot + 1)..]) is { } found)
                        return found;
                return null;
            }

            /// <summary>
            /// Parameters, own ones first, then all buffers; then whatever the submodules have under names that are
            /// not there yet, as a shared parameter's second one.
            /// </summary>
            public virtual Dictionary<string, Tensor> state_dict(
                Dictionary<string, Tensor>? destination = null,
                string? prefix = null
            )
            {
                destination ??= new Dictionary<string, Tensor>();
                string Key(string name) => string.IsNullOrEmpty(prefix) ? name : $"{prefix}.{name}";
                foreach (var (name, parameter) in named_parameters())
                    destination.TryAdd(Key(name), parameter);
                foreach (var (name, buffer) in named_buffers(include_nonpersistent: false))
                    destination.TryAdd(Key(name), buffer);
                foreach (var (name, child) in _internal_submodules)
                    child.state_dict(destination, Key(name));
                return destination;
            }

            /// <summary>
            /// Copies the tensors into those of the same names. Strict: an <see cref="InvalidOperationException"/>, with
            /// nothing copied, unless the names are the same.
            /// </summary>
            public virtual (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(
                Dictionary<string, Tensor> source,
                bool strict = true,
                IList<string>? skip = null
            )
            {
                var target = state_dict();
                bool Wanted(string key) => skip is null || !skip.Contains(key);
                var missing = target.Keys.Where(key => Wanted(key) && !source.ContainsKey(key)).ToList();
                var unexpected = source.Keys.Where(key => Wanted(key) && !target.ContainsKey(key)).ToList();
                if (strict && missing.Count + unexpected.Count > 0)
                    throw new InvalidOperationException(
                        "The loaded state_dict is not identical to the target dictionary. Missing: "
                            + $"[{string.Join(", ", missing)}]; unexpected: [{string.Join(", ", unexpected)}]."
                    );
                using (no_grad())
                    foreach (var (key, tensor) in source)
                        if (Wanted(key) && target.TryGetValue(key, out var own))
                            own.copy_(tensor);
                return (missing, unexpected);
            }
        }
    }
}
