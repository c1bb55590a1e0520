namespace Deeplay.Core

/// What of a module settings may be about, besides its parameters.
[<RequireQualifiedAccess>]
module internal Aspects =
    /// Another kind of module, or another module, in its place.
    let kind = Aspect "kind"

    /// Actions that run at a stage of its life.
    let hooks = Aspect "hooks"

    /// Which named tensors it takes.
    let inputs = Aspect "inputs"

    /// Which named tensors it gives.
    let outputs = Aspect "outputs"
