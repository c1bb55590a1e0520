using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharpTests;

internal static partial class Cases
{
    private static void AddLosses(Dictionary<string, Func<IEnumerable<double>>> all)
    {
        Tensor x = Wave(3, 4),
            y = Wave(1.1, 3, 4),
            z = Wave(2.0, 3, 4);
        Tensor p = x.sigmoid(),
            q = y.sigmoid(),
            weights = tensor(new[] { 1f, 2, 3, 4 });
        Tensor classes = tensor(new long[] { 1, 3, 0 }),
            sign = tensor(new[] { 1f, -1, 1 });
        foreach (
            var (name, r) in new[]
            {
                ("mean", Reduction.Mean),
                ("sum", Reduction.Sum),
                ("none", Reduction.None),
            }
        )
        {
            void Add(string loss, Func<Tensor> value) => all.Tensors($"loss.{loss}.{name}", () => [value()]);
            Add("MSE", () => MSELoss(r).call(x, y));
            Add("L1", () => L1Loss(r).call(x, y));
            Add("SmoothL1", () => SmoothL1Loss(r, 0.4).call(x, y));
            Add("Huber", () => HuberLoss(0.4, r).call(x, y));
            Add("BCE", () => BCELoss(null, r).call(p, q));
            Add("BCEWithLogits", () => BCEWithLogitsLoss(null, r, weights).call(x, q));
            Add(
                "CrossEntropy",
                () => functional.cross_entropy(x, classes, weights, 3, r, label_smoothing: 0.1)
            );
            Add("NLL", () => NLLLoss(null, r).call(x.log_softmax(1), classes));
            Add("KLDiv", () => KLDivLoss(false, r).call(x.log_softmax(1), y.softmax(1)));
            Add("CosineEmbedding", () => CosineEmbeddingLoss(0.2, r).call(x, y, sign));
            Add("MarginRanking", () => MarginRankingLoss(0.2, r).call(First(x), First(y), sign));
            Add("HingeEmbedding", () => HingeEmbeddingLoss(0.5, r).call(First(x), sign));
            Add("TripletMargin", () => TripletMarginLoss(0.5, reduction: r).call(x, y, z));
            Add(
                "PoissonNLL",
                () => functional.poisson_nll_loss(x, Positive(3, 4) * 3, full: true, reduction: r)
            );
            Add(
                "GaussianNLL",
                () => functional.gaussian_nll_loss(x, y, Positive(3, 4), full: true, reduction: r)
            );
            Add("SoftMargin", () => SoftMarginLoss(r).call(x, y.sign()));
            Add("MultiMargin", () => MultiMarginLoss(reduction: r).call(x, classes));
            Add("MultiLabelSoftMargin", () => MultiLabelSoftMarginLoss(reduction: r).call(x, q));
        }
    }

    private static Tensor First(Tensor matrix) => matrix.select(1, 0);

    private static void AddOptimizers(Dictionary<string, Func<IEnumerable<double>>> all)
    {
        var makers = new Dictionary<string, Func<IEnumerable<Parameter>, optim.Optimizer>>
        {
            ["SGD"] = ps => optim.SGD(ps, 0.1),
            ["SGD.momentum"] = ps => optim.SGD(ps, 0.1, momentum: 0.9, dampening: 0.1, weight_decay: 0.01),
            ["SGD.nesterov"] = ps => optim.SGD(ps, 0.1, momentum: 0.9, nesterov: true),
            ["Adam"] = ps => optim.Adam(ps, 0.05),
            ["Adam.amsgrad"] = ps => optim.Adam(ps, 0.05, 0.8, 0.9, weight_decay: 0.1, amsgrad: true),
            ["AdamW"] = ps => optim.AdamW(ps, 0.05, weight_decay: 0.1),
            ["RMSProp"] = ps => optim.RMSProp(ps, 0.05),
            ["RMSProp.centered"] = ps =>
                optim.RMSProp(ps, 0.05, momentum: 0.5, centered: true, weight_decay: 0.1),
            ["Adagrad"] = ps =>
                optim.Adagrad(ps, 0.1, lr_decay: 0.1, weight_decay: 0.1, initial_accumulator_value: 0.1),
            ["Adadelta"] = ps => optim.Adadelta(ps, 1.0, weight_decay: 0.1),
            ["Adamax"] = ps => optim.Adamax(ps, 0.05, weight_decay: 0.1),
            ["NAdam"] = ps => optim.NAdam(ps, 0.05, weight_decay: 0.1),
            ["RAdam"] = ps => optim.RAdam(ps, 0.05, 0.8, 0.5, weight_decay: 0.1),
        };
        foreach (var (name, make) in makers)
            all.Tensors(
                "optim." + name,
                () =>
                {
                    var net = Fill(Sequential(Linear(4, 3), Tanh(), Linear(3, 1)));
                    using var optimizer = make(net.parameters());
                    for (var step = 0; step < 5; step++)
                    {
                        optimizer.zero_grad();
                        functional.mse_loss(net.call(Wave(6, 4)), Wave(6, 1)).backward();
                        optimizer.step();
                    }
                    return [.. net.parameters()];
                }
            );
    }

    private static void AddSchedulers(Dictionary<string, Func<IEnumerable<double>>> all)
    {
        var makers = new Dictionary<string, Func<optim.Optimizer, optim.lr_scheduler.LRScheduler>>
        {
            ["StepLR"] = o => optim.lr_scheduler.StepLR(o, 3, 0.5),
            ["MultiStepLR"] = o => optim.lr_scheduler.MultiStepLR(o, [2, 5, 5], 0.5),
            ["ExponentialLR"] = o => optim.lr_scheduler.ExponentialLR(o, 0.9),
            ["CosineAnnealingLR"] = o => optim.lr_scheduler.CosineAnnealingLR(o, 5, 0.01),
            ["LinearLR"] = o => optim.lr_scheduler.LinearLR(o, 0.25, 0.75, 6),
            ["ConstantLR"] = o => optim.lr_scheduler.ConstantLR(o, 0.5, 4),
            ["LambdaLR"] = o => optim.lr_scheduler.LambdaLR(o, e => Math.Pow(0.9, e) + 0.1),
            ["MultiplicativeLR"] = o => optim.lr_scheduler.MultiplicativeLR(o, _ => 0.95),
            ["PolynomialLR"] = o => optim.lr_scheduler.PolynomialLR(o, 8, 2.0),
            ["OneCycleLR"] = o => optim.lr_scheduler.OneCycleLR(o, 0.5, total_steps: 20),
            ["OneCycleLR.three"] = o =>
                optim.lr_scheduler.OneCycleLR(
                    o,
                    0.5,
                    total_steps: 20,
                    three_phase: true,
                    anneal_strategy: optim.lr_scheduler.impl.OneCycleLR.AnnealStrategy.Linear
                ),
            ["SequentialLR"] = o =>
                optim.lr_scheduler.SequentialLR(
                    o,
                    [optim.lr_scheduler.ConstantLR(o, 0.1, 2), optim.lr_scheduler.ExponentialLR(o, 0.9)],
                    [3]
                ),
        };
        foreach (var (name, make) in makers)
            all.Add(
                "schedule." + name,
                () =>
                {
                    var optimizer = optim.SGD([new Parameter(Wave(2))], 0.1, momentum: 0.9);
                    var scheduler = make(optimizer);
                    IEnumerable<double> Now() =>
                        optimizer.ParamGroups.SelectMany(g =>
                            new[] { g.LearningRate, ((SGD.ParamGroup)g).Momentum }
                        );
                    var rates = Now().ToList();
                    for (var step = 0; step < 12; step++)
                    {
                        scheduler.step();
                        rates.AddRange(Now());
                    }
                    return rates;
                }
            );
        all.Add(
            "schedule.ReduceLROnPlateau",
            () =>
            {
                var optimizer = optim.SGD([new Parameter(Wave(2))], 0.1);
                var scheduler = optim.lr_scheduler.ReduceLROnPlateau(
                    optimizer,
                    patience: 1,
                    cooldown: 1,
                    factor: 0.5
                );
                double[] losses = [1.0, 0.9, 0.9, 0.9, 0.9, 0.9, 0.5, 0.6, 0.6, 0.6, 0.6];
                return losses
                    .Select(loss =>
                    {
                        scheduler.step(loss);
                        return optimizer.ParamGroups.First().LearningRate;
                    })
                    .ToList();
            }
        );
    }

    private static void AddRandom(Dictionary<string, Func<IEnumerable<double>>> all)
    {
        void Seeded(string name, Func<Tensor[]> make) =>
            all.Tensors(
                name,
                () =>
                {
                    manual_seed(7);
                    return make();
                }
            );
        Seeded("random.rand", () => [rand(5)]);
        Seeded("random.randn", () => [randn(20)]);
        Seeded("random.randint", () => [randint(0, 10, new long[] { 6 })]);
        Seeded("random.randperm", () => [randperm(8)]);
        Seeded("random.dropout", () => [functional.dropout(ones(12), 0.4)]);
        Seeded("random.bernoulli", () => [full(8, 0.5).bernoulli()]);
        var modules = new Dictionary<string, Func<Module>>
        {
            ["Linear"] = () => Linear(3, 4),
            ["Conv2d"] = () => Conv2d(2, 3, 2),
            ["ConvTranspose2d"] = () => ConvTranspose2d(2, 3, 2),
            ["Embedding"] = () => Embedding(4, 3, padding_idx: 2),
            ["Bilinear"] = () => Bilinear(2, 3, 2),
            ["LSTM"] = () => LSTM(2, 3),
            ["GRUCell"] = () => GRUCell(2, 3),
            ["MultiheadAttention"] = () => MultiheadAttention(4, 2),
            ["BatchNorm2d"] = () => BatchNorm2d(3),
            ["Mlp"] = () => Sequential(Linear(2, 3), ReLU(), Linear(3, 2)),
        };
        foreach (var (name, make) in modules)
            Seeded("reset." + name, () => [.. make().parameters()]);
        var inits = new Dictionary<string, Func<Tensor, Tensor>>
        {
            ["uniform"] = t => init.uniform_(t, -2, 3),
            ["normal"] = t => init.normal_(t, 1, 2),
            ["constant"] = t => init.constant_(t, 0.3),
            ["eye"] = t => init.eye_(t),
            ["xavier_uniform"] = t => init.xavier_uniform_(t, 1.5),
            ["xavier_normal"] = t => init.xavier_normal_(t),
            ["kaiming_uniform"] = t => init.kaiming_uniform_(t, 0.1, init.FanInOut.FanOut),
            ["kaiming_normal"] = t => init.kaiming_normal_(t, nonlinearity: init.NonlinearityType.ReLU),
            ["orthogonal"] = t => init.orthogonal_(t, 1.2),
            ["trunc_normal"] = t => init.trunc_normal_(t, 0.2, 0.5, -0.4, 0.7),
            ["sparse"] = t => init.sparse_(t, 0.5),
        };
        foreach (var (name, change) in inits)
            Seeded("init." + name, () => [change(zeros(4, 6))]);
        Seeded("init.orthogonal.wide", () => [init.orthogonal_(zeros(6, 4))]);
        Seeded("init.dirac", () => [init.dirac_(zeros(3, 2, 3, 3))]);
    }
}
