using System.Diagnostics.CodeAnalysis;

namespace Deeplay;

/// <summary>The few F# types that the core's functions take, which never get into a public signature, and what is refused
/// at the face's own door.</summary>
internal static class Interop
{
    public static FSharpList<T> List<T>(IEnumerable<T> items) => ListModule.OfSeq(items);

    public static FSharpOption<T>? Option<T>(T? value)
        where T : class => value is null ? null : FSharpOption<T>.Some(value);

    public static FSharpOption<T>? Option<T>(T? value)
        where T : struct => value is { } given ? FSharpOption<T>.Some(given) : null;

    public static FSharpFunc<A, B> Fun<A, B>(Func<A, B> function) => FuncConvert.FromFunc(function);

    public static FSharpFunc<A, FSharpFunc<B, C>> Fun<A, B, C>(Func<A, B, C> function) =>
        FuncConvert.FromFunc(function);

    public static FSharpFunc<A, FSharpFunc<B, Unit>> Act<A, B>(Action<A, B> action) =>
        FuncConvert.FromAction(action);

    /// <summary>What a caller had to give: null is refused under the name of the parameter.</summary>
    public static T Given<T>(
        [NotNull] this T? value,
        [CallerArgumentExpression(nameof(value))] string name = ""
    )
        where T : class => value ?? throw new ArgumentNullException(name);

    /// <summary>What a program's function had to give: null is a typed error.</summary>
    public static T Gave<T>([NotNull] this T? value) =>
        value ?? throw Malformed("a function of the program", $"a {typeof(T).Name.Split('`')[0]}", "null");

    public static Exception Malformed(string path, string expected, string found) =>
        Failure(Core.Error.NewMalformed(path, expected, found));

    /// <summary>The exception that carries one typed error.</summary>
    public static Exception Failure(Core.Error error) => Core.Fail.exceptionOf(List([error]));
}
