namespace Deeplay.FSharp

open Deeplay.Core

/// What a size may be said by: a number, or what `Op.size` measures.
[<AbstractClass; Sealed>]
type SizeKey =
    static member ToSize(number: int) = SymInt.op_Implicit number
    static member ToSize(size: SymInt) = size

/// Sizes of either kind.
[<AutoOpen>]
module SizeConversion =
    /// What `toSize` overloads over.
    let inline sizeBy (_: ^W) (value: ^V) : SymInt = ((^W or ^V): (static member ToSize: ^V -> SymInt) value)

    /// A number, or what `Op.size` measures, as a size.
    let inline toSize (value: ^V) : SymInt = sizeBy Unchecked.defaultof<SizeKey> value

    /// The same of several.
    let inline toSizes (values: ^V list) : SymInt list = values |> List.map toSize

/// Operations that sizes are a part of, as `Op` has them for numbers and for measured sizes alike: there a size may be an
/// `int` too.
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module SizedOp =
    let private apply op (sizes: SymInt list) (x: Sym) =
        let expressions = sizes |> List.map (fun size -> size.Expression)

        for size in sizes do
            if not (isNull size.Tracer || isNull x.Tracer || obj.ReferenceEquals(size.Tracer, x.Tracer)) then
                Fail.with' (Malformed("forward pass", "sizes of this pass", "one of another pass"))

        Sym.RecordSized(Sized(op, expressions), [ x ], SizeExpr.registersOf expressions, 1)
        |> List.exactlyOne

    /// The same elements in another shape; one size may be -1, for whatever is left over.
    let reshape sizes x = apply SizedOp.Reshape sizes x

    /// One dimension made into several; one of their sizes may be -1.
    let unflatten dim sizes x = apply (SizedOp.Unflatten dim) sizes x

    /// Dimensions of size 1 made as large as is said, without copies; -1 leaves a size as it is. New dimensions come first.
    let expand sizes x = apply SizedOp.Expand sizes x

    /// The tensor so many times beside itself, along each dimension.
    let repeat sizes x = apply SizedOp.Repeat sizes x

    /// `length` elements of a dimension from `start` on.
    let narrow dim start length x = apply (SizedOp.Narrow dim) [ start; length ] x

    /// The elements of a dimension from `start` to before `stop`, every `step`-th one: Python's `start:stop:step`.
    let slice dim start stop step x =
        if step < 1 then Fail.with' (Malformed("slice", "a step of at least 1", string step))
        apply (SizedOp.Slice(dim, step)) [ start; stop ] x

    /// The elements of a dimension from `start` on, every `step`-th one: Python's `start::step`.
    let sliceFrom dim start step x =
        if step < 1 then Fail.with' (Malformed("slice", "a step of at least 1", string step))
        apply (SizedOp.SliceFrom(dim, step)) [ start ] x

    /// One slice along a dimension, which goes away.
    let select dim index x = apply (SizedOp.Select dim) [ index ] x

    /// Zeros, of the type of x and on its device.
    let newZeros sizes x = apply (SizedOp.NewFull 0.0) sizes x

    /// Ones, of the type of x and on its device.
    let newOnes sizes x = apply (SizedOp.NewFull 1.0) sizes x

    /// One number everywhere, of the type of x and on its device.
    let newFull sizes (value: float) x = apply (SizedOp.NewFull value) sizes x

    /// Numbers of the uniform distribution over [0, 1), of the type of x and on its device.
    let rand sizes x = apply SizedOp.Rand sizes x

    /// Numbers of the standard normal distribution, of the type of x and on its device.
    let randn sizes x = apply SizedOp.Randn sizes x

    /// Whole numbers (int64) at random, of at least `low` and below `high`, on the device of x.
    let randint low high sizes x =
        if low >= high then Fail.with' (Malformed("randint", $"an upper bound above {low}", string high))
        apply (SizedOp.Randint(low, high)) sizes x

    /// Whole numbers (int64) from `start` to before `stop` by `step`, on the device of x.
    let arange start stop step x = apply SizedOp.Arange [ start; stop; step ] x

    /// So many numbers from `start` to `stop`, evenly spaced, of the type of x and on its device.
    let linspace (start: float) (stop: float) count x = apply (SizedOp.Linspace(start, stop)) [ count ] x

    /// A matrix of so many rows and columns with ones on the diagonal, of the type of x and on its device.
    let eye rows columns x = apply SizedOp.Eye [ rows; columns ] x

    /// An image of other spatial sizes: one for all, or one for each. The mode is one of `nearest`, `nearest-exact`, `area`,
    /// `linear`, `bilinear`, `trilinear` and `bicubic`; `alignCorners` is for the last four.
    let interpolate sizes (mode: string) (alignCorners: bool) x =
        apply (SizedOp.Resize(Modes.interpolation mode alignCorners)) sizes x
