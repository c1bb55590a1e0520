namespace Deeplay.Core

/// What a parameter takes.
type ParameterType =
    | BoolType
    | IntType
    /// Whole numbers are taken too.
    | FloatType
    | TextType
    | OneOf of string list
    | ListOf of ParameterType
    /// One number, or one for each dimension, as in `kernel_size`.
    | IntOrInts
    | ModuleType
    | FunctionType
    /// The type, or null: "nothing, on purpose".
    | OrNull of ParameterType
    | AnyType

/// Where a child is put among those that are there.
type Position =
    | First
    | Last
    | After of string
    | Before of string
