namespace Deeplay;

/// <summary>Parts of selectors that have no text of their own; meant for <c>using static Deeplay.Selector</c>.</summary>
public static class Selector
{
    /// <summary>Any depth: the module itself and everything below it, written <c>...</c> in text.</summary>
    public static Segment Any => Segment.AnyDepth;
}
