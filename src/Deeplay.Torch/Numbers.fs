namespace Deeplay.Torch

open TorchSharp

/// Numbers that go to libtorch and come from it. TorchSharp does not keep a `Scalar` alive while libtorch reads it: one that
/// is collected meanwhile, as other threads make garbage, is an error of libtorch or ends the process. So whoever has one
/// holds it by `use`.
module internal Numbers =
    /// A whole number.
    let whole (number: int64) : Scalar = Scalar.op_Implicit number

    /// A number.
    let real (number: float) : Scalar = Scalar.op_Implicit number

    /// The number that is in a tensor of one.
    let read (tensor: torch.Tensor) : float =
        use number = tensor.ToScalar()
        number.ToDouble()
