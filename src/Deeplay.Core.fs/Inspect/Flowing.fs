namespace Deeplay.Core

/// What is known of a tensor before it exists: its shape, and what sort of numbers it holds.
[<Struct>]
type internal Foreseen = { Shape: Shape; Kind: ElementKind }

/// What flows between modules while a pass is foreseen: a tensor, or several with names.
type internal Flowing =
    | One of Foreseen
    | Several of Map<string, Foreseen>

    /// As its shapes are written.
    override this.ToString() = string (Flowing.carried this)

    /// Its shapes.
    static member carried(flowing: Flowing) : Carried =
        match flowing with
        | One one -> Tensor one.Shape
        | Several named -> named |> Map.map (fun _ one -> one.Shape) |> Tensors

    /// Of some shape, and of some kind of numbers.
    static member ofKind kind shape : Flowing = One { Shape = shape; Kind = kind }

    /// Of some shape, whatever numbers it holds.
    static member ofShape(shape: Shape) : Flowing = Flowing.ofKind ElementKind.Unknown shape

    /// Named ones of these shapes, with the kinds of their numbers as far as these are known.
    static member named (shapes: Map<string, Shape>) (kinds: Map<string, ElementKind>) : Flowing =
        let kind key = kinds.TryFind key |> Option.defaultValue ElementKind.Unknown
        shapes |> Map.map (fun key shape -> { Shape = shape; Kind = kind key }) |> Several

    /// Of these shapes, whatever numbers they hold.
    static member ofCarried(carried: Carried) : Flowing =
        match carried with
        | Tensor shape -> Flowing.ofShape shape
        | Tensors named -> Flowing.named named Map.empty
