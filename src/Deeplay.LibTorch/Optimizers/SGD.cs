using System;
using System.Collections.Generic;
using System.Linq;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>Stochastic gradient descent, with momentum (Sutskever et al. 2013).</summary>
        public class SGD : OptimizerHelper
        {
            public class Options : OptimizerOptions
            {
                public double? momentum;
                public double? dampening;
                public double? weight_decay;
                public bool? nesterov;
                public bool? maximize;

                public override void LoadStateDict(OptimizerOptions source)
                {
                    base.LoadStateDict(source);
                    var from = source as Options ?? throw new ArgumentException("Not options of SGD.");
                    momentum = from.momentum;
                    dampening = from.dampening;
                    weight_decay = from.weight_decay;
                    nesterov = from.nesterov;
                    maximize = from.maximize;
                }

                internal void FillFrom(Options defaults)
                {
                    momentum ??= defaults.momentum;
                    dampening ??= defaults.dampening;
                    weight_decay ??= defaults.weight_decay;
                    nesterov ??= defaults.nesterov;
                    maximize ??= defaults.maximize;
                }
            }

            public class ParamGroup : ParamGroup<Options>, torch.optim.IMomentum
            {
                public ParamGroup() => Options = new Options();

                public ParamGroup(IEnumerable<Parameter> parameters, Options options)
                    : base(parameters, options) { }

                public ParamGroup(
                    IEnumerable<Parameter> parameters,
                    double lr = 0.001,
                    double momentum = 0,
                    double dampening = 0,
                    double weight_decay = 0,
                    bool nesterov = false,
                    bool maximize = false
                )
                    : base(
                        parameters,
                        new Options
                        {
                            LearningRate = lr,
                            momentum = momentum,
                            dampening = dampening,
                            weight_decay = weight_decay,
                            nesterov = nesterov,
                            maximize = maximize,
                        }
                    ) { }

                public double Momentum
                {
                    get => Options.momentum ?? 0;
                    set => Options.momentum = value;
                }
            }

            public sealed class State : OptimizerState, IDisposable
            {
                public torch.Tensor? momentum_buffer;

                public State(Parameter parameter)
                    : base(parameter) { }

                public override void Initialize(OptimizerOptions options)
                {
                    momentum_buffer?.Dispose();
                    momentum_buffer = null;
                }

                public override void LoadStateDict(OptimizerState source)
                {
                    var from = source as State ?? throw new ArgumentException("Not a state of SGD.");
                    momentum_buffer = Copied(momentum_buffer, from.momentum_buffer);
                }

                public override void to(torch.Device device)
                {
                    momentum_buffer = Moved(momentum_buffer, device);
                }

                public override bool ApproximatelyEquals(OptimizerState other) =>
                    other is State s && Close(momentum_buffer, s.momentum_buffer);

                public void Dispose()
                {
                    momentum_buffer?.Dispose();
                }
            }

            public SGD(
                IEnumerable<Parameter> parameters,
                double lr,
                double momentum = 0,
                double dampening = 0,
                double weight_decay = 0,
                bool nesterov = false,
                bool maximize = false
            )
                : this(
                    [new ParamGroup { Parameters = parameters.ToList() }],
                    lr,
                    momentum,
                    dampening,
                    weight_decay,
                    nesterov,
                    maximize
                ) { }

            public SGD(
                IEnumerable<ParamGroup> parameters,
                double lr,
                double momentum = 0,
                double dampening = 0,
                double weight_decay = 0,
                bool nesterov = false,
                bool maximize = false
            )
            {
                _defaults = new Options
                {
                    LearningRate = lr,
                    momentum = momentum,
                    dampening = dampening,
                    weight_decay = weight_decay,
                    nesterov = nesterov,
                    maximize = maximize,
                };
                _defaults.InitialLearningRate = lr;
                foreach (var group in parameters)
                    add_param_group(group);
            }

            public double Momentum
            {
                get => ((ParamGroup)_parameter_groups[0]).Momentum;
                set
                {
                    foreach (var group in _parameter_groups)
                        ((ParamGroup)group).Momentum = value;
                }
            }

            public override void add_param_group(Modules.ParamGroup param_group)
            {
                var options = (Options)param_group.Options;
                options.FillFrom((Options)_defaults);
                base.add_param_group(param_group);
                foreach (var parameter in param_group.Parameters)
                    Remember(parameter, new State(parameter), options);
            }

            public override torch.Tensor? step(Func<torch.Tensor>? closure = null) =>
                _step<ParamGroup>(
                    group =>
                        ForEach<State>(
                            group,
                            (parameter, gradient, state) => Update(group.Options, parameter, gradient, state)
                        ),
                    closure
                );

            protected override void Dispose(bool disposing) => base.Dispose(disposing);

            private static void Update(
                Options options,
                Parameter parameter,
                torch.Tensor gradient,
                State state
            )
            {
                var momentum = options.momentum!.Value;
                var decay = options.weight_decay!.Value;
                var rate = options.maximize!.Value
                    ? options.LearningRate!.Value
                    : -options.LearningRate!.Value;
                using var decayed = decay != 0 ? gradient.add(parameter, decay) : null;
                var direction = decayed ?? gradient;
                if (momentum == 0)
                {
                    parameter.add_(direction, rate);
                    return;
                }
                if (state.momentum_buffer is null)
                    state.momentum_buffer = direction.clone().DetachFromDisposeScope();
                else
                    state.momentum_buffer.mul_(momentum).add_(direction, 1 - options.dampening!.Value);
                if (options.nesterov!.Value)
                {
                    using var ahead = direction.add(state.momentum_buffer, momentum);
                    parameter.add_(ahead, rate);
                }
                else
                    parameter.add_(state.momentum_buffer, rate);
            }
        }
    }

    public static partial class torch
    {
        public static partial class optim
        {
            public static Modules.SGD SGD(
                IEnumerable<(string name, Modules.Parameter parameter)> parameters,
                double learningRate,
                double momentum = 0,
                double dampening = 0,
                double weight_decay = 0,
                bool nesterov = false,
                bool maximize = false
            ) =>
                new(
                    parameters.Select(p => p.parameter),
                    learningRate,
                    momentum,
                    dampening,
                    weight_decay,
                    nesterov,
                    maximize
                );

            public static Modules.SGD SGD(
                IEnumerable<Modules.Parameter> parameters,
                double learningRate,
                double momentum = 0,
                double dampening = 0,
                double weight_decay = 0,
                bool nesterov = false,
                bool maximize = false
            ) => new(parameters, learningRate, momentum, dampening, weight_decay, nesterov, maximize);

            public static Modules.SGD SGD(
                IEnumerable<Modules.SGD.ParamGroup> parameters,
                double learningRate,
                double momentum = 0,
                double dampening = 0,
                double weight_decay = 0,
                bool nesterov = false,
                bool maximize = false
            ) => new(parameters, learningRate, momentum, dampening, weight_decay, nesterov, maximize);
        }
    }
}
