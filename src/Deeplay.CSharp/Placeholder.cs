namespace Deeplay;

internal static class Placeholder;
