namespace Deeplay.Library

open System

/// Says of a module or type that holds definitions in which group of factories they are, where their kind does not say it.
/// Whatever says nothing is among the components: nothing is left out.
[<Sealed; AttributeUsage(AttributeTargets.Class)>]
type internal GroupAttribute(name: string) =
    inherit Attribute()
    member _.Name = name
