namespace Deeplay.Torch

open Deeplay.Core
open Deeplay.Library

/// What saved specs may name.
[<RequireQualifiedAccess>]
module Registries =
    /// All of the library, and the initializers.
    let standard: Registry = Registry.union Library.registry Initializer.registry
