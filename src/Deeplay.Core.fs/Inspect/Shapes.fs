namespace Deeplay.Core

/// What comes out of a spec for inputs of given shapes, without building it. Errors are raised.
[<RequireQualifiedAccess>]
module Shapes =
    let private wrong expected (spec: ModuleSpec) (outputs: Carried list) =
        let found = outputs |> List.map string |> String.concat ", "
        Fail.with' (WrongShape(Tag.root, spec.Definition.Id, expected, found))

    let private known (spec: ModuleSpec) (carried: Carried) =
        match carried with
        | Tensor shape when (Shape.tryKnown shape).IsSome -> (Shape.tryKnown shape).Value
        | other -> wrong "outputs of known shape" spec [ other ]

    let private sizes (spec: ModuleSpec) (shape: int64 list) =
        let shape' = Shape.known shape

        if List.exists (fun size -> size < 0L) shape then
            Fail.with' (WrongShape(Tag.root, spec.Definition.Id, "sizes of at least 0", string shape'))

        shape'

    /// Inputs of these shapes; a size below 0 is an error.
    let internal ofInputs spec (inputs: int64 list list) : Shape list = inputs |> List.map (sizes spec)

    /// Named tensors of these shapes as the only input; a size below 0 is an error.
    let internal ofNamed spec (inputs: (string * int64 list) list) : Map<string, Shape> =
        Map.ofList [ for key, shape in inputs -> key, sizes spec shape ]

    let private plain spec inputs = ofInputs spec inputs |> List.map Tensor
    let private byKey spec inputs = [ Tensors(ofNamed spec inputs) ]

    let private carry inputs (spec: ModuleSpec) = (Construct.root spec |> Infer.carry inputs |> Fail.unwrap).Outputs

    /// The shapes that come out, in order, for inputs of these shapes, batch included.
    let outputs (inputs: int64 list list) (spec: ModuleSpec) : int64 list list =
        carry (plain spec inputs) spec |> List.map (known spec)

    /// The shape that comes out for an input of this shape, batch included.
    let output (input: int64 list) (spec: ModuleSpec) : int64 list =
        match carry (plain spec [ input ]) spec with
        | [ Tensor _ as only ] -> known spec only
        | outputs -> wrong "one output of known shape" spec outputs

    /// The shapes that come out for named tensors of these shapes, batch included; an output without a name is under "".
    let named (inputs: (string * int64 list) list) (spec: ModuleSpec) : Map<string, int64 list> =
        match carry (byKey spec inputs) spec with
        | [ Tensors named ] -> named |> Map.map (fun _ shape -> known spec (Tensor shape))
        | [ only ] -> Map.ofList [ "", known spec only ]
        | outputs -> wrong "one output, or named ones" spec outputs

    /// A table of the modules with shapes and numbers of parameters, for inputs of these shapes, batch included.
    let summary (inputs: int64 list list) (spec: ModuleSpec) : Summary =
        Construct.root spec |> Summary.ofTree (plain spec inputs) |> Fail.unwrap

    /// `summary` for a module that takes named tensors.
    let summaryNamed (inputs: (string * int64 list) list) (spec: ModuleSpec) : Summary =
        Construct.root spec |> Summary.ofTree (byKey spec inputs) |> Fail.unwrap
