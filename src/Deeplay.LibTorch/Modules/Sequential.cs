using System;
using System.Collections.Generic;
using System.Linq;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>Modules one after the other; the result of each goes into the next, and what lies between is disposed of.</summary>
        public class Sequential : torch.nn.Module<torch.Tensor, torch.Tensor>
        {
            private readonly List<torch.nn.IModule<torch.Tensor, torch.Tensor>> _modules = [];

            protected internal Sequential(params (string name, torch.nn.Module<torch.Tensor, torch.Tensor>)[] modules)
                : base(nameof(Sequential))
            {
                foreach (var (name, module) in modules)
                    append(name, module);
            }

            protected internal Sequential(params torch.nn.Module<torch.Tensor, torch.Tensor>[] modules)
                : base(nameof(Sequential))
            {
                foreach (var module in modules)
                    append(module);
            }

            public int Count => _modules.Count;

            public torch.nn.IModule<torch.Tensor, torch.Tensor> this[int index] => _modules[index];

            /// <summary>Some of the modules as a sequence of their own; they are shared, names included.</summary>
            public Sequential this[Range index]
            {
                get
                {
                    var (start, length) = index.GetOffsetAndLength(Count);
                    var part = new Sequential(Array.Empty<torch.nn.Module<torch.Tensor, torch.Tensor>>());
                    foreach (var (name, module) in named_children().Skip(start).Take(length))
                        part.append(name, (torch.nn.IModule<torch.Tensor, torch.Tensor>)module);
                    return part;
                }
            }

            public Sequential this[(int? start, int? end) index] =>
                this[(index.start ?? 0)..(index.end ?? Count)];

            /// <summary>The name is the position.</summary>
            public Sequential append(torch.nn.IModule<torch.Tensor, torch.Tensor> module) =>
                append(Count.ToString(System.Globalization.CultureInfo.InvariantCulture), module);

            public Sequential append(string name, torch.nn.IModule<torch.Tensor, torch.Tensor> module)
            {
                register_module(name, (torch.nn.Module)module);
                _modules.Add(module);
                return this;
            }

            public override torch.Tensor forward(torch.Tensor tensor)
            {
                if (_modules.Count == 0)
                    return tensor.alias();
                var at = tensor;
                foreach (var module in _modules)
                {
                    var next = module.call(at);
                    if (!ReferenceEquals(at, tensor) && !ReferenceEquals(at, next))
                        at.Dispose();
                    at = next;
                }
                return at;
            }
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Sequential Sequential() => new(Array.Empty<Module<Tensor, Tensor>>());

            public static Modules.Sequential Sequential(params Module<Tensor, Tensor>[] modules) => new(modules);

            public static Modules.Sequential Sequential(params (string name, Module<Tensor, Tensor> submodule)[] modules) =>
                new(modules);

            public static Modules.Sequential Sequential(params Tuple<string, Module<Tensor, Tensor>>[] modules) =>
                new(modules.Select(m => (m.Item1, m.Item2)).ToArray());

            public static Modules.Sequential Sequential(IEnumerable<Module<Tensor, Tensor>> modules) =>
                new(modules.ToArray());

            public static Modules.Sequential Sequential(
                IEnumerable<(string name, Module<Tensor, Tensor> submodule)> modules
            ) => new(modules.ToArray());

            public static Modules.Sequential Sequential(IEnumerable<Tuple<string, Module<Tensor, Tensor>>> modules) =>
                new(modules.Select(m => (m.Item1, m.Item2)).ToArray());
        }
    }
}
