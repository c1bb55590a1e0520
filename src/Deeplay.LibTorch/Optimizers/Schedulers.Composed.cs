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
                /// <summary>The first rate times a function of the epoch.</summary>
                public class LambdaLR : LRScheduler
                {
                    private readonly List<Func<int, double>> _functions;

                    public LambdaLR(
                        Optimizer optimizer,
                        IEnumerable<Func<int, double>> lr_lambdas,
                        int last_epoch = -1,
                        bool verbose = false
                    )
                        : base(optimizer, last_epoch, verbose)
                    {
                        _functions = lr_lambdas.ToList();
                        step();
                    }

                    public LambdaLR(
                        Optimizer optimizer,
                        Func<int, double> lr_lambda,
                        int last_epoch = -1,
                        bool verbose = false
                    )
                        : this(
                            optimizer,
                            optimizer.ParamGroups.Select(_ => lr_lambda).ToList(),
                            last_epoch,
                            verbose
                        ) { }

                    protected override IEnumerable<double> get_lr() =>
                        _base_lrs.Zip(_functions, (rate, f) => rate * f(_last_epoch));
                }

                /// <summary>The rate before times a function of the epoch.</summary>
                public class MultiplicativeLR : LRScheduler
                {
                    private readonly List<Func<int, double>> _functions;

                    public MultiplicativeLR(
                        Optimizer optimizer,
                        IEnumerable<Func<int, double>> lr_lambdas,
                        int last_epoch = -1,
                        bool verbose = false
                    )
                        : base(optimizer, last_epoch, verbose)
                    {
                        _functions = lr_lambdas.ToList();
                        step();
                    }

                    public MultiplicativeLR(
                        Optimizer optimizer,
                        Func<int, double> lr_lambda,
                        int last_epoch = -1,
                        bool verbose = false
                    )
                        : this(
                            optimizer,
                            optimizer.ParamGroups.Select(_ => lr_lambda).ToList(),
                            last_epoch,
                            verbose
                        ) { }

                    protected override IEnumerable<double> get_lr() =>
                        _last_epoch == 0
                            ? Scaled(1)
                            : Groups.Zip(_functions, (group, f) => group.LearningRate * f(_last_epoch));
                }

                /// <summary>Lowers the rates when a measurement stops improving; step takes the measurement.</summary>
                public class ReduceLROnPlateau : LRScheduler
                {
                    private readonly bool _smaller;
                    private readonly bool _relative;
                    private readonly double _factor;
                    private readonly double _threshold;
                    private readonly double _eps;
                    private readonly int _patience;
                    private readonly int _cooldown;
                    private readonly IList<double> _least;
                    private double _best;
                    private int _bad;
                    private int _cooling;

                    public ReduceLROnPlateau(
                        Optimizer optimizer,
                        string mode = "min",
                        double factor = 0.1,
                        int patience = 10,
                        double threshold = 0.0001,
                        string threshold_mode = "rel",
                        int cooldown = 0,
                        IList<double>? min_lr = null,
                        double eps = 1E-08,
                        bool verbose = false
                    )
                        : base(optimizer, -1, verbose)
                    {
                        if (factor >= 1)
                            throw new ArgumentException("Factor should be < 1.0", nameof(factor));
                        _smaller = mode switch
                        {
                            "min" => true,
                            "max" => false,
                            _ => throw new ArgumentException($"mode {mode} is unknown!", nameof(mode)),
                        };
                        _relative = threshold_mode switch
                        {
                            "rel" => true,
                            "abs" => false,
                            _ => throw new ArgumentException(
                                $"threshold mode {threshold_mode} is unknown!",
                                nameof(threshold_mode)
                            ),
                        };
                        (_factor, _patience, _threshold, _cooldown, _eps) = (
                            factor,
                            patience,
                            threshold,
                            cooldown,
                            eps
                        );
                        var groups = Groups.Count;
                        _least =
                            min_lr is null ? new double[groups]
                            : min_lr.Count == 1 ? Enumerable.Repeat(min_lr[0], groups).ToArray()
                            : min_lr;
                        if (_least.Count != groups)
                            throw new ArgumentException(
                                $"Expected {groups} min_lrs, got {_least.Count}",
                                nameof(min_lr)
                            );
                        _best = _smaller ? double.PositiveInfinity : double.NegativeInfinity;
                        _last_epoch = 0;
                    }

                    public override void step() =>
                        throw new InvalidOperationException(
                            "ReduceLROnPlateau needs a measurement: step(double)."
                        );

                    public override void step(int? epoch) => step();

                    public override void step(double current, int? epoch = null)
                    {
                        _last_epoch = epoch ?? _last_epoch + 1;
                        if (Better(current))
                        {
                            _best = current;
                            _bad = 0;
                        }
                        else
                            _bad++;
                        if (_cooling > 0)
                        {
                            _cooling--;
                            _bad = 0;
                        }
                        if (_bad <= _patience)
                            return;
                        Set(
                            Groups.Zip(
                                _least,
                                (group, least) =>
                                {
                                    var lower = Math.Max(group.LearningRate * _factor, least);
                                    return group.LearningRate - lower > _eps ? lower : group.LearningRate;
                                }
                            )
                        );
                        _cooling = _cooldown;
                        _bad = 0;
                    }

                    private bool Better(double current)
                    {
                        var margin = _relative ? Math.Abs(_best) * _threshold : _threshold;
                        if (double.IsInfinity(_best))
                            return _smaller ? current < _best : current > _best;
                        return _smaller ? current < _best - margin : current > _best + margin;
                    }
                }

                /// <summary>One scheduler after the other, changing at the milestones.</summary>
                public class SequentialLR : LRScheduler
                {
                    private readonly List<LRScheduler> _schedulers;
                    private readonly List<int> _milestones;

                    public SequentialLR(
                        Optimizer optimizer,
                        IEnumerable<LRScheduler> schedulers,
                        IEnumerable<int> milestones,
                        int last_epoch = -1
                    )
                        : base(optimizer, last_epoch)
                    {
                        _schedulers = schedulers.ToList();
                        _milestones = milestones.ToList();
                        if (_milestones.Count != _schedulers.Count - 1)
                            throw new ArgumentException(
                                "There is one milestone between each two schedulers.",
                                nameof(milestones)
                            );
                        _last_epoch++;
                        // Making the schedulers turned the rates; back to the first ones, then the first scheduler's.
                        foreach (var group in Groups)
                            group.LearningRate = group.InitialLearningRate;
                        foreach (var scheduler in _schedulers)
                            scheduler._last_epoch--;
                        _schedulers[0].step();
                        _last_lrs = _schedulers[0]._last_lrs;
                    }

                    protected override IEnumerable<double> get_lr()
                    {
                        var active = _milestones.Count(m => m <= _last_epoch);
                        if (active > 0 && _milestones[active - 1] == _last_epoch)
                            _schedulers[active].step(0);
                        else
                            _schedulers[active].step();
                        return _schedulers[active]._last_lrs;
                    }
                }

                /// <summary>All schedulers at each step.</summary>
                public class ChainedLR : LRScheduler
                {
                    private readonly List<LRScheduler> _schedulers;

                    public ChainedLR(IEnumerable<LRScheduler> schedulers)
                    {
                        _schedulers = schedulers.ToList();
                        _optimizer = _schedulers[0]._optimizer;
                        _last_lrs = Groups.Select(group => group.LearningRate).ToList();
                    }

                    public override void step()
                    {
                        foreach (var scheduler in _schedulers)
                            scheduler.step();
                        _last_lrs = Groups.Select(group => group.LearningRate).ToList();
                    }
                }
            }
        }
    }
}
