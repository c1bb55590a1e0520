using Op = Deeplay.FSharp.OpModule;

namespace Deeplay;

/// <content>Tensor operations, with PyTorch's names and meanings. Dimensions count from the back where
/// negative.</content>
public sealed partial class Sym
{
    /// <summary>The absolute values.</summary>
    public Sym Abs() => new(Op.abs(Inner));

    /// <summary>e to the power of each element.</summary>
    public Sym Exp() => new(Op.exp(Inner));

    /// <summary>The natural logarithms.</summary>
    public Sym Log() => new(Op.log(Inner));

    /// <summary>The square roots.</summary>
    public Sym Sqrt() => new(Op.sqrt(Inner));

    /// <summary>The squares.</summary>
    public Sym Square() => new(Op.square(Inner));

    /// <summary>One over each element.</summary>
    public Sym Reciprocal() => new(Op.reciprocal(Inner));

    /// <summary>The sines.</summary>
    public Sym Sin() => new(Op.sin(Inner));

    /// <summary>The cosines.</summary>
    public Sym Cos() => new(Op.cos(Inner));

    /// <summary>1 / (1 + exp(−x)).</summary>
    public Sym Sigmoid() => new(Op.sigmoid(Inner));

    /// <summary>The hyperbolic tangent.</summary>
    public Sym Tanh() => new(Op.tanh(Inner));

    /// <summary>max(x, 0).</summary>
    public Sym Relu() => new(Op.relu(Inner));

    /// <summary>The Gaussian error linear unit, in its exact form.</summary>
    public Sym Gelu() => new(Op.gelu(Inner));

    /// <summary>x · sigmoid(x).</summary>
    public Sym Silu() => new(Op.silu(Inner));

    /// <summary>log(1 + exp(x)).</summary>
    public Sym Softplus() => new(Op.softplus(Inner));

    /// <summary>The larger of both, element by element.</summary>
    public Sym Maximum(Sym other) => new(Op.maximum(Inner, other.Given().Inner));

    /// <summary>The smaller of both, element by element.</summary>
    public Sym Minimum(Sym other) => new(Op.minimum(Inner, other.Given().Inner));

    /// <summary>The matrix product, batched where there are more than two dimensions.</summary>
    public Sym MatMul(Sym other) => new(Op.matmul(Inner, other.Given().Inner));

    /// <summary>Each element to the power of a number.</summary>
    public Sym Pow(double exponent) => new(Op.pow(exponent, Inner));

    /// <summary>The sum over some dimensions; over all of them where none is given.</summary>
    public Sym Sum(params int[] dims) => new(Op.sum(Interop.List(dims.Given()), Inner));

    /// <summary>The mean over some dimensions; over all of them where none is given.</summary>
    public Sym Mean(params int[] dims) => new(Op.mean(Interop.List(dims.Given()), Inner));

    /// <summary>The largest element over some dimensions; over all of them where none is given.</summary>
    public Sym Amax(params int[] dims) => new(Op.amax(Interop.List(dims.Given()), Inner));

    /// <summary>The smallest element over some dimensions; over all of them where none is given.</summary>
    public Sym Amin(params int[] dims) => new(Op.amin(Interop.List(dims.Given()), Inner));

    /// <summary>The mean over some dimensions, which stay with size 1.</summary>
    public Sym MeanKeep(params int[] dims) => new(Op.meanKeep(Interop.List(dims.Given()), Inner));

    /// <summary>exp(x) / Σ exp(x) along a dimension.</summary>
    public Sym Softmax(int dim) => new(Op.softmax(dim, Inner));

    /// <summary>The logarithm of the softmax along a dimension.</summary>
    public Sym LogSoftmax(int dim) => new(Op.logSoftmax(dim, Inner));

    /// <summary>A dimension of size 1 taken away.</summary>
    public Sym Squeeze(int dim) => new(Op.squeeze(dim, Inner));

    /// <summary>A dimension of size 1 put in.</summary>
    public Sym Unsqueeze(int dim) => new(Op.unsqueeze(dim, Inner));

    /// <summary>The same elements in another shape; one size may be -1.</summary>
    public Sym Reshape(params int[] sizes) => new(Op.reshape(Interop.List(sizes.Given()), Inner));

    /// <summary>The dimensions from one to another made into one.</summary>
    public Sym Flatten(int startDim = 0, int endDim = -1) => new(Op.flatten(startDim, endDim, Inner));

    /// <summary>Two dimensions exchanged.</summary>
    public Sym Transpose(int dim0, int dim1) => new(Op.transpose(dim0, dim1, Inner));

    /// <summary>The dimensions in another order.</summary>
    public Sym Permute(params int[] dims) => new(Op.permute(Interop.List(dims.Given()), Inner));

    /// <summary>Some elements of a dimension, from <paramref name="start"/> on.</summary>
    public Sym Narrow(int dim, int start, int length) => new(Op.narrow(dim, start, length, Inner));

    /// <summary>One slice along a dimension, which goes away.</summary>
    public Sym Select(int dim, int index) => new(Op.select(dim, index, Inner));

    /// <summary>One of several named tensors.</summary>
    public Sym this[string key] => new(Op.get(key.Given(), Inner));
}
