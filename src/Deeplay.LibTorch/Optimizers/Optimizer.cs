using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp.Modules;
using TorchSharp.Utils;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class optim
        {
            /// <summary>What a learning rate scheduler turns: one for each group of parameters.</summary>
            public interface ILearningRateController
            {
                double LearningRate { get; set; }

                double InitialLearningRate { get; set; }
            }

            public interface IMomentum
            {
                double Momentum { get; set; }
            }

            public interface IBetas
            {
                (double, double) Betas { get; set; }
            }

            /// <summary>Changes parameters along their gradients.</summary>
            public abstract class Optimizer : IDisposable
            {
                protected IList<ParamGroup> _parameter_groups = [];

                internal Optimizer() { }

                /// <summary>Options by group and states by parameter; StateIndexRef says which state is whose.</summary>
                public class StateDictionary
                {
                    internal StateDictionary() { }

                    public List<OptimizerOptions> Options { get; } = [];

                    public List<OptimizerState> State { get; } = [];

                    public List<List<int>> StateIndexRef { get; } = [];
                }

                public virtual IEnumerable<ILearningRateController> ParamGroups => _parameter_groups;

                public virtual IEnumerable<Parameter> parameters() =>
                    _parameter_groups.SelectMany(group => group.Parameters);

                public virtual void add_param_group(ParamGroup param_group) => _parameter_groups.Add(param_group);

                /// <summary>Forgets all gradients.</summary>
                public virtual void zero_grad()
                {
                    foreach (var parameter in parameters())
                        parameter.grad = null;
                }

                /// <summary>One step; gives what the closure gave, if there was one.</summary>
                public virtual Tensor? step(Func<Tensor>? closure = null) => closure?.Invoke();

                public void Dispose()
                {
                    Dispose(true);
                    GC.SuppressFinalize(this);
                }

                protected virtual void Dispose(bool disposing)
                {
                    if (disposing)
                        Forget();
                }

                internal virtual void Forget() { }
            }
        }
    }

    namespace Modules
    {
        /// <summary>The settings of a group of parameters; those unset take the optimizer's.</summary>
        public class OptimizerOptions
        {
            public double? LearningRate { get; set; }

            public double InitialLearningRate { get; set; }

            public virtual void LoadStateDict(OptimizerOptions source)
            {
                LearningRate = source.LearningRate;
                InitialLearningRate = source.InitialLearningRate;
            }
        }

        /// <summary>What an optimizer remembers about one parameter.</summary>
        public abstract class OptimizerState
        {
            protected Parameter _parameter;

            protected OptimizerState(Parameter parameter) => _parameter = parameter;

            public abstract void Initialize(OptimizerOptions options);

            /// <summary>Takes over the numbers of another state of the same kind, on this parameter's device.</summary>
            public abstract void LoadStateDict(OptimizerState source);

            public virtual void to(torch.Device device) { }

            public virtual bool ApproximatelyEquals(OptimizerState other) => false;

            internal torch.Tensor Zeros() => torch.zeros_like(_parameter).DetachFromDisposeScope();

            internal torch.Tensor? Copied(torch.Tensor? own, torch.Tensor? source)
            {
                var copy = source?.to(source.dtype, _parameter.device, copy: true).DetachFromDisposeScope();
                own?.Dispose();
                return copy;
            }

            internal static torch.Tensor? Moved(torch.Tensor? own, torch.Device device) =>
                own?.to(device, disposeAfter: true).DetachFromDisposeScope();

            internal static bool Close(torch.Tensor? left, torch.Tensor? right) =>
                left is null || right is null ? left is null && right is null : left.allclose(right);
        }

        /// <summary>Parameters that share their settings.</summary>
        public class ParamGroup : torch.optim.ILearningRateController
        {
            public IEnumerable<Parameter> Parameters { get; set; } = [];

            public OptimizerOptions Options { get; set; } = new();

            public double LearningRate
            {
                get => Options.LearningRate ?? 0;
                set => Options.LearningRate = value;
            }

            public double InitialLearningRate
            {
                get => Options.InitialLearningRate;
                set => Options.InitialLearningRate = value;
            }
        }

        /// <summary>Parameters that share settings of one kind.</summary>
        public class ParamGroup<TOptions> : ParamGroup
            where TOptions : OptimizerOptions
        {
            public ParamGroup() { }

            public ParamGroup(IEnumerable<Parameter> parameters, TOptions? options = null)
            {
                Parameters = parameters.ToList();
                if (options is not null)
                    Options = options;
            }

            public new TOptions Options
            {
                get => (TOptions)base.Options;
                set => base.Options = value;
            }
        }

        /// <summary>What the optimizers have in common: settings, states and stepping without recording.</summary>
        public abstract class OptimizerHelper : torch.optim.Optimizer
        {
            protected OptimizerOptions _defaults = new();
            protected OrderedDict<nint, OptimizerState> _state = new();

            public OptimizerHelper() { }

            /// <summary>Calls the body for every group, with gradients off; nothing made in it stays.</summary>
            protected torch.Tensor? _step<T>(Action<T> body, Func<torch.Tensor>? loss_closure = null)
                where T : ParamGroup
            {
                torch.Tensor? loss = null;
                if (loss_closure is not null)
                    using (torch.enable_grad())
                        loss = loss_closure();
                using var quiet = torch.no_grad();
                foreach (var group in _parameter_groups)
                    body((T)group);
                return loss;
            }

            public override void add_param_group(ParamGroup param_group)
            {
                param_group.Options.LearningRate ??= _defaults.LearningRate;
                param_group.Options.InitialLearningRate = param_group.LearningRate;
                param_group.Parameters = param_group.Parameters.ToList();
                base.add_param_group(param_group);
            }

            internal void Remember(Parameter parameter, OptimizerState state, OptimizerOptions options)
            {
                state.Initialize(options);
                _state[parameter.Handle] = state;
            }

            /// <summary>For each parameter of the group that has a gradient: it, the gradient and the state.</summary>
            internal void ForEach<TState>(ParamGroup group, Action<Parameter, torch.Tensor, TState> update)
                where TState : OptimizerState
            {
                foreach (var parameter in group.Parameters)
                {
                    using var gradient = parameter.grad;
                    if (gradient is not null)
                        update(parameter, gradient, (TState)_state[parameter.Handle]);
                }
            }

            public override IEnumerable<Parameter> parameters() => base.parameters();

            public override void zero_grad() => base.zero_grad();

            /// <summary>The settings and states themselves, not copies.</summary>
            public virtual StateDictionary state_dict()
            {
                var dictionary = new StateDictionary();
                foreach (var group in _parameter_groups)
                {
                    dictionary.Options.Add(group.Options);
                    var indices = new List<int>();
                    foreach (var parameter in group.Parameters)
                        if (_state.TryGetValue(parameter.Handle, out var state))
                        {
                            indices.Add(dictionary.State.Count);
                            dictionary.State.Add(state);
                        }
                    dictionary.StateIndexRef.Add(indices);
                }
                return dictionary;
            }

            /// <summary>Takes settings and states over; the groups and parameters must be as many.</summary>
            public virtual void load_state_dict(StateDictionary state_dict)
            {
                var own = this.state_dict();
                if (own.Options.Count != state_dict.Options.Count)
                    throw new ArgumentException(
                        $"The optimizer has {own.Options.Count} parameter groups, the state {state_dict.Options.Count}."
                    );
                if (own.State.Count != state_dict.State.Count)
                    throw new ArgumentException(
                        $"The optimizer has {own.State.Count} parameters, the state {state_dict.State.Count}."
                    );
                for (var k = 0; k < own.Options.Count; k++)
                    own.Options[k].LoadStateDict(state_dict.Options[k]);
                for (var k = 0; k < own.State.Count; k++)
                    if (!ReferenceEquals(own.State[k], state_dict.State[k]))
                        own.State[k].LoadStateDict(state_dict.State[k]);
            }

            public void to(torch.Device device)
            {
                foreach (var (_, state) in _state)
                    state.to(device);
            }

            internal override void Forget()
            {
                foreach (var (_, state) in _state)
                    (state as IDisposable)?.Dispose();
                _state.Clear();
            }
        }
    }
}
