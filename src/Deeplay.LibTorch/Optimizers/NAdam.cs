using System;
using System.Collections.Generic;
using System.Linq;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>Adam with Nesterov momentum (Dozat 2016).</summary>
        public class NAdam : OptimizerHelper, torch.optim.IBetas
        {
            public class Options : OptimizerOptions
            {
                public double? beta1;
                public double? beta2;
                public double? eps;
                public double? weight_decay;
                public double? momentum_decay;

                public override void LoadStateDict(OptimizerOptions source)
                {
                    base.LoadStateDict(source);
                    var from = source as Options ?? throw new ArgumentException("Not options of NAdam.");
                    beta1 = from.beta1;
                    beta2 = from.beta2;
                    eps = from.eps;
                    weight_decay = from.weight_decay;
                    momentum_decay = from.momentum_decay;
                }

                internal void FillFrom(Options defaults)
                {
                    beta1 ??= defaults.beta1;
                    beta2 ??= defaults.beta2;
                    eps ??= defaults.eps;
                    weight_decay ??= defaults.weight_decay;
                    momentum_decay ??= defaults.momentum_decay;
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
                    double weight_decay = 0,
                    double momentum_decay = 0.004
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
                            momentum_decay = momentum_decay,
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
                public torch.Tensor exp_avg_sq = null!;
                public double mu_product = 1;
                public long step;

                public State(Parameter parameter)
                    : base(parameter) { }

                public override void Initialize(OptimizerOptions options)
                {
                    exp_avg?.Dispose();
                    exp_avg = Zeros();
                    exp_avg_sq?.Dispose();
                    exp_avg_sq = Zeros();
                    mu_product = 1;
                    step = 0;
                }

                public override void LoadStateDict(OptimizerState source)
                {
                    var from = source as State ?? throw new ArgumentException("Not a state of NAdam.");
                    exp_avg = Copied(exp_avg, from.exp_avg)!;
                    exp_avg_sq = Copied(exp_avg_sq, from.exp_avg_sq)!;
                    mu_product = from.mu_product;
                    step = from.step;
                }

                public override void to(torch.Device device)
                {
                    exp_avg = Moved(exp_avg, device)!;
                    exp_avg_sq = Moved(exp_avg_sq, device)!;
                }

                public override bool ApproximatelyEquals(OptimizerState other) =>
                    other is State s
                    && Close(exp_avg, s.exp_avg)
                    && Close(exp_avg_sq, s.exp_avg_sq)
                    && mu_product == s.mu_product
                    && step == s.step;

                public void Dispose()
                {
                    exp_avg?.Dispose();
                    exp_avg_sq?.Dispose();
                }
            }

            public NAdam(
                IEnumerable<ParamGroup> parameters,
                double lr = 0.002,
                double beta1 = 0.9,
                double beta2 = 0.999,
                double eps = 1E-08,
                double weight_decay = 0,
                double momentum_decay = 0.004
            )
            {
                _defaults = new Options
                {
                    LearningRate = lr,
                    beta1 = beta1,
                    beta2 = beta2,
                    eps = eps,
                    weight_decay = weight_decay,
                    momentum_decay = momentum_decay,
                };
                _defaults.InitialLearningRate = lr;
                foreach (var group in parameters)
                    add_param_group(group);
            }

            public NAdam(
                IEnumerable<Parameter> parameters,
                double lr,
                double beta1 = 0.9,
                double beta2 = 0.999,
                double eps = 1E-08,
                double weight_decay = 0,
                double momentum_decay = 0.004
            )
                : this(
                    [new ParamGroup { Parameters = parameters.ToList() }],
                    lr,
                    beta1,
                    beta2,
                    eps,
                    weight_decay,
                    momentum_decay
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
                var rate = options.LearningRate!.Value;
                var correction2 = 1 - Math.Pow(beta2, state.step);
                double Momentum(long step) =>
                    beta1 * (1 - 0.5 * Math.Pow(0.96, step * options.momentum_decay!.Value));
                var (now, next) = (Momentum(state.step), Momentum(state.step + 1));
                state.mu_product *= now;
                state.exp_avg.mul_(beta1).add_(direction, 1 - beta1);
                state.exp_avg_sq.mul_(beta2).addcmul_(direction, direction, 1 - beta2);
                using var divisor = state.exp_avg_sq.div(correction2);
                divisor.sqrt_().add_(options.eps!.Value);
                parameter.addcdiv_(direction, divisor, -rate * (1 - now) / (1 - state.mu_product));
                parameter.addcdiv_(state.exp_avg, divisor, -rate * next / (1 - state.mu_product * next));
            }
        }
    }

    public static partial class torch
    {
        public static partial class optim
        {
            public static Modules.NAdam NAdam(
                IEnumerable<(string name, Modules.Parameter parameter)> named_parameters,
                double lr = 0.002,
                double beta1 = 0.9,
                double beta2 = 0.999,
                double eps = 1E-08,
                double weight_decay = 0,
                double momentum_decay = 0.004
            ) =>
                new(
                    named_parameters.Select(p => p.parameter),
                    lr,
                    beta1,
                    beta2,
                    eps,
                    weight_decay,
                    momentum_decay
                );

            public static Modules.NAdam NAdam(
                IEnumerable<Modules.NAdam.ParamGroup> parameters,
                double lr = 0.002,
                double beta1 = 0.9,
                double beta2 = 0.999,
                double eps = 1E-08,
                double weight_decay = 0,
                double momentum_decay = 0.004
            ) => new(parameters, lr, beta1, beta2, eps, weight_decay, momentum_decay);

            public static Modules.NAdam NAdam(
                IEnumerable<Modules.Parameter> named_parameters,
                double lr = 0.002,
                double beta1 = 0.9,
                double beta2 = 0.999,
                double eps = 1E-08,
                double weight_decay = 0,
                double momentum_decay = 0.004
            ) => new(named_parameters, lr, beta1, beta2, eps, weight_decay, momentum_decay);
        }
    }
}
