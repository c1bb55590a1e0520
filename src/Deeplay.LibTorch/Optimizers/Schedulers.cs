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
                /// <summary>Times gamma every step_size epochs.</summary>
                public class StepLR : LRScheduler
                {
                    private readonly int step_size;
                    private readonly double gamma;

                    public StepLR(
                        Optimizer optimizer,
                        int step_size,
                        double gamma = 0.1,
                        int last_epoch = -1,
                        bool verbose = false
                    )
                        : base(optimizer, last_epoch, verbose)
                    {
                        this.step_size = step_size;
                        this.gamma = gamma;
                        step();
                    }

                    protected override IEnumerable<double> get_lr() =>
                        _last_epoch == 0 || _last_epoch % step_size != 0 ? Scaled(1) : Scaled(gamma);

                    protected override IEnumerable<double> get_closed_form_lr() =>
                        OfBase(Math.Pow(gamma, _last_epoch / step_size));
                }

                /// <summary>Times gamma at each milestone.</summary>
                public class MultiStepLR : LRScheduler
                {
                    private readonly IList<int> milestones;
                    private readonly double gamma;

                    public MultiStepLR(
                        Optimizer optimizer,
                        IList<int> milestones,
                        double gamma = 0.1,
                        int last_epoch = -1,
                        bool verbose = false
                    )
                        : base(optimizer, last_epoch, verbose)
                    {
                        this.milestones = milestones;
                        this.gamma = gamma;
                        step();
                    }

                    protected override IEnumerable<double> get_lr() =>
                        Scaled(Math.Pow(gamma, milestones.Count(m => m == _last_epoch)));

                    protected override IEnumerable<double> get_closed_form_lr() =>
                        OfBase(Math.Pow(gamma, milestones.Count(m => m <= _last_epoch)));
                }

                /// <summary>Times gamma every epoch.</summary>
                public class ExponentialLR : LRScheduler
                {
                    private readonly double gamma;

                    public ExponentialLR(
                        Optimizer optimizer,
                        double gamma = 0.1,
                        int last_epoch = -1,
                        bool verbose = false
                    )
                        : base(optimizer, last_epoch, verbose)
                    {
                        this.gamma = gamma;
                        step();
                    }

                    protected override IEnumerable<double> get_lr() =>
                        _last_epoch == 0 ? Scaled(1) : Scaled(gamma);

                    protected override IEnumerable<double> get_closed_form_lr() =>
                        OfBase(Math.Pow(gamma, _last_epoch));
                }

                /// <summary>Times a factor for the first epochs.</summary>
                public class ConstantLR : LRScheduler
                {
                    private readonly double factor;
                    private readonly int total_iters;

                    public ConstantLR(
                        Optimizer optimizer,
                        double factor = 0.3333333333333333,
                        int total_iters = 5,
                        int last_epoch = -1,
                        bool verbose = false
                    )
                        : base(optimizer, last_epoch, verbose)
                    {
                        this.factor = factor;
                        this.total_iters = total_iters;
                        step();
                    }

                    protected override IEnumerable<double> get_lr() =>
                        _last_epoch == 0 ? Scaled(factor)
                        : _last_epoch != total_iters ? Scaled(1)
                        : Scaled(1 / factor);

                    protected override IEnumerable<double> get_closed_form_lr() =>
                        OfBase(_last_epoch >= total_iters ? 1 : factor);
                }

                /// <summary>From one factor to another along a line.</summary>
                public class LinearLR : LRScheduler
                {
                    private readonly double start_factor;
                    private readonly double end_factor;
                    private readonly int total_iters;

                    public LinearLR(
                        Optimizer optimizer,
                        double start_factor = 0.3333333333333333,
                        double end_factor = 1,
                        int total_iters = 5,
                        int last_epoch = -1,
                        bool verbose = false
                    )
                        : base(optimizer, last_epoch, verbose)
                    {
                        this.start_factor = start_factor;
                        this.end_factor = end_factor;
                        this.total_iters = total_iters;
                        step();
                    }

                    protected override IEnumerable<double> get_lr() =>
                        _last_epoch == 0 ? Scaled(start_factor)
                        : _last_epoch > total_iters ? Scaled(1)
                        : Scaled(
                            1
                                + (end_factor - start_factor)
                                    / (
                                        total_iters * start_factor
                                        + (_last_epoch - 1) * (end_factor - start_factor)
                                    )
                        );

                    protected override IEnumerable<double> get_closed_form_lr() =>
                        OfBase(
                            start_factor
                                + (end_factor - start_factor)
                                    * Math.Min(total_iters, _last_epoch)
                                    / total_iters
                        );
                }

                /// <summary>To zero along a power of the time that is left.</summary>
                public class PolynomialLR : LRScheduler
                {
                    private readonly int total_iters;
                    private readonly double power;

                    public PolynomialLR(
                        Optimizer optimizer,
                        int total_iters = 5,
                        double power = 1,
                        int last_epoch = -1,
                        bool verbose = false
                    )
                        : base(optimizer, last_epoch, verbose)
                    {
                        this.total_iters = total_iters;
                        this.power = power;
                        step();
                    }

                    protected override IEnumerable<double> get_lr() =>
                        _last_epoch == 0 || _last_epoch > total_iters
                            ? Scaled(1)
                            : Scaled(
                                Math.Pow(
                                    (1.0 - (double)_last_epoch / total_iters)
                                        / (1.0 - (double)(_last_epoch - 1) / total_iters),
                                    power
                                )
                            );

                    protected override IEnumerable<double> get_closed_form_lr() =>
                        OfBase(
                            Math.Pow(1.0 - (double)Math.Min(total_iters, _last_epoch) / total_iters, power)
                        );
                }

                /// <summary>To eta_min along half a cosine (Loshchilov and Hutter 2017).</summary>
                public class CosineAnnealingLR : LRScheduler
                {
                    private readonly double T_max;
                    private readonly double eta_min;

                    public CosineAnnealingLR(
                        Optimizer optimizer,
                        double T_max,
                        double eta_min = 0,
                        int last_epoch = -1,
                        bool verbose = false
                    )
                        : base(optimizer, last_epoch, verbose)
                    {
                        this.T_max = T_max;
                        this.eta_min = eta_min;
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => Recursive();

                    protected override IEnumerable<double> get_closed_form_lr() =>
                        _base_lrs.Select(rate =>
                            eta_min + (rate - eta_min) * (1 + Math.Cos(Math.PI * _last_epoch / T_max)) / 2
                        );

                    private IEnumerable<double> Recursive()
                    {
                        if (_last_epoch == 0)
                            return Scaled(1);
                        // Where the rule below would divide by zero: the cosine starts anew.
                        if ((_last_epoch - 1 - T_max) % (2 * T_max) == 0)
                            return Groups.Zip(
                                _base_lrs,
                                (group, rate) =>
                                    group.LearningRate
                                    + (rate - eta_min) * (1 - Math.Cos(Math.PI / T_max)) / 2
                            );
                        var factor =
                            (1 + Math.Cos(Math.PI * _last_epoch / T_max))
                            / (1 + Math.Cos(Math.PI * (_last_epoch - 1) / T_max));
                        return Groups.Select(group => factor * (group.LearningRate - eta_min) + eta_min);
                    }
                }
            }
        }
    }
}
