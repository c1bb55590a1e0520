namespace Deeplay.Torch

open System
open TorchSharp

/// Numbers that go to libtorch and come from it. TorchSharp does not keep a `Scalar` alive while libtorch reads it: one that
/// is collected meanwhile, as other threads make garbage, is an error of libtorch or ends the process. So whoever has one
/// holds it, by `use` or by what is here, and members of TorchSharp that make one themselves are not called: not even
/// `add` of two tensors, which makes the 1 that the second is multiplied by.
module internal Numbers =
    /// A whole number.
    let whole (number: int64) : Scalar = Scalar.op_Implicit number

    /// A number.
    let real (number: float) : Scalar = Scalar.op_Implicit number

    /// 1, as long as the program runs.
    let one = whole 1L

    /// The sum of two tensors.
    let add (x: torch.Tensor) (y: torch.Tensor) : torch.Tensor = x.add (y, one)

    /// Adds the second tensor to the first, in place.
    let addTo (x: torch.Tensor) (y: torch.Tensor) : unit = x.add_ (y, one) |> ignore

    /// Counts one more, in place.
    let addOne (x: torch.Tensor) : unit = x.add_ (one, one) |> ignore

    /// The tensor, a number more.
    let plus (number: Scalar) (x: torch.Tensor) : torch.Tensor = x.add (number, one)

    /// A function of a number and a tensor, as one of the tensor alone: the number lives as long as it.
    let given (number: float) (f: Scalar -> torch.Tensor -> torch.Tensor) : torch.Tensor -> torch.Tensor =
        let held = real number

        fun x ->
            let y = f held x
            GC.KeepAlive held
            y

    /// The same of two numbers.
    let givenTwo first second (f: Scalar -> Scalar -> torch.Tensor -> torch.Tensor) : torch.Tensor -> torch.Tensor =
        let held = real first

        given second (fun second x ->
            let y = f held second x
            GC.KeepAlive held
            y)

    /// The number that is in a tensor of one.
    let read (tensor: torch.Tensor) : float =
        use number = tensor.ToScalar()
        number.ToDouble()
