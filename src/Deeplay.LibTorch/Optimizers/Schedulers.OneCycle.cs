using System;
using System.Collections.Generic;
using System.Linq;

namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                /// <summary>Up to a largest rate and down to a tiny one, with momentum the other way (Smith and Topin 2019).</summary>
                public class OneCycleLR : LRScheduler
                {
                    public enum AnnealStrategy
                    {
                        Cos = 0,
                        Linear = 1,
                    }

                    // A phase ends at a step and goes between two of the rates, and two of the momenta.
                    private readonly record struct Phase(
                        double End,
                        int From,
                        int To,
                        bool MomentumFalls,
                        bool MomentumStays
                    );

                    private readonly int _steps;
                    private readonly AnnealStrategy _strategy;
                    private readonly bool _cycleMomentum;
                    private readonly List<Phase> _phases;
                    private readonly List<double[]> _rates;
                    private readonly List<(double Base, double Max)> _momenta;

                    public OneCycleLR(
                        Optimizer optimizer,
                        double max_lr,
                        int total_steps = -1,
                        int epochs = -1,
                        int steps_per_epoch = -1,
                        double pct_start = 0.3,
                        OneCycleLR.AnnealStrategy anneal_strategy = OneCycleLR.AnnealStrategy.Cos,
                        bool cycle_momentum = true,
                        double base_momentum = 0.85,
                        double max_momentum = 0.95,
                        double div_factor = 25,
                        double final_div_factor = 10000,
                        bool three_phase = false,
                        int last_epoch = -1,
                        bool verbose = false
                    )
                        : this(
                            optimizer,
                            optimizer.ParamGroups.Select(_ => max_lr).ToList(),
                            total_steps,
                            epochs,
                            steps_per_epoch,
                            pct_start,
                            anneal_strategy,
                            cycle_momentum,
                            optimizer.ParamGroups.Select(_ => base_momentum).ToList(),
                            optimizer.ParamGroups.Select(_ => max_momentum).ToList(),
                            div_factor,
                            final_div_factor,
                            three_phase,
                            last_epoch,
                            verbose
                        ) { }

                    public OneCycleLR(
                        Optimizer optimizer,
                        IEnumerable<double> max_lr,
                        int total_steps = -1,
                        int epochs = -1,
                        int steps_per_epoch = -1,
                        double pct_start = 0.3,
                        OneCycleLR.AnnealStrategy anneal_strategy = OneCycleLR.AnnealStrategy.Cos,
                        bool cycle_momentum = true,
                        IEnumerable<double>? base_momentum = null,
                        IEnumerable<double>? max_momentum = null,
                        double div_factor = 25,
                        double final_div_factor = 10000,
                        bool three_phase = false,
                        int last_epoch = -1,
                        bool verbose = false
                    )
                        : base(optimizer, last_epoch, verbose)
                    {
                        if (total_steps <= 0 && (epochs <= 0 || steps_per_epoch <= 0))
                            throw new ArgumentException(
                                "Give total_steps, or both epochs and steps_per_epoch."
                            );
                        if (pct_start is < 0 or > 1)
                            throw new ArgumentException("pct_start is between 0 and 1.", nameof(pct_start));
                        _steps = total_steps > 0 ? total_steps : epochs * steps_per_epoch;
                        _strategy = anneal_strategy;
                        _cycleMomentum = cycle_momentum;
                        var top = pct_start * _steps - 1;
                        _phases = three_phase
                            ?
                            [
                                new(top, 0, 1, true, false),
                                new(2 * pct_start * _steps - 2, 1, 0, false, false),
                                new(_steps - 1, 0, 2, false, true),
                            ]
                            : [new(top, 0, 1, true, false), new(_steps - 1, 1, 2, false, false)];
                        _rates = max_lr
                            .Select(most =>
                                new[] { most / div_factor, most, most / div_factor / final_div_factor }
                            )
                            .ToList();
                        _momenta = cycle_momentum
                            ? (base_momentum ?? Groups.Select(_ => 0.85))
                                .Zip(max_momentum ?? Groups.Select(_ => 0.95), (least, most) => (least, most))
                                .ToList()
                            : [];
                        if (cycle_momentum && Groups.Any(group => group is not (IMomentum or IBetas)))
                            throw new ArgumentException(
                                "optimizer must support momentum with cycle_momentum option enabled"
                            );
                        if (last_epoch == -1)
                            foreach (var (group, rates) in Groups.Zip(_rates))
                                group.InitialLearningRate = rates[0];
                        step();
                    }

                    protected override IEnumerable<double> get_lr()
                    {
                        if (_last_epoch > _steps)
                            throw new InvalidOperationException(
                                $"Tried to step {_last_epoch + 1} times. The specified number of total steps is {_steps}"
                            );
                        var start = 0.0;
                        var at = 0;
                        while (_last_epoch > _phases[at].End && at < _phases.Count - 1)
                            start = _phases[at++].End;
                        var phase = _phases[at];
                        var part = (_last_epoch - start) / (phase.End - start);
                        if (_cycleMomentum)
                            foreach (var (group, (least, most)) in Groups.Zip(_momenta))
                                SetMomentum(
                                    group,
                                    phase.MomentumStays ? most
                                        : phase.MomentumFalls ? Between(most, least, part)
                                        : Between(least, most, part)
                                );
                        return _rates.Select(rates => Between(rates[phase.From], rates[phase.To], part));
                    }

                    private static void SetMomentum(ILearningRateController group, double momentum)
                    {
                        if (group is IBetas betas)
                            betas.Betas = (momentum, betas.Betas.Item2);
                        else
                            ((IMomentum)group).Momentum = momentum;
                    }

                    private double Between(double from, double to, double part) =>
                        _strategy == AnnealStrategy.Linear
                            ? from + (to - from) * part
                            : to + (from - to) / 2 * (1 + Math.Cos(Math.PI * part));
                }
            }
        }
    }
}
