namespace Deeplay.Core

open System

/// When something was said, as counted by whoever said it. What travels inside a spec counts as said when that spec was
/// given, and among its like in the order it was said: so an order is a path of numbers, compared from the left.
[<Struct; CustomEquality; CustomComparison>]
type Order =
    private
    | Path of int list

    static member private Compare(a: int list, b: int list) =
        match a, b with
        | [], [] -> 0
        | [], _ -> -1
        | _, [] -> 1
        | x :: a, y :: b when x = y -> Order.Compare(a, b)
        | x :: _, y :: _ -> if x < y then -1 else 1

    /// Below 0 where this comes before the other, above 0 where it comes after.
    member this.CompareTo(Path other) =
        let (Path own) = this
        Order.Compare(own, other)

    override this.Equals other =
        match other with
        | :? Order as that -> this.CompareTo that = 0
        | _ -> false

    override this.GetHashCode() =
        let (Path own) = this
        hash own

    interface IComparable with
        member this.CompareTo other = this.CompareTo(other :?> Order)

    override this.ToString() =
        let (Path own) = this
        String.Join(".", own)

[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Order =
    /// Before everything.
    let start = Path []

    let private first = Path [ 0 ]

    // Most modules say few things, and there may be many modules.
    let private few = Array.init 32 (fun number -> Path [ number ])

    /// What is said as the `number`th thing, counted from 1.
    let step number = if number < few.Length then few[number] else Path [ number ]

    /// What comes with something, such as its arguments, and so before all that is said inside it.
    let within (Path outer) = if outer.IsEmpty then first else Path(outer @ [ 0 ])

    /// What was said at `inner`, inside of what was given at `outer`.
    let inside (Path outer) (Path inner) =
        match outer, inner with
        | [], _ -> Path inner
        | _, [] -> Path outer
        | _ -> Path(outer @ inner)

    /// The `number`th thing that is said inside of what was given at `outer`.
    let next (Path outer) number = if outer.IsEmpty then step number else Path(outer @ [ number ])

    /// The number of the step that said it, as the spec that was said it on counts.
    let number (Path path) = if path.IsEmpty then 0 else List.last path

    /// The number of the step, as the outermost spec counts.
    let outermost (Path path) = List.tryHead path |> Option.defaultValue 0

    // Copies count from the top of the numbers downwards; steps never come near.
    let private isOfCopy number = number > (1 <<< 30)

    /// For what a copy brings along: of each original its place, directly after what came with it and before what was said
    /// inside it next. `originals` are all that the copy brings; an earlier copy's come after those of this one.
    let ofCopy (originals: Order list) : Order -> Order =
        let mark =
            (Int32.MaxValue, originals)
            ||> List.fold (fun mark (Path path) -> path |> List.filter isOfCopy |> List.fold min mark)
            |> fun mark -> mark - 1

        fun (Path original) -> Path(original @ [ 0; mark ])
