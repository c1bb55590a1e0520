namespace Deeplay.Torch

open System
open Deeplay.Core
open TorchSharp

/// Reading a layer's resolved arguments as TorchSharp's factories take them, by the typed keys of its definition.
module internal Read =
    /// Refuses an argument that TorchSharp can't honour: what was expected, against what it is.
    let refuse (a: Arguments) (key: Param) expected =
        Fail.with' (WrongValue(a.Tag, a.Kind, key.Name, expected, Value.print a[key.Name]))

    let int (a: Arguments) (key: Param<int>) : int64 = int64 (a.Get key)

    let private spread rank (sizes: int list) =
        match sizes with
        | [ one ] -> Array.replicate rank (int64 one)
        | several -> several |> List.map int64 |> Array.ofList

    /// One number for each of `rank` dimensions, where one for all may have been given.
    let dims rank (a: Arguments) (key: Param<int list>) : int64[] = spread rank (a.Get key)

    /// The same; null where the argument is null.
    let dimsOrNull rank (a: Arguments) (key: Param<int list>) : int64[] =
        a.TryGet key |> Option.map (spread rank) |> Option.toObj

    /// A whole number; null where the argument is null.
    let intOrNull (a: Arguments) (key: Param<int>) : Nullable<int64> =
        a.TryGet key |> Option.map int64 |> Option.toNullable

    /// One of several names, which are those of an enum of TorchSharp without regard to case and hyphens.
    let oneOf<'Enum when 'Enum: struct and 'Enum: (new: unit -> 'Enum) and 'Enum :> ValueType> (name: string) =
        Enum.Parse<'Enum>(name.Replace("-", ""), true)

    let pair (numbers: int64[]) = struct (numbers[0], numbers[1])

    let triple (numbers: int64[]) = struct (numbers[0], numbers[1], numbers[2])

/// What PyTorch checks in Python before a layer runs, and TorchSharp leaves out.
module internal Checked =
    /// Stops with what a layer expects of an input.
    let stop (a: Arguments) expected (input: Tensor) =
        Fail.with' (WrongShape(a.Tag, a.Kind, expected, string (Shape.known input.shape)))

    /// The module, whose every input is looked at before anything is touched. The check should cost no more than to
    /// compare sizes.
    let input (check: Tensor -> unit) (target: torch.nn.Module<Tensor, Tensor>) : torch.nn.Module =
        target.register_forward_pre_hook (
            Func<_, _, _>(fun _ x ->
                check x
                x)
        )
        |> ignore

        target

    /// The same where there is something to be looked at.
    let inputs (target: torch.nn.Module<Tensor, Tensor>) (check: (Tensor -> unit) option) : torch.nn.Module =
        match check with
        | Some check -> input check target
        | None -> target

/// One row of a table of lowerings.
[<AutoOpen>]
module internal Row =
    /// A definition, and how its modules are made.
    let row (definition: Definition) (make: Arguments -> #torch.nn.Module) =
        definition, (fun arguments -> make arguments :> torch.nn.Module)

/// A layer that has the weight and the bias of TorchSharp's module (or neither), and another forward pass: a function of
/// an input and these.
[<Sealed>]
type internal WeightedLayer
    (name: string, made: torch.nn.Module<Tensor, Tensor>, f: Tensor -> Tensor -> Tensor -> Tensor) as this =
    inherit torch.nn.Module<torch.Tensor, torch.Tensor>(name)

    // In a list, for TorchSharp registers the modules that it finds in fields. Kept as long as this module lives: when the
    // module of TorchSharp is collected, it takes the parameters along.
    let kept = [ made ]

    do
        for struct (name, parameter) in made.named_parameters () do
            this.register_parameter (name, parameter)

    // Looked up, since moving to another device puts others in their place.
    override this.forward input =
        let output = f input (this.get_parameter "weight") (this.get_parameter "bias")

        GC.KeepAlive kept
        output
