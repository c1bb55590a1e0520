using System;
using System.Collections.Generic;
using System.Linq;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>RMSprop (Hinton, lecture notes, 2012).</summary>
        public class RMSProp : OptimizerHelper
        {
            public class Options : OptimizerOptions
            {
                public double? alpha;
                public double? eps;
                public double? weight_decay;
                public double? momentum;
                public bool? centered;
                public bool? maximize;

                public override void LoadStateDict(OptimizerOptions source)
                {
                    base.LoadStateDict(source);
                    var from = source as Options ?? throw new ArgumentException("Not options of RMSProp.");
                    alpha = from.alpha;
                    eps = from.eps;
                    weight_decay = from.weight_decay;
                    momentum = from.momentum;
                    centered = from.centered;
                    maximize = from.maximize;
                }

                internal void FillFrom(Options defaults)
                {
                    alpha ??= defaults.alpha;
                    eps ??= defaults.eps;
                    weight_decay ??= defaults.weight_decay;
                    momentum ??= defaults.momentum;
                    centered ??= defaults.centered;
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
                    double eps = 1E-08,
                    double alpha = 0.99,
                    double weight_decay = 0,
                    double momentum = 0,
                    bool centered = false
                )
                    : base(
                        parameters,
                        new Options
                        {
                            LearningRate = lr,
                            eps = eps,
                            alpha = alpha,
                            weight_decay = weight_decay,
                            momentum = momentum,
                            centered = centered,
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
                public torch.Tensor square_avg = null!;
                public torch.Tensor? momentum_buffer;
                public torch.Tensor? grad_avg;
                public long step;

                public State(Parameter parameter)
                    : base(parameter) { }

                public override void Initialize(OptimizerOptions options)
                {
                    square_avg?.Dispose();
                    square_avg = Zeros();
                    momentum_buffer?.Dispose();
                    momentum_buffer = ((Options)options).momentum > 0 ? Zeros() : null;
                    grad_avg?.Dispose();
                    grad_avg = ((Options)options).centered == true ? Zeros() : null;
                    step = 0;
                }

                public override void LoadStateDict(OptimizerState source)
                {
                    var from = source as State ?? throw new ArgumentException("Not a state of RMSProp.");
                    square_avg = Copied(square_avg, from.square_avg)!;
                    momentum_buffer = Copied(momentum_buffer, from.momentum_buffer);
                    grad_avg = Copied(grad_avg, from.grad_avg);
                    step = from.step;
                }

                public override void to(torch.Device device)
                {
                    square_avg = Moved(square_avg, device)!;
                    momentum_buffer = Moved(momentum_buffer, device);
                    grad_avg = Moved(grad_avg, device);
                }

                public override bool ApproximatelyEquals(OptimizerState other) =>
                    other is State s
                    && Close(square_avg, s.square_avg)
                    && Close(momentum_buffer, s.momentum_buffer)
                    && Close(grad_avg, s.grad_avg)
                    && step == s.step;

                public void Dispose()
                {
                    square_avg?.Dispose();
                    momentum_buffer?.Dispose();
                    grad_avg?.Dispose();
                }
            }

            public RMSProp(
                IEnumerable<Parameter> parameters,
                double lr = 0.001,
                double alpha = 0.99,
                double eps = 1E-08,
                double weight_decay = 0,
                double momentum = 0,
                bool centered = false,
                bool maximize = false
            )
                : this(
                    [new ParamGroup { Parameters = parameters.ToList() }],
                    lr,
                    alpha,
                    eps,
                    weight_decay,
                    momentum,
                    centered,
                    maximize
                ) { }

            public RMSProp(
                IEnumerable<ParamGroup> parameters,
                double lr = 0.001,
                double alpha = 0.99,
                double eps = 1E-08,
                double weight_decay = 0,
                double momentum = 0,
                bool centered = false,
                bool maximize = false
            )
            {
                _defaults = new Options
                {
                    LearningRate = lr,
                    alpha = alpha,
                    eps = eps,
                    weight_decay = weight_decay,
                    momentum = momentum,
                    centered = centered,
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
                state.step++;
                using var negated = options.maximize!.Value ? gradient.neg() : null;
                var signed = negated ?? gradient;
                var decay = options.weight_decay!.Value;
                using var decayed = decay != 0 ? signed.add(parameter, decay) : null;
                var direction = decayed ?? signed;
                var alpha = options.alpha!.Value;
                state.square_avg.mul_(alpha).addcmul_(direction, direction, 1 - alpha);
                torch.Tensor average;
                if (state.grad_avg is { } mean)
                {
                    mean.mul_(alpha).add_(direction, 1 - alpha);
                    average = state.square_avg.addcmul(mean, mean, -1);
                    average.sqrt_();
                }
                else
                    average = state.square_avg.sqrt();
                using (average)
                {
                    average.add_(options.eps!.Value);
                    var rate = -options.LearningRate!.Value;
                    if (state.momentum_buffer is { } buffer)
                    {
                        buffer.mul_(options.momentum!.Value).addcdiv_(direction, average, 1);
                        parameter.add_(buffer, rate);
                    }
                    else
                        parameter.addcdiv_(direction, average, rate);
                }
            }
        }
    }

    public static partial class torch
    {
        public static partial class optim
        {
            public static Modules.RMSProp RMSProp(
                IEnumerable<(string name, Modules.Parameter parameter)> parameters,
                double lr = 0.01,
                double alpha = 0.99,
                double eps = 1E-08,
                double weight_decay = 0,
                double momentum = 0,
                bool centered = false,
                bool maximize = false
            ) =>
                new(
                    parameters.Select(p => p.parameter),
                    lr,
                    alpha,
                    eps,
                    weight_decay,
                    momentum,
                    centered,
                    maximize
                );

            public static Modules.RMSProp RMSProp(
                IEnumerable<Modules.Parameter> parameters,
                double lr = 0.01,
                double alpha = 0.99,
                double eps = 1E-08,
                double weight_decay = 0,
                double momentum = 0,
                bool centered = false,
                bool maximize = false
            ) => new(parameters, lr, alpha, eps, weight_decay, momentum, centered, maximize);

            public static Modules.RMSProp RMSProp(
                IEnumerable<Modules.RMSProp.ParamGroup> parameters,
                double lr = 0.01,
                double alpha = 0.99,
                double eps = 1E-08,
                double weight_decay = 0,
                double momentum = 0,
                bool centered = false,
                bool maximize = false
            ) => new(parameters, lr, alpha, eps, weight_decay, momentum, centered, maximize);
        }
    }
}
