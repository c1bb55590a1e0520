namespace Deeplay.Core

open System

/// The children of one module as they are made one after the other: where one would be the one before but for the tags, it is
/// its twin, and nothing is constructed. `above` is the tag of the module.
[<Sealed>]
type internal Twins(above: Tag) =
    // The last one that was made, and whether it can have twins, once somebody needs to know.
    let mutable last = Unchecked.defaultof<Node>
    let mutable canHaveTwins = ValueNone

    let lastCanHaveTwins () =
        if canHaveTwins.IsNone then canHaveTwins <- ValueSome(Nodes.canHaveTwins last)
        canHaveTwins.Value

    /// The child under a name, of a spec of which `outer` is said, where it is a twin of the last one that was made.
    member _.Find(name, spec: ModuleSpec, outer) : Child voption =
        if
            not (isNull (box last))
            && Object.ReferenceEquals(last.Attachment.Spec, spec)
            && Scopes.same last.Particulars.Outer outer
            && lastCanHaveTwins ()
        then
            ValueSome(Child(Twin(Child last, above, name)))
        else
            ValueNone

    /// The child that was made, of which those that follow may be twins.
    member _.Add(child: Node) : Child =
        last <- child
        canHaveTwins <- ValueNone
        Child child
