using System;
using System.Collections.Generic;
using System.Linq;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>Adagrad (Duchi et al. 2011).</summary>
        public class Adagrad : OptimizerHelper
        {
            public class Options : OptimizerOptions
            {
                public double? lr_decay;
                public double? weight_decay;
                public double? initial_accumulator_value;
                public double? eps;

                public override void LoadStateDict(OptimizerOptions source)
                {
                    base.LoadStateDict(source);
                    var from = source as Options ?? throw new ArgumentException("Not options of Adagrad.");
                    lr_decay = from.lr_decay;
                    weight_decay = from.weight_decay;
                    initial_accumulator_value = from.initial_accumulator_value;
                    eps = from.eps;
                }

                internal void FillFrom(Options defaults)
                {
                    lr_decay ??= defaults.lr_decay;
                    weight_decay ??= defaults.weight_decay;
                    initial_accumulator_value ??= defaults.initial_accumulator_value;
                    eps ??= defaults.eps;
                }
            }

            public class ParamGroup : ParamGroup<Options>
            {
                public ParamGroup() => Options = new Options();

                public ParamGroup(IEnumerable<Parameter> parameters, Options options)
                    : base(parameters, options) { }

                public ParamGroup(
                    IEnumerable<Parameter> parameters,
                    double lr = 0.01,
                    double lr_decay = 0,
                    double weight_decay = 0,
                    double initial_accumulator_value = 0,
                    double eps = 1E-10
                )
                    : base(
                        parameters,
                        new Options
                        {
                            LearningRate = lr,
                            lr_decay = lr_decay,
                            weight_decay = weight_decay,
                            initial_accumulator_value = initial_accumulator_value,
                            eps = eps,
                        }
                    ) { }
            }

            public sealed class State : OptimizerState, IDisposable
            {
                public torch.Tensor sum = null!;
                public long step;

                public State(Parameter parameter)
                    : base(parameter) { }

                public override void Initialize(OptimizerOptions options)
                {
                    sum?.Dispose();
                    sum = torch
                        .full_like(_parameter, ((Options)options).initial_accumulator_value ?? 0)
                        .DetachFromDisposeScope();
                    step = 0;
                }

                public override void LoadStateDict(OptimizerState source)
                {
                    var from = source as State ?? throw new ArgumentException("Not a state of Adagrad.");
                    sum = Copied(sum, from.sum)!;
                    step = from.step;
                }

                public override void to(torch.Device device)
                {
                    sum = Moved(sum, device)!;
                }

                public override bool ApproximatelyEquals(OptimizerState other) =>
                    other is State s && Close(sum, s.sum) && step == s.step;

                public void Dispose()
                {
                    sum?.Dispose();
                }
            }

            public Adagrad(
                IEnumerable<ParamGroup> parameters,
                double lr = 0.01,
                double lr_decay = 0,
                double weight_decay = 0,
                double initial_accumulator_value = 0,
                double eps = 1E-10
            )
            {
                _defaults = new Options
                {
                    LearningRate = lr,
                    lr_decay = lr_decay,
                    weight_decay = weight_decay,
                    initial_accumulator_value = initial_accumulator_value,
                    eps = eps,
                };
                _defaults.InitialLearningRate = lr;
                foreach (var group in parameters)
                    add_param_group(group);
            }

            public Adagrad(
                IEnumerable<Parameter> parameters,
                double lr = 0.01,
                double lr_decay = 0,
                double weight_decay = 0,
                double initial_accumulator_value = 0,
                double eps = 1E-10
            )
                : this(
                    [new ParamGroup { Parameters = parameters.ToList() }],
                    lr,
                    lr_decay,
                    weight_decay,
                    initial_accumulator_value,
                    eps
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
                var decay = options.weight_decay!.Value;
                using var decayed = decay != 0 ? gradient.add(parameter, decay) : null;
                var direction = decayed ?? gradient;
                var rate = options.LearningRate!.Value / (1 + (state.step - 1) * options.lr_decay!.Value);
                state.sum.addcmul_(direction, direction, 1);
                using var deviation = state.sum.sqrt();
                deviation.add_(options.eps!.Value);
                parameter.addcdiv_(direction, deviation, -rate);
            }
        }
    }

    public static partial class torch
    {
        public static partial class optim
        {
            public static Modules.Adagrad Adagrad(
                IEnumerable<(string name, Modules.Parameter parameter)> parameters,
                double lr = 0.01,
                double lr_decay = 0,
                double weight_decay = 0,
                double initial_accumulator_value = 0,
                double eps = 1E-10
            ) =>
                new(
                    parameters.Select(p => p.parameter),
                    lr,
                    lr_decay,
                    weight_decay,
                    initial_accumulator_value,
                    eps
                );

            public static Modules.Adagrad Adagrad(
                IEnumerable<Modules.Adagrad.ParamGroup> parameters,
                double lr = 0.01,
                double lr_decay = 0,
                double weight_decay = 0,
                double initial_accumulator_value = 0,
                double eps = 1E-10
            ) => new(parameters, lr, lr_decay, weight_decay, initial_accumulator_value, eps);

            public static Modules.Adagrad Adagrad(
                IEnumerable<Modules.Parameter> parameters,
                double lr = 0.01,
                double lr_decay = 0,
                double weight_decay = 0,
                double initial_accumulator_value = 0,
                double eps = 1E-10
            ) => new(parameters, lr, lr_decay, weight_decay, initial_accumulator_value, eps);
        }
    }
}
