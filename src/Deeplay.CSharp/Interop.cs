using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace Deeplay;

/// <summary>The few F# types that the core's functions take. None of them gets into a public signature.</summary>
internal static class Interop
{
    public static FSharpList<T> List<T>(IEnumerable<T> items) => ListModule.OfSeq(items);

    public static FSharpMap<string, T> Map<T>(IEnumerable<KeyValuePair<string, T>> items) =>
        MapModule.OfSeq(items.Select(item => Tuple.Create(item.Key, item.Value)));

    public static FSharpFunc<A, B> Fun<A, B>(Func<A, B> function) => FuncConvert.FromFunc(function);

    public static FSharpFunc<A, FSharpFunc<B, C>> Fun<A, B, C>(Func<A, B, C> function) =>
        FuncConvert.FromFunc(function);

    public static FSharpFunc<A, FSharpFunc<B, Unit>> Act<A, B>(Action<A, B> action) =>
        FuncConvert.FromAction(action);

    public static T? OrNull<T>(FSharpOption<T>? option)
        where T : class => option?.Value;

    /// <summary>The place of a user's program that a change is recorded with: the file's name alone, for its path tells
    /// whoever gets a saved spec about the machine it was compiled on.</summary>
    public static FSharpOption<Core.Location>? At(string file, int line) =>
        string.IsNullOrEmpty(file)
            ? null
            : FSharpOption<Core.Location>.Some(new Core.Location(NameOf(file), line));

    // Whatever system compiled it.
    private static string NameOf(string file) => file[(file.LastIndexOfAny(['/', '\\']) + 1)..];

    /// <summary>Runs the core's code; its typed errors come out as <see cref="DeeplayException"/>.</summary>
    public static T Run<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Core.SpecException failure)
        {
            throw new DeeplayException(failure);
        }
    }

    /// <summary>Runs a user's code inside the core, which knows its own exception alone.</summary>
    public static T Inside<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (DeeplayException failure) when (failure.InnerException is Core.SpecException inner)
        {
            throw new Core.SpecException(inner.errors);
        }
    }

    /// <summary>What a caller had to give: null is refused under the name of the parameter.</summary>
    public static T Given<T>(
        [NotNull] this T? value,
        [CallerArgumentExpression(nameof(value))] string name = ""
    )
        where T : class => value ?? throw new ArgumentNullException(name);

    /// <summary>What a user's function inside the core had to give: null is a typed error.</summary>
    public static T Gave<T>([NotNull] this T? value)
        where T : class =>
        value
        ?? throw new Core.SpecException(
            List([
                Core.Error.NewMalformed(
                    "a function of the program",
                    $"a {typeof(T).Name.Split('`')[0]}",
                    "null"
                ),
            ])
        );

    /// <summary>Stops with one typed error.</summary>
    public static DeeplayException Failure(Core.Error error) =>
        new DeeplayException(new Core.SpecException(List([error])));
}
