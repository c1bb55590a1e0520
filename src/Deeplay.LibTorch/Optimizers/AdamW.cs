using System;
using System.Collections.Generic;
using System.Linq;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>Adam with decoupled weight decay (Loshchilov and Hutter 2019).</summary>
        public class AdamW : OptimizerHelper, torch.optim.IBetas
        {
            public class Options : OptimizerOptions
            {
                public double? beta1;
                public double? beta2;
                public double? eps;
                public double? weight_decay;
                public bool? amsgrad;
                public bool? maximize;

                public override void LoadStateDict(OptimizerOptions source)
                {
                    base.LoadStateDict(source);
                    var from = source as Options ?? throw new ArgumentException("Not options of AdamW.");
                    beta1 = from.beta1;
                    beta2 = from.beta2;
                    eps = from.eps;
                    weight_decay = from.weight_decay;
                    amsgrad = from.amsgrad;
                    maximize = from.maximize;
                }

                internal void FillFrom(Options defaults)
                {
                    beta1 ??= defaults.beta1;
                    beta2 ??= defaults.beta2;
                    eps ??= defaults.eps;
                    weight_decay ??= defaults.weight_decay;
                    amsgrad ??= defaults.amsgrad;
                    maximize ??= defaults.maximize;
                }
            }

            public class ParamGroup : ParamGroup<Options>, torch.optim.IBetas
            {
                public ParamGroup() => Options = new Options();

                public ParamGroup(IEnumerable<Parameter> parameters, Options options)
                    : base(parameters, options) { }

                public ParamGroup(
                    IEnumerable<Parameter> parameters,
                    double lr = 0.001,
                    double beta1 = 0.9,
                    double beta2 = 0.999,
                    double eps = 1E-08,
                    double weight_decay = 0,
                    bool amsgrad = false,
                    bool maximize = false
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
                            amsgrad = amsgrad,
                            maximize = maximize,
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
                public torch.Tensor? max_exp_avg_sq;
                public long step;

                public State(Parameter parameter)
                    : base(parameter) { }

                public override void Initialize(OptimizerOptions options)
                {
                    exp_avg?.Dispose();
                    exp_avg = Zeros();
                    exp_avg_sq?.Dispose();
                    exp_avg_sq = Zeros();
                    max_exp_avg_sq?.Dispose();
                    max_exp_avg_sq = ((Options)options).amsgrad == true ? Zeros() : null;
                    step = 0;
                }

                public override void LoadStateDict(OptimizerState source)
                {
                    var from = source as State ?? throw new ArgumentException("Not a state of AdamW.");
                    exp_avg = Copied(exp_avg, from.exp_avg)!;
                    exp_avg_sq = Copied(exp_avg_sq, from.exp_avg_sq)!;
                    max_exp_avg_sq = Copied(max_exp_avg_sq, from.max_exp_avg_sq);
                    step = from.step;
                }

                public override void to(torch.Device device)
                {
                    exp_avg = Moved(exp_avg, device)!;
                    exp_avg_sq = Moved(exp_avg_sq, device)!;
                    max_exp_avg_sq = Moved(max_exp_avg_sq, device);
                }

                public override bool ApproximatelyEquals(OptimizerState other) =>
                    other is State s
                    && Close(exp_avg, s.exp_avg)
                    && Close(exp_avg_sq, s.exp_avg_sq)
                    && Close(max_exp_avg_sq, s.max_exp_avg_sq)
                    && step == s.step;

                public void Dispose()
                {
                    exp_avg?.Dispose();
                    exp_avg_sq?.Dispose();
                    max_exp_avg_sq?.Dispose();
                }
            }

            public AdamW(
                IEnumerable<ParamGroup> parameters,
                double lr = 0.001,
                double beta1 = 0.9,
                double beta2 = 0.999,
                double eps = 1E-08,
                double weight_decay = 0,
                bool amsgrad = false,
                bool maximize = false
            )
            {
                _defaults = new Options
                {
                    LearningRate = lr,
                    beta1 = beta1,
                    beta2 = beta2,
                    eps = eps,
                    weight_decay = weight_decay,
                    amsgrad = amsgrad,
                    maximize = maximize,
                };
                _defaults.InitialLearningRate = lr;
                foreach (var group in parameters)
                    add_param_group(group);
            }

            public AdamW(
                IEnumerable<Parameter> parameters,
                double lr = 0.001,
                double beta1 = 0.9,
                double beta2 = 0.999,
                double eps = 1E-08,
                double weight_decay = 0,
                bool amsgrad = false,
                bool maximize = false
            )
                : this(
                    [new ParamGroup { Parameters = parameters.ToList() }],
                    lr,
                    beta1,
                    beta2,
                    eps,
                    weight_decay,
                    amsgrad,
                    maximize
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
                var (beta1, beta2) = (options.beta1!.Value, options.beta2!.Value);
                var correction1 = 1 - Math.Pow(beta1, state.step);
                var correction2 = 1 - Math.Pow(beta2, state.step);
                using var negated = options.maximize!.Value ? gradient.neg() : null;
                var direction = negated ?? gradient;
                parameter.mul_(1 - options.LearningRate!.Value * options.weight_decay!.Value);
                state.exp_avg.mul_(beta1).add_(direction, 1 - beta1);
                state.exp_avg_sq.mul_(beta2).addcmul_(direction, direction, 1 - beta2);
                var squares = state.exp_avg_sq;
                if (state.max_exp_avg_sq is { } largest)
                {
                    Interop.Aten.Do("maximum.out", largest, state.exp_avg_sq, largest);
                    squares = largest;
                }
                using var divisor = squares.sqrt();
                divisor.div_(Math.Sqrt(correction2)).add_(options.eps!.Value);
                parameter.addcdiv_(state.exp_avg, divisor, -options.LearningRate!.Value / correction1);
            }
        }
    }

    public static partial class torch
    {
        public static partial class optim
        {
            public static Modules.AdamW AdamW(
                IEnumerable<(string name, Modules.Parameter parameter)> parameters,
                double lr = 0.001,
                double beta1 = 0.9,
                double beta2 = 0.999,
                double eps = 1E-08,
                double weight_decay = 0,
                bool amsgrad = false,
                bool maximize = false
            ) =>
                new(
                    parameters.Select(p => p.parameter),
                    lr,
                    beta1,
                    beta2,
                    eps,
                    weight_decay,
                    amsgrad,
                    maximize
                );

            public static Modules.AdamW AdamW(
                IEnumerable<Modules.AdamW.ParamGroup> parameters,
                double lr = 0.001,
                double beta1 = 0.9,
                double beta2 = 0.999,
                double eps = 1E-08,
                double weight_decay = 0,
                bool amsgrad = false,
                bool maximize = false
            ) => new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);

            public static Modules.AdamW AdamW(
                IEnumerable<Modules.Parameter> parameters,
                double lr = 0.001,
                double beta1 = 0.9,
                double beta2 = 0.999,
                double eps = 1E-08,
                double weight_decay = 0,
                bool amsgrad = false,
                bool maximize = false
            ) => new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);
        }
    }
}
