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
            /// <summary>Changes the learning rates of an optimizer's groups; made, it sets those of the first epoch.</summary>
            public abstract class LRScheduler
            {
                protected int _step_count;
                internal Optimizer? _optimizer;
                internal int _last_epoch;
                internal bool _verbose;
                internal List<double> _base_lrs = [];
                internal List<double> _last_lrs = [];

                protected LRScheduler() { }

                protected LRScheduler(Optimizer optimizer, int last_epoch = -1, bool verbose = false)
                {
                    _optimizer = optimizer;
                    _last_epoch = last_epoch;
                    _verbose = verbose;
                    _base_lrs = Groups.Select(group => group.InitialLearningRate).ToList();
                    _last_lrs = Groups.Select(group => group.LearningRate).ToList();
                }

                internal IReadOnlyList<ILearningRateController> Groups => _optimizer!.ParamGroups.ToList();

                /// <summary>To the next epoch.</summary>
                public virtual void step() => step(null);

                /// <summary>To the given epoch, or the next.</summary>
                public virtual void step(int? epoch)
                {
                    _step_count++;
                    _last_epoch = epoch ?? _last_epoch + 1;
                    Set(epoch is null ? get_lr() : get_closed_form_lr());
                }

                /// <summary>For schedulers that watch a measurement; others take a step.</summary>
                public virtual void step(double current, int? epoch = null) => step(epoch);

                internal void Set(IEnumerable<double> rates)
                {
                    _last_lrs = rates.ToList();
                    foreach (var (group, rate) in Groups.Zip(_last_lrs))
                        group.LearningRate = rate;
                    if (_verbose)
                        Console.WriteLine($"Learning rates of epoch {_last_epoch}: {string.Join(", ", _last_lrs)}");
                }

                internal IEnumerable<double> Scaled(double factor) => Groups.Select(group => group.LearningRate * factor);

                internal IEnumerable<double> OfBase(double factor) => _base_lrs.Select(rate => rate * factor);

                public IEnumerable<double> get_last_lr() => _last_lrs;

                /// <summary>The rates of the epoch, from those of the one before.</summary>
                protected virtual IEnumerable<double> get_lr() => Scaled(1);

                /// <summary>The rates of the epoch, from the first ones.</summary>
                protected virtual IEnumerable<double> get_closed_form_lr() => get_lr();
            }
        }
    }
}
