namespace Deeplay.FSharp

open Deeplay.Core

/// What a parameter or a buffer of a module's own starts from, by PyTorch's names and with its distributions.
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Initial =
    /// Zeros.
    let zeros = Initial.Constant 0.0

    /// Ones.
    let ones = Initial.Constant 1.0

    /// Sines and cosines of each position, by turns, that get slower along the last dimension: positional embeddings, with a
    /// position for each row. Source: Vaswani et al., 2017, Attention Is All You Need, section 3.5.
    let sinusoidal = Initial.Sinusoidal

    /// One number.
    let constant number = Initial.Constant number

    /// These numbers, one row after another.
    let numbers (numbers: float list) = Initial.Numbers numbers

    /// Ones on the diagonal of a matrix.
    let eye = Initial.Eye

    /// The normal distribution.
    let normal mean std = Initial.Normal(mean, std)

    /// The uniform distribution over [low, high).
    let uniform low high = Initial.Uniform(low, high)

    /// The normal distribution where it is between two bounds.
    let truncatedNormal mean std low high = Initial.TruncatedNormal(mean, std, low, high)

    /// Glorot's, uniform.
    let xavierUniform gain = Initial.Xavier(true, gain)

    /// Glorot's, normal.
    let xavierNormal gain = Initial.Xavier(false, gain)

    /// He's, uniform, for inputs (`fan_in`) and a leaky ReLU of slope `a`; `sqrt 5.0` is what a Linear starts from.
    let kaimingUniform a = Initial.Kaiming(true, a, "fan_in", "leaky_relu")

    /// He's, normal, for inputs (`fan_in`) and a leaky ReLU of slope `a`: 0 for a ReLU.
    let kaimingNormal a = Initial.Kaiming(false, a, "fan_in", "leaky_relu")

    /// A matrix with orthogonal rows, or columns where there are fewer.
    let orthogonal gain = Initial.Orthogonal gain
