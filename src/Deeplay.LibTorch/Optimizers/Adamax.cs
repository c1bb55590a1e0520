using System;
using System.Collections.Generic;
using System.Linq;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>Adamax: Adam by the infinity norm (Kingma and Ba 2015).</summary>
        public class Adamax : OptimizerHelper, torch.optim.IBetas
        {
            public class Options : OptimizerOptions
            {
                public double? beta1;
                public double? beta2;
                public double? eps;
                public double? weight_decay;

                public override void LoadStateDict(OptimizerOptions source)
                {
                    base.LoadStateDict(source);
                    var from = source as Options ?? throw new ArgumentException("Not options of Adamax.");
                    beta1 = from.beta1;
                    beta2 = from.beta2;
                    eps = from.eps;
                    weight_decay = from.weight_decay;
                }

                internal void FillFrom(Options defaults)
                {
                    beta1 ??= defaults.beta1;
                    beta2 ??= defaults.beta2;
                    eps ??= defaults.eps;
                    weight_decay ??= defaults.weight_decay;
                }
            }

            public class ParamGroup : ParamGroup<Options>, torch.optim.IBetas
            {
                public ParamGroup() => Options = new Options();

                public ParamGroup(IEnumerable<Parameter> parameters, Options options)
                    : base(parameters, options) { }

                public ParamGroup(
                    IEnumerable<Parameter> parameters,
                    double lr = 1,
                    double beta1 = 0.9,
                    double beta2 = 0.999,
                    double eps = 1E-08,
                    double weight_decay = 0
                )
                    : base(
                        parameters,
                        new Options
                        {
                            LearningRate = lr,
                            beta1 = beta1,
                            beta2 = beta2,
                            eps = eps,
                            weight_decay = weight_decay,
                        }
                    ) { }

                public (double, double) Betas
                {
                    get => (Options.beta1 ?? 0, Options.beta2 ?? 0);
                    set => (Options.beta1, Options.beta2) = value;
                }
            }

            public sealed class State : OptimizerState, IDisposable
            {
                public torch.Tensor exp_avg = null!;
                public torch.Tensor exp_inf = null!;
                public long step;

                public State(Parameter parameter)
                    : base(parameter) { }

                public override void Initialize(OptimizerOptions options)
                {
                    exp_avg?.Dispose();
                    exp_avg = Zeros();
                    exp_inf?.Dispose();
                    exp_inf = Zeros();
                    step = 0;
                }

                public override void LoadStateDict(OptimizerState source)
                {
                    var from = source as State ?? throw new ArgumentException("Not a state of Adamax.");
                    exp_avg = Copied(exp_avg, from.exp_avg)!;
                    exp_inf = Copied(exp_inf, from.exp_inf)!;
                    step = from.step;
                }

                public override void to(torch.Device device)
                {
                    exp_avg = Moved(exp_avg, device)!;
                    exp_inf = Moved(exp_inf, device)!;
                }

                public override bool ApproximatelyEquals(OptimizerState other) =>
                    other is State s
                    && Close(exp_avg, s.exp_avg)
                    && Close(exp_inf, s.exp_inf)
                    && step == s.step;

                public void Dispose()
                {
                    exp_avg?.Dispose();
                    exp_inf?.Dispose();
                }
            }

            public Adamax(
                IEnumerable<ParamGroup> parameters,
                double lr = 0.002,
                double beta1 = 0.9,
                double beta2 = 0.999,
                double eps = 1E-08,
                double weight_decay = 0
            )
            {
                _defaults = new Options
                {
                    LearningRate = lr,
                    beta1 = beta1,
                    beta2 = beta2,
                    eps = eps,
                    weight_decay = weight_decay,
                };
                _defaults.InitialLearningRate = lr;
                foreach (var group in parameters)
                    add_param_group(group);
            }

            public Adamax(
                IEnumerable<Parameter> parameters,
                double lr,
                double beta1 = 0.9,
                double beta2 = 0.999,
                double eps = 1E-08,
                double weight_decay = 0
            )
                : this(
                    [new ParamGroup { Parameters = parameters.ToList() }],
                    lr,
                    beta1,
                    beta2,
                    eps,
                    weight_decay
                ) { }

            public (double, double) Betas
            {
                get => ((ParamGroup)_parameter_groups[0]).Betas;
                set
                {
                    foreach (var group in _parameter_groups)
                        ((ParamGroup)group).Betas = value;
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
                var decay = options.weight_decay!.Value;
                using var decayed = decay != 0 ? gradient.add(parameter, decay) : null;
                var direction = decayed ?? gradient;
                var (beta1, beta2) = (options.beta1!.Value, options.beta2!.Value);
                state.exp_avg.mul_(beta1).add_(direction, 1 - beta1);
                using var size = direction.abs();
                size.add_(options.eps!.Value);
                state.exp_inf.mul_(beta2);
                Interop.Aten.Do("maximum.out", state.exp_inf, size, state.exp_inf);
                var correction = 1 - Math.Pow(beta1, state.step);
                parameter.addcdiv_(state.exp_avg, state.exp_inf, -options.LearningRate!.Value / correction);
            }
        }
    }

    public static partial class torch
    {
        public static partial class optim
        {
            public static Modules.Adamax Adamax(
                IEnumerable<(string name, Modules.Parameter parameter)> parameters,
                double lr = 0.002,
                double beta1 = 0.9,
                double beta2 = 0.999,
                double eps = 1E-08,
                double weight_decay = 0
            ) => new(parameters.Select(p => p.parameter), lr, beta1, beta2, eps, weight_decay);

            public static Modules.Adamax Adamax(
                IEnumerable<Modules.Adamax.ParamGroup> parameters,
                double lr = 0.002,
                double beta1 = 0.9,
                double beta2 = 0.999,
                double eps = 1E-08,
                double weight_decay = 0
            ) => new(parameters, lr, beta1, beta2, eps, weight_decay);

            public static Modules.Adamax Adamax(
                IEnumerable<Modules.Parameter> parameters,
                double lr = 0.002,
                double beta1 = 0.9,
                double beta2 = 0.999,
                double eps = 1E-08,
                double weight_decay = 0
            ) => new(parameters, lr, beta1, beta2, eps, weight_decay);
        }
    }
}
