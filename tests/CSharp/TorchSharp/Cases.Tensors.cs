using TorchSharp;
using static TorchSharp.torch;

namespace TorchSharpTests;

internal static partial class Cases
{
    private static void AddTensors(Dictionary<string, Func<IEnumerable<double>>> all)
    {
        var unary = new Dictionary<string, Func<Tensor, Tensor>>
        {
            ["exp"] = t => t.exp(),
            ["abs"] = t => t.abs(),
            ["neg"] = t => t.neg(),
            ["sin"] = t => t.sin(),
            ["cos"] = t => t.cos(),
            ["tanh"] = t => t.tanh(),
            ["sigmoid"] = t => t.sigmoid(),
            ["erf"] = t => t.erf(),
            ["floor"] = t => t.floor(),
            ["ceil"] = t => t.ceil(),
            ["round"] = t => t.round(),
            ["sign"] = t => t.sign(),
            ["reciprocal"] = t => t.reciprocal(),
            ["square"] = t => t.square(),
        };
        foreach (var (name, function) in unary)
            all.Tensors("tensor." + name, () => [function(Wave(3, 4))]);
        all.Tensors("tensor.sqrt", () => [Positive(3, 4).sqrt()]);
        all.Tensors("tensor.rsqrt", () => [Positive(3, 4).rsqrt()]);
        all.Tensors("tensor.log", () => [Positive(3, 4).log()]);
        all.Tensors("tensor.log1p", () => [Positive(3, 4).log1p()]);

        Tensor x = Wave(3, 4),
            y = Wave(1.1, 3, 4);
        all.Tensors(
            "tensor.arithmetic",
            () => [x + y, x - y, x * y, x / y, x + 2, 2 - x, 3 / x, x % 0.3, -x, x.pow(3)]
        );
        all.Tensors(
            "tensor.compare",
            () => [x > y, x >= 0, x.eq(x), x.ne(y), (x < 0) & (y < 0), (x < 0) | (y < 0), ~(x < 0)]
        );
        all.Tensors(
            "tensor.reduce",
            () =>
                [
                    x.sum(),
                    x.sum(0L),
                    x.sum(1L, keepdim: true),
                    x.mean(),
                    x.mean([0]),
                    x.std(),
                    x.std(1),
                    x.var(),
                    x.var(0, unbiased: false),
                    x.min(),
                    x.max(),
                    x.argmax(),
                    x.argmin(1),
                    x.norm(),
                    x.norm(1, p: 3),
                    x.prod(),
                    x.prod(1),
                    x.cumsum(1),
                    x.logsumexp(0),
                    x.amax([0L]),
                    x.amin([1L]),
                ]
        );
        all.Tensors(
            "tensor.maxdim",
            () =>
            {
                var (largest, where) = x.max(1);
                var (smallest, whereSmallest) = x.min(0);
                return [largest, where, smallest, whereSmallest];
            }
        );
        all.Tensors("tensor.any", () => [(x > 0.9).any(), (x > -2).all(), (x > 0).any(0), (x > 0).all(1)]);
        all.Tensors(
            "tensor.matmul",
            () =>
                [
                    x.matmul(y.t()),
                    x.mm(y.t()),
                    Wave(2, 3, 4).bmm(Wave(2, 4, 2)),
                    addmm(Wave(3, 3), x, y.t(), 0.5f, 2),
                    einsum("ij,kj->ik", x, y),
                ]
        );
        all.Tensors(
            "tensor.shape",
            () =>
                [
                    x.reshape(2, 6),
                    x.view(4, 3),
                    x.flatten(),
                    x.t(),
                    x.permute(1, 0),
                    x.unsqueeze(0),
                    x.expand(2, 3, 4),
                    x.repeat(1, 2),
                    x.narrow(1, 1, 2),
                    x.select(0, 1),
                    x.unflatten(1, 2, 2),
                    x.roll(1, 0),
                    x.roll([1, 2], [0, 1]),
                    x.flip(1),
                    x.tril(),
                    x.triu(1),
                    x.transpose(0, 1).contiguous(),
                ]
        );
        all.Tensors(
            "tensor.index",
            () =>
                [
                    x[1],
                    x[TensorIndex.Colon, 1],
                    x[TensorIndex.Slice(1), TensorIndex.Slice(step: 2)],
                    x[TensorIndex.Ellipsis, 0],
                    x[TensorIndex.None],
                    x[TensorIndex.Tensor(tensor(new long[] { 2, 0 }))],
                    x[TensorIndex.Tensor(x > 0)],
                    x[1, 2],
                    x[TensorIndex.Single(-1), TensorIndex.Slice(-2)],
                ]
        );
        all.Tensors(
            "tensor.select",
            () =>
            {
                var columns = tensor(new long[] { 0, 2, 1 }, [3, 1]);
                var (top, whereTop) = x.topk(2);
                var (sorted, order) = x.sort(1, descending: true);
                return
                [
                    x.gather(1, columns),
                    x.index_select(1, tensor(new long[] { 3, 0 })),
                    x.masked_fill(x > 0, 7),
                    where(x > 0, x, y),
                    zeros(3, 4).scatter(1, columns, x),
                    top,
                    whereTop,
                    sorted,
                    order,
                    x.masked_select(x > 0.5),
                ];
            }
        );
        all.Tensors(
            "tensor.join",
            () => [cat([x, y], 1), stack([x, y]), .. x.split(2, 1), .. x.chunk(3, 0), .. x.split([1, 3], 1)]
        );
        all.Tensors(
            "tensor.clamp",
            () => [x.clamp(-0.5, 0.5), x.clamp(min: 0.0), x.clamp_max(0.2), maximum(x, y), minimum(x, y)]
        );
        all.Tensors(
            "tensor.make",
            () =>
                [
                    arange(5),
                    arange(1, 2, 0.25),
                    linspace(0, 1, 5),
                    eye(2, 3),
                    full(2, 2, 1.5),
                    nn.functional.one_hot(tensor(new long[] { 0, 2, 1 })),
                ]
        );
        all.Tensors(
            "tensor.inplace",
            () =>
            {
                var a = Wave(2, 3);
                a.add_(1);
                a.mul_(2);
                a.sub_(0.5);
                a.div_(3);
                a.addcmul_(a, a, 0.5);
                a.addcdiv_(a, a + 2, 0.1);
                a.clamp_(0, 1);
                return [a];
            }
        );
        all.Tensors("functional.normalize", () => [nn.functional.normalize(x, dim: 1)]);
        all.Tensors(
            "autograd.grad",
            () =>
            {
                var a = Wave(3).requires_grad_();
                var b = Wave(1.0, 3).requires_grad_();
                return [.. autograd.grad([(a * b).exp().sum()], [a, b])];
            }
        );
    }
}
