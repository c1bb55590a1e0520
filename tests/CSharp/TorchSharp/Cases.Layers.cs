using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharpTests;

internal static partial class Cases
{
    private static void AddActivations(Dictionary<string, Func<IEnumerable<double>>> all)
    {
        var simple = new Dictionary<string, Func<Module<Tensor, Tensor>>>
        {
            ["ReLU"] = () => ReLU(),
            ["ReLU6"] = () => ReLU6(),
            ["LeakyReLU"] = () => LeakyReLU(),
            ["ELU"] = () => ELU(),
            ["CELU"] = () => CELU(),
            ["SELU"] = () => SELU(),
            ["GELU"] = () => GELU(),
            ["SiLU"] = () => SiLU(),
            ["Mish"] = () => Mish(),
            ["Hardshrink"] = () => Hardshrink(),
            ["Hardsigmoid"] = () => Hardsigmoid(),
            ["Hardswish"] = () => Hardswish(),
            ["Hardtanh"] = () => Hardtanh(),
            ["Sigmoid"] = () => Sigmoid(),
            ["LogSigmoid"] = () => LogSigmoid(),
            ["Softplus"] = () => Softplus(),
            ["Softshrink"] = () => Softshrink(),
            ["Softsign"] = () => Softsign(),
            ["Tanh"] = () => Tanh(),
            ["Tanhshrink"] = () => Tanhshrink(),
            ["GELU.tanh"] = () => GELU(TorchSharp.Modules.GELU.Approximate.tanh),
            ["Threshold"] = () => Threshold(0.1, 20),
            ["GLU"] = () => GLU(1),
            ["Softmax"] = () => Softmax(1),
            ["Softmin"] = () => Softmin(1),
            ["LogSoftmax"] = () => LogSoftmax(1),
            ["RReLU"] = () => RReLU(),
        };
        foreach (var (name, make) in simple)
            all.Layer("nn." + name, make, 3, 4);
        all.Layer("nn.PReLU", () => PReLU(3), 2, 3, 2);
        all.Layer("nn.Softmax2d", () => Softmax2d(), 1, 3, 2, 2);
    }

    private static void AddLayers(Dictionary<string, Func<IEnumerable<double>>> all)
    {
        all.Layer("nn.Linear", () => Linear(4, 3), 2, 4);
        all.Layer("nn.Linear.nobias", () => Linear(4, 3, hasBias: false), 2, 4);
        all.Layer("nn.Identity", () => Identity(), 2, 4);
        all.Layer("nn.Conv1d", () => Conv1d(2, 3, 3, stride: 2, padding: 1), 2, 2, 7);
        all.Layer("nn.Conv2d", () => Conv2d(2, 4, 3, padding: 1, dilation: 1, groups: 2), 1, 2, 5, 5);
        all.Layer("nn.Conv2d.tuple", () => Conv2d(1, 2, (3, 2), (2, 1), (1, 0)), 1, 1, 5, 4);
        all.Layer("nn.Conv2d.same", () => Conv2d(1, 2, 3, Padding.Same), 1, 1, 4, 4);
        all.Layer(
            "nn.Conv2d.reflect",
            () => Conv2d(1, 2, 3, padding: 1, padding_mode: PaddingModes.Reflect),
            1,
            1,
            4,
            4
        );
        all.Layer(
            "nn.Conv2d.circular",
            () => Conv2d(1, 1, 3, padding: 1, padding_mode: PaddingModes.Circular, bias: false),
            1,
            1,
            4,
            4
        );
        all.Layer("nn.Conv3d", () => Conv3d(1, 2, 2), 1, 1, 3, 3, 3);
        all.Layer("nn.ConvTranspose1d", () => ConvTranspose1d(2, 2, 3, stride: 2), 1, 2, 4);
        all.Layer(
            "nn.ConvTranspose2d",
            () => ConvTranspose2d(2, 1, 3, stride: 2, padding: 1, output_padding: 1),
            1,
            2,
            3,
            3
        );
        all.Layer("nn.ConvTranspose3d", () => ConvTranspose3d(1, 1, 2), 1, 1, 2, 2, 2);
        all.EvalLayer("nn.BatchNorm1d", () => BatchNorm1d(3), 4, 3);
        all.EvalLayer("nn.BatchNorm2d", () => BatchNorm2d(2, momentum: 0.3), 2, 2, 3, 3);
        all.Layer("nn.BatchNorm3d", () => BatchNorm3d(2), 1, 2, 2, 2, 2);
        all.Layer("nn.InstanceNorm1d", () => InstanceNorm1d(2), 2, 2, 5);
        all.EvalLayer(
            "nn.InstanceNorm2d",
            () => InstanceNorm2d(2, affine: true, track_running_stats: true),
            2,
            2,
            3,
            3
        );
        all.Layer("nn.InstanceNorm3d", () => InstanceNorm3d(1), 1, 1, 2, 2, 2);
        all.Layer("nn.LayerNorm", () => LayerNorm(4), 3, 4);
        all.Layer("nn.LayerNorm.shape", () => LayerNorm([3, 4]), 2, 3, 4);
        all.Layer("nn.GroupNorm", () => GroupNorm(2, 4), 2, 4, 3);
        all.Layer("nn.LocalResponseNorm", () => LocalResponseNorm(2, alpha: 0.1), 1, 4, 2, 2);
        all.Layer("nn.Flatten", () => Flatten(), 2, 3, 2);
        all.Layer("nn.Unflatten", () => Unflatten(1, [2, 3]), 2, 6);
        all.Layer("nn.PixelShuffle", () => PixelShuffle(2), 1, 4, 2, 2);
        all.Layer("nn.PixelUnshuffle", () => PixelUnshuffle(2), 1, 1, 4, 4);
        all.Layer("nn.Unfold", () => Unfold(2), 1, 2, 3, 3);
        all.Layer("nn.Fold", () => Fold((3, 3), (2, 2)), 1, 8, 4);
        all.Layer("nn.ZeroPad2d", () => ZeroPad2d((1, 0, 2, 1)), 1, 1, 2, 2);
        all.Layer("nn.ReflectionPad2d", () => ReflectionPad2d(1), 1, 1, 3, 3);
        all.Layer("nn.ReplicationPad1d", () => ReplicationPad1d((1, 2)), 1, 1, 3);
        all.Layer("nn.ConstantPad1d", () => ConstantPad1d(2, 3.5), 1, 1, 3);
        all.Layer("nn.Upsample.nearest", () => Upsample(scale_factor: [2, 2]), 1, 1, 2, 3);
        all.Layer(
            "nn.Upsample.bilinear",
            () => Upsample(size: [4, 5], mode: UpsampleMode.Bilinear, align_corners: true),
            1,
            1,
            2,
            3
        );
        all.Layer(
            "nn.Upsample.linear",
            () => Upsample(scale_factor: [2], mode: UpsampleMode.Linear, align_corners: false),
            1,
            1,
            4
        );
        all.Layer(
            "nn.Upsample.bicubic",
            () => Upsample(scale_factor: [2, 2], mode: UpsampleMode.Bicubic, align_corners: false),
            1,
            1,
            3,
            3
        );
        all.Layer(
            "nn.Upsample.trilinear",
            () => Upsample(scale_factor: [2, 2, 2], mode: UpsampleMode.Trilinear, align_corners: false),
            1,
            1,
            2,
            2,
            2
        );
        all.Tensors(
            "nn.Embedding",
            () =>
            {
                var embedding = Fill(Embedding(5, 3, padding_idx: 1));
                var result = embedding.call(tensor(new long[] { 0, 1, 4, 1 }, [2, 2]));
                result.square().sum().backward();
                return [result, embedding.weight!.grad!];
            }
        );
        all.Tensors(
            "nn.Embedding.max_norm",
            () =>
            {
                var embedding = Fill(Embedding(5, 3, max_norm: 0.3));
                return [embedding.call(tensor(new long[] { 0, 3 })), embedding.weight!];
            }
        );
        all.Tensors("nn.Bilinear", () => [Fill(Bilinear(2, 3, 2)).call(Wave(4, 2), Wave(4, 3))]);
        all.Tensors("nn.CosineSimilarity", () => [CosineSimilarity(1).call(Wave(3, 4), Wave(1.1, 3, 4))]);
        all.Tensors("nn.PairwiseDistance", () => [PairwiseDistance().call(Wave(3, 4), Wave(1.1, 3, 4))]);
        all.Tensors(
            "utils.clip_grad_norm",
            () =>
            {
                var net = Clipped();
                var norm = nn.utils.clip_grad_norm_(net.parameters(), 0.5);
                return [tensor(norm), net.weight.grad!, net.bias!.grad!];
            }
        );
        all.Tensors(
            "utils.clip_grad_value",
            () =>
            {
                var net = Clipped();
                nn.utils.clip_grad_value_(net.parameters(), 0.1);
                return [net.weight.grad!, net.bias!.grad!];
            }
        );
        all.Tensors(
            "utils.parameters_to_vector",
            () => [nn.utils.parameters_to_vector(Fill(Linear(4, 3)).parameters())]
        );
    }

    private static Linear Clipped()
    {
        var net = Fill(Linear(4, 3));
        net.call(Wave(2, 4)).square().sum().backward();
        return net;
    }

    private static void AddPooling(Dictionary<string, Func<IEnumerable<double>>> all)
    {
        all.Layer("nn.MaxPool1d", () => MaxPool1d(3, 2, 1), 1, 2, 8);
        all.Layer("nn.MaxPool2d", () => MaxPool2d(2), 1, 2, 4, 4);
        all.Layer("nn.MaxPool2d.full", () => MaxPool2d((3, 2), (2, 1), (1, 0), ceil_mode: true), 1, 1, 6, 5);
        all.Layer("nn.MaxPool3d", () => MaxPool3d(2), 1, 1, 4, 4, 4);
        all.Layer("nn.AvgPool1d", () => AvgPool1d(3, 1, 1), 1, 2, 6);
        all.Layer("nn.AvgPool2d", () => AvgPool2d(2, padding: 1, count_include_pad: false), 1, 1, 4, 4);
        all.Layer("nn.AvgPool3d", () => AvgPool3d(2), 1, 1, 2, 4, 4);
        all.Layer("nn.AdaptiveAvgPool1d", () => AdaptiveAvgPool1d(3), 1, 2, 7);
        all.Layer("nn.AdaptiveAvgPool2d", () => AdaptiveAvgPool2d((2, 3)), 1, 1, 5, 5);
        all.Layer("nn.AdaptiveAvgPool3d", () => AdaptiveAvgPool3d(2), 1, 1, 3, 3, 3);
        all.Layer("nn.AdaptiveMaxPool1d", () => AdaptiveMaxPool1d(3), 1, 1, 7);
        all.Layer("nn.AdaptiveMaxPool2d", () => AdaptiveMaxPool2d([2, 2]), 1, 1, 5, 5);
        all.Layer("nn.LPPool1d", () => LPPool1d(2, 2), 1, 1, 6);
        all.Layer("nn.LPPool2d", () => LPPool2d(2, 2), 1, 1, 4, 4);
    }

    private static void AddRecurrent(Dictionary<string, Func<IEnumerable<double>>> all)
    {
        all.Tensors(
            "nn.RNN",
            () =>
            {
                var (y, h) = Fill(RNN(3, 2, 2, bidirectional: true, batchFirst: true)).call(Wave(2, 4, 3));
                return [y, h];
            }
        );
        all.Tensors("nn.RNN.single", () => [Fill(RNN(3, 2)).call(Wave(4, 3)).Item1]);
        all.Tensors("nn.RNN.relu", () => [Fill(RNN(3, 2, 1, NonLinearities.ReLU)).call(Wave(4, 1, 3)).Item1]);
        all.Tensors(
            "nn.GRU",
            () =>
            {
                var (y, h) = Fill(GRU(3, 2, 2, bidirectional: true, batchFirst: true)).call(Wave(2, 4, 3));
                return [y, h];
            }
        );
        all.Tensors("nn.GRU.single", () => [Fill(GRU(3, 2)).call(Wave(4, 3)).Item1]);
        all.Tensors(
            "nn.LSTM",
            () =>
            {
                var (y, h, c) = Fill(LSTM(3, 2, 2, bidirectional: true, batchFirst: true))
                    .call(Wave(2, 4, 3));
                return [y, h, c];
            }
        );
        all.Tensors("nn.LSTM.single", () => [Fill(LSTM(3, 2)).call(Wave(4, 3)).Item1]);
        all.Tensors("nn.RNNCell", () => [Fill(RNNCell(3, 2)).forward(Wave(4, 3))]);
        all.Tensors("nn.GRUCell", () => [Fill(GRUCell(3, 2)).forward(Wave(4, 3), Wave(4, 2))]);
        all.Tensors(
            "nn.LSTMCell",
            () =>
            {
                var (h, c) = Fill(LSTMCell(3, 2)).call(Wave(4, 3));
                return [h, c];
            }
        );
        all.Tensors(
            "nn.MultiheadAttention",
            () =>
            {
                var (y, weights) = Fill(MultiheadAttention(4, 2))
                    .call(Wave(3, 2, 4), Wave(5, 2, 4), Wave(5, 2, 4));
                return [y, weights];
            }
        );
        all.Tensors(
            "nn.MultiheadAttention.mask",
            () =>
            {
                var mask = zeros(2, 5, dtype: ScalarType.Bool);
                mask[0, 4] = tensor(true);
                var (y, weights) = Fill(MultiheadAttention(4, 2))
                    .call(Wave(3, 2, 4), Wave(5, 2, 4), Wave(5, 2, 4), key_padding_mask: mask);
                return [y, weights];
            }
        );
    }
}
