namespace Deeplay;

/// <summary>One part of a selector, or several written as text. Made from a text (<c>"encoder|decoder"</c>,
/// <c>".../layer#0"</c>), a place (<c>0</c>, <c>^1</c>) or a range of places (<c>..^1</c>).</summary>
public sealed class Segment
{
    private Segment(Core.Segment part) => Parts = [part];

    private Segment(IReadOnlyList<Core.Segment> parts) => Parts = parts;

    internal IReadOnlyList<Core.Segment> Parts { get; }

    internal static Segment AnyDepth { get; } = new(Core.Segment.NewAnyDepth(Interop.List<Core.Filter>([])));

    /// <summary>A selector, or a part of one, as text.</summary>
    public static implicit operator Segment(string text) => new([.. Core.SelectorText.parse(text.Given())]);

    /// <summary>The parts of a whole selector.</summary>
    internal static FSharpList<Core.Segment> All(Segment[] selector) =>
        Interop.List(selector.Given().SelectMany(segment => segment.Given().Parts));

    /// <summary>The child at a place; negative from the end.</summary>
    public static implicit operator Segment(int place) => new(Part(Core.Pick.NewAt(place)));

    /// <summary>The child at a place.</summary>
    public static implicit operator Segment(Index place) =>
        // ^0 is behind the last: no child is there.
        place is { IsFromEnd: true, Value: 0 }
            ? (Segment)int.MaxValue
        : place.IsFromEnd ? -place.Value
        : place.Value;

    /// <summary>The children in a range of places.</summary>
    public static implicit operator Segment(Range places) =>
        new(Part(Core.Pick.NewBetween(new Core.Slice(Bound(places.Start), Bound(places.End), null))));

    /// <summary>As it is written in a selector.</summary>
    public override string ToString() => Core.SelectorModule.print(Interop.List(Parts));

    private static FSharpOption<int>? Bound(Index bound) =>
        bound switch
        {
            { IsFromEnd: false } => FSharpOption<int>.Some(bound.Value),
            { Value: 0 } => FSharpOption<int>.Some(int.MaxValue),
            _ => FSharpOption<int>.Some(-bound.Value),
        };

    private static Core.Segment Part(Core.Pick pick) =>
        Core.Segment.NewOneFrom(
            Interop.List([new Core.Choice(Interop.List([pick]), Interop.List<Core.Filter>([]), null)])
        );
}
