using System;
using System.Collections.Generic;
using System.Linq;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>Adadelta (Zeiler 2012).</summary>
        public class Adadelta : OptimizerHelper
        {
            public class Options : OptimizerOptions
            {
                public double? rho;
                public double? eps;
                public double? weight_decay;
                public bool? maximize;

                public override void LoadStateDict(OptimizerOptions source)
                {
                    base.LoadStateDict(source);
                    var from = source as Options ?? throw new ArgumentException("Not options of Adadelta.");
                    rho = from.rho;
                    eps = from.eps;
                    weight_decay = from.weight_decay;
                    maximize = from.maximize;
                }

                internal void FillFrom(Options defaults)
                {
                    rho ??= defaults.rho;
                    eps ??= defaults.eps;
                    weight_decay ??= defaults.weight_decay;
                    maximize ??= defaults.maximize;
                }
            }

            public class ParamGroup : ParamGroup<Options>
            {
                public ParamGroup() => Options = new Options();

                public ParamGroup(IEnumerable<Parameter> parameters, Options options)
                    : base(parameters, options) { }

                public ParamGroup(
                    IEnumerable<Parameter> parameters,
                    double lr = 1,
                    double rho = 0.9,
                    double eps = 1E-06,
                    double weight_decay = 0,
                    bool maximize = false
                )
                    : base(
                        parameters,
                        new Options
                        {
                            LearningRate = lr,
                            rho = rho,
                            eps = eps,
                            weight_decay = weight_decay,
                            maximize = maximize,
                        }
                    ) { }
            }

            public sealed class State : OptimizerState, IDisposable
            {
                public torch.Tensor square_avg = null!;
                public torch.Tensor acc_delta = null!;
                public long step;

                public State(Parameter parameter)
                    : base(parameter) { }

                public override void Initialize(OptimizerOptions options)
                {
                    square_avg?.Dispose();
                    square_avg = Zeros();
                    acc_delta?.Dispose();
                    acc_delta = Zeros();
                    step = 0;
                }

                public override void LoadStateDict(OptimizerState source)
                {
                    var from = source as State ?? throw new ArgumentException("Not a state of Adadelta.");
                    square_avg = Copied(square_avg, from.square_avg)!;
                    acc_delta = Copied(acc_delta, from.acc_delta)!;
                    step = from.step;
                }

                public override void to(torch.Device device)
                {
                    square_avg = Moved(square_avg, device)!;
                    acc_delta = Moved(acc_delta, device)!;
                }

                public override bool ApproximatelyEquals(OptimizerState other) =>
                    other is State s
                    && Close(square_avg, s.square_avg)
                    && Close(acc_delta, s.acc_delta)
                    && step == s.step;

                public void Dispose()
                {
                    square_avg?.Dispose();
                    acc_delta?.Dispose();
                }
            }

            public Adadelta(
                IEnumerable<ParamGroup> parameters,
                double lr = 1,
                double rho = 0.9,
                double eps = 1E-06,
                double weight_decay = 0,
                bool maximize = false
            )
            {
                _defaults = new Options
                {
                    LearningRate = lr,
                    rho = rho,
                    eps = eps,
                    weight_decay = weight_decay,
                    maximize = maximize,
                };
                _defaults.InitialLearningRate = lr;
                foreach (var group in parameters)
                    add_param_group(group);
            }

            public Adadelta(
                IEnumerable<Parameter> parameters,
                double lr,
                double rho = 0.9,
                double eps = 1E-06,
                double weight_decay = 0,
                bool maximize = false
            )
                : this(
                    [new ParamGroup { Parameters = parameters.ToList() }],
                    lr,
                    rho,
                    eps,
                    weight_decay,
                    maximize
                ) { }

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
                var (rho, eps) = (options.rho!.Value, options.eps!.Value);
                state.square_avg.mul_(rho).addcmul_(direction, direction, 1 - rho);
                using var deviation = state.square_avg.add(eps);
                deviation.sqrt_();
                using var delta = state.acc_delta.add(eps);
                delta.sqrt_().div_(deviation).mul_(direction);
                state.acc_delta.mul_(rho).addcmul_(delta, delta, 1 - rho);
                parameter.add_(delta, -options.LearningRate!.Value);
            }
        }
    }

    public static partial class torch
    {
        public static partial class optim
        {
            public static Modules.Adadelta Adadelta(
                IEnumerable<(string name, Modules.Parameter parameter)> parameters,
                double lr = 1,
                double rho = 0.9,
                double eps = 1E-06,
                double weight_decay = 0,
                bool maximize = false
            ) => new(parameters.Select(p => p.parameter), lr, rho, eps, weight_decay, maximize);

            public static Modules.Adadelta Adadelta(
                IEnumerable<Modules.Adadelta.ParamGroup> parameters,
                double lr = 1,
                double rho = 0.9,
                double eps = 1E-06,
                double weight_decay = 0,
                bool maximize = false
            ) => new(parameters, lr, rho, eps, weight_decay, maximize);

            public static Modules.Adadelta Adadelta(
                IEnumerable<Modules.Parameter> parameters,
                double lr = 1,
                double rho = 0.9,
                double eps = 1E-06,
                double weight_decay = 0,
                bool maximize = false
            ) => new(parameters, lr, rho, eps, weight_decay, maximize);
        }
    }
}
