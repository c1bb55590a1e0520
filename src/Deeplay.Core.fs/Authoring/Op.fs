namespace Deeplay.FSharp

open System
open Deeplay.Core

// A module of F# is written in one file: so this one is longer than the others.

/// Tensor operations of a forward function, with PyTorch's names and meanings. `+ - * /` work too. Dimensions count from
/// the back where negative. Where sizes are asked for, an `int` or what `Op.size` measures may be given.
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Op =
    let private apply op (xs: Sym list) = Sym.Apply(op, xs)
    let private unary op (x: Sym) = apply (Op.Unary op) [ x ]
    let private tuned op (x: Sym) = apply (Op.Tuned op) [ x ]
    let private binary op (x: Sym) (y: Sym) = apply (Op.Binary op) [ x; y ]
    let private scalar op (number: float) (x: Sym) = apply (Op.WithScalar(op, number)) [ x ]
    let private reduce op dims keep (x: Sym) = apply (Op.Reduce(op, dims, keep)) [ x ]
    let private along op (x: Sym) = apply (Op.Along op) [ x ]
    let private arrange op (xs: Sym list) = apply (Op.Arrange op) xs
    let private several op count (xs: Sym list) = Sym.Record(Apply(Op.Several op), xs, count)
    let private product op (xs: Sym list) = apply (Op.Product op) xs
    let private index op (xs: Sym list) = apply (Op.Index op) xs

    let private pair outputs =
        match outputs with
        | [ first; second ] -> first, second
        | _ -> invalidOp "two outputs"

    let private require operation expected (found: obj) isFine =
        if not isFine then Fail.with' (Malformed(operation, expected, string found))

    /// One of several named tensors.
    let get key (tensors: Sym) = Sym.Record(Lookup key, [ tensors ], 1) |> List.exactlyOne

    /// Named tensors with one more, in the place of the one that had its key.
    let put key (value: Sym) (tensors: Sym) = Sym.Record(Put key, [ tensors; value ], 1) |> List.exactlyOne

    // --- sizes and modes ---

    /// The size of a dimension, as a number to compute sizes with: nothing has to know it beforehand.
    let size (dim: int) (x: Sym) : SymInt =
        let register = (Sym.Record(Measure dim, [ x ], 1) |> List.exactlyOne).Register
        let tracer = if isNull x.Tracer then Tracer.Current else x.Tracer
        SymInt(tracer, SizeExpr.Register register)

    /// A number as a size, to stand in a list beside measured ones.
    let int (number: int) : SymInt = SymInt.op_Implicit number

    /// The first in training mode, the second in evaluation mode. What leads to the other one alone is not computed.
    let byMode (training: Sym) (evaluation: Sym) = Sym.Record(ByMode, [ training; evaluation ], 1) |> List.exactlyOne

    /// Puts numbers of the same shape into a buffer of the module's own, in training mode, without a gradient: a running
    /// statistic.
    let update (buffer: Sym) (value: Sym) : unit =
        if isNull buffer.OwnName then
            Fail.with' (Malformed("update", "a buffer of the module's own", "another tensor"))

        Sym.Record(Update buffer.OwnName, [ value ], 0) |> ignore

    // --- element by element ---

    /// The absolute values.
    let abs x = unary UnaryOp.Abs x

    /// -1, 0 or 1.
    let sign x = unary UnaryOp.Sign x

    /// e to the power of each element.
    let exp x = unary UnaryOp.Exp x

    /// 2 to the power of each element.
    let exp2 x = unary UnaryOp.Exp2 x

    /// exp(x) - 1, exact for small x.
    let expm1 x = unary UnaryOp.Expm1 x

    /// The natural logarithms.
    let log x = unary UnaryOp.Log x

    /// The logarithms of base 2.
    let log2 x = unary UnaryOp.Log2 x

    /// The logarithms of base 10.
    let log10 x = unary UnaryOp.Log10 x

    /// log(1 + x), exact for small x.
    let log1p x = unary UnaryOp.Log1p x

    /// The square roots.
    let sqrt x = unary UnaryOp.Sqrt x

    /// One over the square roots.
    let rsqrt x = unary UnaryOp.Rsqrt x

    /// The squares.
    let square x = unary UnaryOp.Square x

    /// One over each element.
    let reciprocal x = unary UnaryOp.Reciprocal x

    /// The sines.
    let sin x = unary UnaryOp.Sin x

    /// The cosines.
    let cos x = unary UnaryOp.Cos x

    /// The tangents.
    let tan x = unary UnaryOp.Tan x

    /// The inverse of the sine.
    let asin x = unary UnaryOp.Asin x

    /// The inverse of the cosine.
    let acos x = unary UnaryOp.Acos x

    /// The inverse of the tangent.
    let atan x = unary UnaryOp.Atan x

    /// The hyperbolic sines.
    let sinh x = unary UnaryOp.Sinh x

    /// The hyperbolic cosines.
    let cosh x = unary UnaryOp.Cosh x

    /// The hyperbolic tangents.
    let tanh x = unary UnaryOp.Tanh x

    /// The inverse of the hyperbolic sine.
    let asinh x = unary UnaryOp.Asinh x

    /// The inverse of the hyperbolic cosine.
    let acosh x = unary UnaryOp.Acosh x

    /// The inverse of the hyperbolic tangent.
    let atanh x = unary UnaryOp.Atanh x

    /// The error function.
    let erf x = unary UnaryOp.Erf x

    /// 1 - erf(x).
    let erfc x = unary UnaryOp.Erfc x

    /// The inverse of the error function.
    let erfinv x = unary UnaryOp.Erfinv x

    /// The logarithm of the gamma function's absolute value.
    let lgamma x = unary UnaryOp.Lgamma x

    /// The derivative of lgamma.
    let digamma x = unary UnaryOp.Digamma x

    /// The next whole number below.
    let floor x = unary UnaryOp.Floor x

    /// The next whole number above.
    let ceil x = unary UnaryOp.Ceil x

    /// The nearest whole number, an even one where two are as near.
    let round x = unary UnaryOp.Round x

    /// The whole number towards zero.
    let trunc x = unary UnaryOp.Trunc x

    /// What trunc takes away.
    let frac x = unary UnaryOp.Frac x

    /// Whether an element is not a number.
    let isnan x = unary UnaryOp.Isnan x

    /// Whether an element is infinite.
    let isinf x = unary UnaryOp.Isinf x

    /// Whether an element is neither infinite nor not a number.
    let isfinite x = unary UnaryOp.Isfinite x

    /// Whether an element is 0.
    let logicalNot x = unary UnaryOp.LogicalNot x

    /// The same numbers, through which no gradient goes.
    let detach x = unary UnaryOp.Detach x

    /// The same numbers, one after another in memory.
    let contiguous x = unary UnaryOp.Contiguous x

    /// The elements as another type.
    let toDType (dtype: DType) x = tuned (TunedOp.To dtype) x

    /// No less than `min` and no more than `max`.
    let clamp (min: float) (max: float) x = tuned (TunedOp.Clamp(Some min, Some max)) x

    /// No less than `min`.
    let clampMin (min: float) x = tuned (TunedOp.Clamp(Some min, None)) x

    /// No more than `max`.
    let clampMax (max: float) x = tuned (TunedOp.Clamp(None, Some max)) x

    /// A number in the place of what is not one; infinities become the largest and the smallest number there is.
    let nanToNum (nan: float) x = tuned (TunedOp.NanToNum nan) x

    // --- activations ---

    /// 1 / (1 + exp(-x)).
    let sigmoid x = unary UnaryOp.Sigmoid x

    /// log(sigmoid(x)).
    let logSigmoid x = unary UnaryOp.LogSigmoid x

    /// max(x, 0).
    let relu x = unary UnaryOp.Relu x

    /// min(max(x, 0), 6).
    let relu6 x = unary UnaryOp.Relu6 x

    /// The scaled exponential linear unit.
    let selu x = unary UnaryOp.Selu x

    /// x · sigmoid(x).
    let silu x = unary UnaryOp.Silu x

    /// x · tanh(softplus(x)).
    let mish x = unary UnaryOp.Mish x

    /// The Gaussian error linear unit, in its exact form.
    let gelu x = unary UnaryOp.Gelu x

    /// The Gaussian error linear unit by its tanh approximation, as GPT-2 has it.
    let geluTanh x = unary UnaryOp.GeluTanh x

    /// log(1 + exp(x)).
    let softplus x = unary UnaryOp.Softplus x

    /// x / (1 + |x|).
    let softsign x = unary UnaryOp.Softsign x

    /// x - tanh(x).
    let tanhshrink x = unary UnaryOp.Tanhshrink x

    /// x · relu6(x + 3) / 6.
    let hardswish x = unary UnaryOp.Hardswish x

    /// relu6(x + 3) / 6.
    let hardsigmoid x = unary UnaryOp.Hardsigmoid x

    /// x, below 0 times a slope.
    let leakyRelu (negativeSlope: float) x = tuned (TunedOp.LeakyRelu negativeSlope) x

    /// x, below 0 alpha · (exp(x) - 1).
    let elu (alpha: float) x = tuned (TunedOp.Elu alpha) x

    /// x, below 0 alpha · (exp(x / alpha) - 1).
    let celu (alpha: float) x = tuned (TunedOp.Celu alpha) x

    /// x, no less than `minVal` and no more than `maxVal`.
    let hardtanh (minVal: float) (maxVal: float) x = tuned (TunedOp.Hardtanh(minVal, maxVal)) x

    /// x made smaller by lambda, 0 where it is no more than that.
    let softshrink (lambda: float) x = tuned (TunedOp.Softshrink lambda) x

    /// x, 0 where it is no more than lambda.
    let hardshrink (lambda: float) x = tuned (TunedOp.Hardshrink lambda) x

    /// x, another value where it is not above a threshold.
    let threshold (threshold: float) (value: float) x = tuned (TunedOp.Threshold(threshold, value)) x

    /// x, below 0 times a slope: one, or one for each channel.
    let prelu x weight = index IndexOp.Prelu [ x; weight ]

    /// The first half of a dimension times the sigmoid of the second.
    let glu dim x = arrange (ArrangeOp.Glu dim) [ x ]

    /// In training mode, zeros with a probability of p, and the others over 1 - p.
    let dropout (p: float) x =
        require "dropout" "a probability" p (p >= 0.0 && p <= 1.0)
        tuned (TunedOp.Dropout p) x

    // --- two tensors, element by element ---

    /// x to the power of a number.
    let pow (exponent: float) (x: Sym) = scalar BinaryOp.Pow exponent x

    /// x to the power of y, element by element.
    let powTensor x exponents = binary BinaryOp.Pow x exponents

    /// The larger of both, element by element.
    let maximum x y = binary BinaryOp.Maximum x y

    /// The smaller of both, element by element.
    let minimum x y = binary BinaryOp.Minimum x y

    /// The quotient, rounded down.
    let floorDivide x y = binary BinaryOp.FloorDivide x y

    /// The quotient by a number, rounded down.
    let floorDivideScalar (number: float) x = scalar BinaryOp.FloorDivide number x

    /// What is left over by floorDivide: it has the sign of the divisor, as in Python.
    let remainder x y = binary BinaryOp.Remainder x y

    /// What is left over by a number.
    let remainderScalar (number: float) x = scalar BinaryOp.Remainder number x

    /// What is left over by a division that is rounded towards zero: it has the sign of x.
    let fmod x y = binary BinaryOp.Fmod x y

    /// What is left over by a division by a number that is rounded towards zero.
    let fmodScalar (number: float) x = scalar BinaryOp.Fmod number x

    /// The angle of the point (y, x), in radians.
    let atan2 y x = binary BinaryOp.Atan2 y x

    /// sqrt(x² + y²).
    let hypot x y = binary BinaryOp.Hypot x y

    /// x · log(y), and 0 where x is.
    let xlogy x y = binary BinaryOp.Xlogy x y

    /// Whether x is y.
    let eq x y = binary BinaryOp.Eq x y

    /// Whether x is a number.
    let eqScalar (number: float) x = scalar BinaryOp.Eq number x

    /// Whether x is not y.
    let ne x y = binary BinaryOp.Ne x y

    /// Whether x is not a number.
    let neScalar (number: float) x = scalar BinaryOp.Ne number x

    /// Whether x is less than y.
    let lt x y = binary BinaryOp.Lt x y

    /// Whether x is less than a number.
    let ltScalar (number: float) x = scalar BinaryOp.Lt number x

    /// Whether x is no more than y.
    let le x y = binary BinaryOp.Le x y

    /// Whether x is no more than a number.
    let leScalar (number: float) x = scalar BinaryOp.Le number x

    /// Whether x is more than y.
    let gt x y = binary BinaryOp.Gt x y

    /// Whether x is more than a number.
    let gtScalar (number: float) x = scalar BinaryOp.Gt number x

    /// Whether x is no less than y.
    let ge x y = binary BinaryOp.Ge x y

    /// Whether x is no less than a number.
    let geScalar (number: float) x = scalar BinaryOp.Ge number x

    /// Whether neither is 0.
    let logicalAnd x y = binary BinaryOp.LogicalAnd x y

    /// Whether one is not 0.
    let logicalOr x y = binary BinaryOp.LogicalOr x y

    /// Whether one alone is not 0.
    let logicalXor x y = binary BinaryOp.LogicalXor x y

    // --- masks and indices ---

    /// The input where the condition holds, else the other.
    let where condition input other = index IndexOp.Where [ condition; input; other ]

    /// x, and a number where the mask holds.
    let maskedFill x mask (value: float) = index (IndexOp.MaskedFill value) [ x; mask ]

    /// From start to end, by the weight: start + weight · (end - start).
    let lerp start stop (weight: float) = index (IndexOp.Lerp weight) [ start; stop ]

    /// The elements along a dimension whose places the index says, element by element.
    let gather dim x places = index (IndexOp.Gather dim) [ x; places ]

    /// The same, where the other dimensions broadcast.
    let takeAlongDim dim x places = index (IndexOp.TakeAlongDim dim) [ x; places ]

    /// x with the elements of a source put where the index says, along a dimension.
    let scatter dim x places source = index (IndexOp.Scatter dim) [ x; places; source ]

    /// x with the elements of a source added where the index says, along a dimension.
    let scatterAdd dim x places source = index (IndexOp.ScatterAdd dim) [ x; places; source ]

    /// x with the elements of `source` put to the `places` along a dimension, where several become one: their `sum`, `prod`,
    /// `mean`, `amax` or `amin`, together with what is there in x where `includeSelf`. PyTorch's `scatter_reduce`.
    let scatterReduce dim (reduce: string) (includeSelf: bool) x places source =
        index (IndexOp.ScatterReduce(dim, Modes.scatter reduce, includeSelf)) [ x; places; source ]

    /// The slices along a dimension whose places a vector says.
    let indexSelect dim x places = index (IndexOp.IndexSelect dim) [ x; places ]

    /// x with the slices of a source added where a vector says, along a dimension: the sums over a graph's edges.
    let indexAdd dim x places source = index (IndexOp.IndexAdd dim) [ x; places; source ]

    /// x with the slices of a source put where a vector says, along a dimension.
    let indexCopy dim x places source = index (IndexOp.IndexCopy dim) [ x; places; source ]

    /// The rows of a weight whose places are said.
    let embedding places weight = index IndexOp.Embedding [ places; weight ]

    /// How often each whole number occurs in x of one dimension, from 0 to the largest one; zeros follow up to `minlength` numbers.
    let bincount (minlength: int) x =
        require "bincount" "a length of at least 0" minlength (minlength >= 0)
        arrange (ArrangeOp.Bincount minlength) [ x ]

    /// 1 at the place that an element says, else 0, along a new last dimension of `numClasses`.
    let oneHot (numClasses: int) x =
        require "one_hot" "at least one class" numClasses (numClasses > 0)
        arrange (ArrangeOp.OneHot numClasses) [ x ]

    // --- reductions ---

    /// The sum over some dimensions; over all of them where none is given.
    let sum dims x = reduce Reduction.Sum dims false x

    /// The mean over some dimensions; over all of them where none is given.
    let mean dims x = reduce Reduction.Mean dims false x

    /// The largest element over some dimensions; over all of them where none is given.
    let amax dims x = reduce Reduction.Max dims false x

    /// The smallest element over some dimensions; over all of them where none is given.
    let amin dims x = reduce Reduction.Min dims false x

    /// log(sum(exp(x))) over some dimensions; over all of them where none is given.
    let logsumexp dims x = reduce Reduction.LogSumExp dims false x

    /// The variance over some dimensions, with Bessel's correction; over all of them where none is given.
    let var dims x = reduce (Reduction.Var 1) dims false x

    /// The variance over some dimensions: squares over their number less the correction.
    let varWith (correction: int) dims x = reduce (Reduction.Var correction) dims false x

    /// The standard deviation over some dimensions, with Bessel's correction; over all of them where none is given.
    let std dims x = reduce (Reduction.Std 1) dims false x

    /// The standard deviation over some dimensions: squares over their number less the correction.
    let stdWith (correction: int) dims x = reduce (Reduction.Std correction) dims false x

    /// The p-norm over some dimensions; over all of them where none is given.
    let norm (p: float) dims x = reduce (Reduction.Norm p) dims false x

    /// The product over one dimension; over all of them where none is given.
    let prod dims x = reduce Reduction.Prod dims false x

    /// Whether no element over one dimension is 0; over all of them where none is given.
    let all dims x = reduce Reduction.All dims false x

    /// Whether an element over one dimension is not 0; over all of them where none is given.
    let any dims x = reduce Reduction.Any dims false x

    /// The place of the largest element over one dimension; over all of them where none is given.
    let argmax dims x = reduce Reduction.Argmax dims false x

    /// The place of the smallest element over one dimension; over all of them where none is given.
    let argmin dims x = reduce Reduction.Argmin dims false x

    /// The sum over some dimensions, which stay with size 1.
    let sumKeep dims x = reduce Reduction.Sum dims true x

    /// The mean over some dimensions, which stay with size 1.
    let meanKeep dims x = reduce Reduction.Mean dims true x

    /// The largest element over some dimensions, which stay with size 1.
    let amaxKeep dims x = reduce Reduction.Max dims true x

    /// The smallest element over some dimensions, which stay with size 1.
    let aminKeep dims x = reduce Reduction.Min dims true x

    /// log(sum(exp(x))) over some dimensions, which stay with size 1.
    let logsumexpKeep dims x = reduce Reduction.LogSumExp dims true x

    /// The variance over some dimensions, which stay with size 1: squares over their number less the correction.
    let varKeep (correction: int) dims x = reduce (Reduction.Var correction) dims true x

    /// The standard deviation over some dimensions, which stay with size 1.
    let stdKeep (correction: int) dims x = reduce (Reduction.Std correction) dims true x

    /// The p-norm over some dimensions, which stay with size 1.
    let normKeep (p: float) dims x = reduce (Reduction.Norm p) dims true x

    /// The place of the largest element over one dimension, which stays with size 1.
    let argmaxKeep dims x = reduce Reduction.Argmax dims true x

    // --- along a dimension ---

    /// exp(x) / sum(exp(x)) along a dimension.
    let softmax dim x = along (AlongOp.Softmax dim) x

    /// The logarithm of the softmax along a dimension.
    let logSoftmax dim x = along (AlongOp.LogSoftmax dim) x

    /// The softmax of -x along a dimension.
    let softmin dim x = along (AlongOp.Softmin dim) x

    /// The sums of the elements so far.
    let cumsum dim x = along (AlongOp.Cumsum dim) x

    /// The products of the elements so far.
    let cumprod dim x = along (AlongOp.Cumprod dim) x

    /// The logsumexp of the elements so far.
    let logcumsumexp dim x = along (AlongOp.Logcumsumexp dim) x

    /// The places of the elements in their order.
    let argsort dim (descending: bool) x = along (AlongOp.Argsort(dim, descending)) x

    /// x over its Euclidean norm along a dimension.
    let normalize dim x = along (AlongOp.Normalize(2.0, dim, 1e-12)) x

    /// x over its p-norm along a dimension, which counts as at least `eps`.
    let normalizeWith (p: float) dim (eps: float) x = along (AlongOp.Normalize(p, dim, eps)) x

    /// The elements of some dimensions the other way round.
    let flip dims x = along (AlongOp.Flip dims) x

    /// The elements moved on along some dimensions; what leaves at the end comes in at the start.
    let roll shifts dims x = along (AlongOp.Roll(shifts, dims)) x

    /// The matrices' elements up to a diagonal, zero above.
    let tril diagonal x = along (AlongOp.Tril diagonal) x

    /// The matrices' elements from a diagonal on, zero below.
    let triu diagonal x = along (AlongOp.Triu diagonal) x

    // --- several outputs ---

    /// The k largest elements along a dimension, the largest first, and their places.
    let topk (k: int) dim x =
        require "topk" "a number of at least 0" k (k >= 0)
        several (SeveralOp.Topk(k, dim, true)) 2 [ x ] |> pair

    /// The k smallest elements along a dimension, the smallest first, and their places.
    let bottomk (k: int) dim x =
        require "topk" "a number of at least 0" k (k >= 0)
        several (SeveralOp.Topk(k, dim, false)) 2 [ x ] |> pair

    /// The elements along a dimension in their order, and the places that they had.
    let sort dim (descending: bool) x = several (SeveralOp.Sort(dim, descending)) 2 [ x ] |> pair

    /// The largest element along a dimension, and its place.
    let max dim x = several (SeveralOp.MaxAlong dim) 2 [ x ] |> pair

    /// The smallest element along a dimension, and its place.
    let min dim x = several (SeveralOp.MinAlong dim) 2 [ x ] |> pair

    /// Parts of these sizes along a dimension.
    let split (sizes: int list) dim x =
        require
            "split"
            "a size or more, each at least 0"
            (Number.list (List.map int64 sizes))
            (sizes <> [] && List.forall (fun size -> size >= 0) sizes)

        several (SeveralOp.Split(sizes, dim)) sizes.Length [ x ]

    /// So many parts along a dimension; a size that makes fewer is an error.
    let chunk (chunks: int) dim x =
        require "chunk" "at least one chunk" chunks (chunks > 0)
        several (SeveralOp.Chunk(chunks, dim)) chunks [ x ]

    /// The slices along a dimension, of which there are `count`.
    let unbind (count: int) dim x =
        require "unbind" "at least one slice" count (count > 0)
        several (SeveralOp.Unbind(count, dim)) count [ x ]

    /// Grids of the coordinates in vectors: the first changes along the first dimension (`indexing="ij"`).
    let meshgrid (xs: Sym list) = several (SeveralOp.Meshgrid xs.Length) xs.Length xs

    // --- shapes ---

    /// The same elements in another shape; one size may be -1.
    let inline reshape sizes x = SizedOp.reshape (toSizes sizes) x

    /// One dimension made into several; one of their sizes may be -1.
    let inline unflatten dim sizes x = SizedOp.unflatten dim (toSizes sizes) x

    /// Dimensions of size 1 made as large as is said; -1 leaves a size as it is. New dimensions come first.
    let inline expand sizes x = SizedOp.expand (toSizes sizes) x

    /// The tensor so many times beside itself, along each dimension.
    let inline repeat sizes x = SizedOp.repeat (toSizes sizes) x

    /// `length` elements of a dimension from `start` on.
    let inline narrow dim start length x = SizedOp.narrow dim (toSize start) (toSize length) x

    /// The elements of a dimension from `start` to before `stop`, every `step`-th one: Python's `start:stop:step`.
    let inline slice dim start stop step x = SizedOp.slice dim (toSize start) (toSize stop) step x

    /// The elements of a dimension from `start` on, every `step`-th one: Python's `start::step`.
    let inline sliceFrom dim start step x = SizedOp.sliceFrom dim (toSize start) step x

    /// One slice along a dimension, which goes away.
    let inline select dim index x = SizedOp.select dim (toSize index) x

    /// The dimensions from `startDim` to `endDim` made into one.
    let flatten startDim endDim x = arrange (ArrangeOp.Flatten(startDim, endDim)) [ x ]

    /// Two dimensions exchanged.
    let transpose dim0 dim1 x = arrange (ArrangeOp.Transpose(dim0, dim1)) [ x ]

    /// The dimensions in another order.
    let permute dims x = arrange (ArrangeOp.Permute dims) [ x ]

    /// A dimension put in another place.
    let movedim source destination x = arrange (ArrangeOp.Movedim(source, destination)) [ x ]

    /// A dimension of size 1 taken away.
    let squeeze dim x = arrange (ArrangeOp.Squeeze dim) [ x ]

    /// A dimension of size 1 put in.
    let unsqueeze dim x = arrange (ArrangeOp.Unsqueeze dim) [ x ]

    /// The tensors joined along a dimension.
    let cat dim (xs: Sym list) = arrange (ArrangeOp.Cat dim) xs

    /// The tensors joined along a new dimension.
    let stack dim (xs: Sym list) = arrange (ArrangeOp.Stack dim) xs

    /// The diagonal of two dimensions, as a new last one.
    let diagonal offset dim1 dim2 x =
        require "diagonal" "two dimensions" dim1 (dim1 <> dim2)
        arrange (ArrangeOp.Diagonal(offset, dim1, dim2)) [ x ]

    /// Windows of a size along a dimension, a step apart: their elements are a new last dimension.
    let unfold dim (size: int) (step: int) x =
        require "unfold" "a size of at least 0 and a step of at least 1" $"{size}, {step}" (size >= 0 && step > 0)
        arrange (ArrangeOp.Unfold(dim, size, step)) [ x ]

    /// Each slice along a dimension so many times.
    let repeatInterleave (repeats: int) dim x =
        require "repeat_interleave" "a number of at least 0" repeats (repeats >= 0)
        arrange (ArrangeOp.RepeatInterleave(repeats, dim)) [ x ]

    let private padded pads mode x =
        let found = Number.list (List.map int64 pads)
        require "pad" "two sizes for each dimension, from the last one on" found (pads <> [] && pads.Length % 2 = 0)
        arrange (ArrangeOp.Pad(pads, mode)) [ x ]

    /// More elements of one value, so many before and after each dimension, from the last one on; fewer where negative.
    let pad (pads: int list) (value: float) x = padded pads (PadFill.Constant value) x

    /// The same with elements of x, by the mode: `reflect`, `replicate` or `circular`.
    let padWith (mode: string) (pads: int list) x = padded pads (Modes.padding mode 0.0) x

    /// An image of other spatial sizes: one for all, or one for each. The mode is one of `nearest`, `nearest-exact`, `area`,
    /// `linear`, `bilinear`, `trilinear` and `bicubic`; `alignCorners` is for the last four.
    let inline interpolate sizes mode alignCorners x = SizedOp.interpolate (toSizes sizes) mode alignCorners x

    /// The same by factors of the sizes.
    let interpolateBy (scaleFactors: float list) (mode: string) (alignCorners: bool) x =
        let found = scaleFactors |> List.map string |> String.concat ", "
        let isFine = scaleFactors <> [] && List.forall (fun scale -> scale > 0.0) scaleFactors
        require "interpolate" "factors above 0" found isFine
        arrange (ArrangeOp.Interpolate(scaleFactors, Modes.interpolation mode alignCorners)) [ x ]

    // --- products ---

    /// The matrix product, batched where there are more than two dimensions.
    let matmul (x: Sym) (y: Sym) = product ProductOp.Matmul [ x; y ]

    /// The matrix products of two batches.
    let bmm (x: Sym) (y: Sym) = product ProductOp.Bmm [ x; y ]

    /// The matrix products of two batches, added to x.
    let baddbmm (x: Sym) (batch1: Sym) (batch2: Sym) = product ProductOp.Baddbmm [ x; batch1; batch2 ]

    /// Each element of a vector times each of another.
    let outer (x: Sym) (y: Sym) = product ProductOp.Outer [ x; y ]

    /// x times the transposed weight, and the bias.
    let linear (x: Sym) (weight: Sym) (bias: Sym) = product ProductOp.Linear [ x; weight; bias ]

    /// x times the transposed weight.
    let linearWithoutBias (x: Sym) (weight: Sym) = product ProductOp.Linear [ x; weight ]

    /// Sums of products by Einstein's notation: `"bij,bjk->bik"`.
    let einsum (equation: string) (xs: Sym list) =
        match ProductShape.parse equation with
        | Ok _ -> product (ProductOp.Einsum equation) xs
        | Error problem -> Fail.with' (Malformed("einsum", problem.Expected, problem.Found))

    /// softmax(query · keyᵀ / √width) · value, with dropout of the weights in training mode; where it is causal, each query sees
    /// the keys up to its own place.
    let scaledDotProductAttention (dropoutP: float) (isCausal: bool) (query: Sym) (key: Sym) (value: Sym) =
        require "scaled_dot_product_attention" "a probability" dropoutP (dropoutP >= 0.0 && dropoutP <= 1.0)
        product (ProductOp.Attention(dropoutP, isCausal)) [ query; key; value ]

    /// The same with a mask: booleans, true where a query sees a key, or numbers that are added before the softmax.
    let maskedAttention (dropoutP: float) (query: Sym) (key: Sym) (value: Sym) (attnMask: Sym) =
        require "scaled_dot_product_attention" "a probability" dropoutP (dropoutP >= 0.0 && dropoutP <= 1.0)
        product (ProductOp.Attention(dropoutP, false)) [ query; key; value; attnMask ]

    /// The cosine of the angle between vectors along a dimension.
    let cosineSimilarity dim (x: Sym) (y: Sym) = product (ProductOp.CosineSimilarity(dim, 1e-8)) [ x; y ]

    /// The distances of each point of x to each of y, by the p-norm.
    let cdist (p: float) (x: Sym) (y: Sym) = product (ProductOp.Cdist p) [ x; y ]

    // --- new tensors ---

    /// Zeros in the shape of x.
    let zerosLike x = unary UnaryOp.ZerosLike x

    /// Ones in the shape of x.
    let onesLike x = unary UnaryOp.OnesLike x

    /// One number everywhere in the shape of x.
    let fullLike (value: float) x = tuned (TunedOp.FullLike value) x

    /// Numbers of the uniform distribution over [0, 1) in the shape of x.
    let randLike x = unary UnaryOp.RandLike x

    /// Numbers of the standard normal distribution in the shape of x.
    let randnLike x = unary UnaryOp.RandnLike x

    /// Zeros, of the type of x and on its device.
    let inline newZeros sizes x = SizedOp.newZeros (toSizes sizes) x

    /// Ones, of the type of x and on its device.
    let inline newOnes sizes x = SizedOp.newOnes (toSizes sizes) x

    /// One number everywhere, of the type of x and on its device.
    let inline newFull sizes value x = SizedOp.newFull (toSizes sizes) value x

    /// Numbers of the uniform distribution over [0, 1), of the type of x and on its device.
    let inline rand sizes x = SizedOp.rand (toSizes sizes) x

    /// Numbers of the standard normal distribution, of the type of x and on its device.
    let inline randn sizes x = SizedOp.randn (toSizes sizes) x

    /// Whole numbers (int64) at random, of at least `low` and below `high`, on the device of x.
    let inline randint low high sizes x = SizedOp.randint low high (toSizes sizes) x

    /// Whole numbers (int64) from `start` to before `stop` by `step`, on the device of x.
    let inline arange start stop step x = SizedOp.arange (toSize start) (toSize stop) (toSize step) x

    /// So many numbers from `start` to `stop`, evenly spaced, of the type of x and on its device.
    let inline linspace start stop count x = SizedOp.linspace start stop (toSize count) x

    /// A matrix of so many rows and columns with ones on the diagonal, of the type of x and on its device.
    let inline eye rows columns x = SizedOp.eye (toSize rows) (toSize columns) x
