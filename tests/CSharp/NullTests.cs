using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;
using TorchSharp;

namespace Deeplay.Tests;

/// <summary>Null where something must be given: refused by name, whatever the method.</summary>
[Collection("torch")]
public sealed class NullTests : IDisposable
{
    private sealed record Width(int Features);

    private sealed class Items : torch.utils.data.Dataset
    {
        public override long Count => 1;

        public override Dictionary<string, torch.Tensor> GetTensor(long index) =>
            new() { ["x"] = torch.zeros(1), ["y"] = torch.zeros(1) };
    }

    private readonly Dataset data = new(torch.zeros(4, 3), torch.zeros(4, torch.int64));
    private readonly Application trained;
    private readonly List<object> samples;

    public NullTests()
    {
        var typed = Module.Define<Width>("Typed", (m, a) => m.Child("layer", Layers.Linear(a.Features, 2)));
        TrainingRun? run = null;
        Batch? batch = null;
        trained = Applications
            .Classifier(Layers.Linear(3, 2))
            .Fit(
                data,
                maxEpochs: 1,
                callbacks: [Callback.OnBatchEnd((seen, last) => (run, batch) = (seen, last))],
                device: "cpu"
            );
        StepContext? step = null;
        var own = Module
            .Define("Learning")
            .Application(m =>
            {
                m.Child("layer", Layers.Linear(3, 2));
                m.Child("optimizer", Optimizers.Adam());
            });
        var options = new FitOptions
        {
            MaxEpochs = 1,
            Build = new()
            {
                Device = "cpu",
                Lowerings = Lowerings.Standard.AddTraining(own, seen => step = seen),
            },
        };
        own.Create().Fit(data, options).Dispose();
        var linear = Layers.Linear(3, 4);
        samples =
        [
            typed,
            typed.Create(new(3)),
            new Width(3),
            linear,
            linear.Select("..."),
            linear.Tree,
            linear.Tree.Arguments,
            linear.Tape,
            linear.Explain("bias"),
            Diff.Between(linear, linear),
            linear.Summarize(1, 3),
            new Shape(1, 2),
            Registry.Standard.Definitions["Linear"],
            Registry.Standard.Definitions["Linear"].Example!,
            ExampleInput.Tensor(1),
            Registry.Standard,
            Lowerings.Standard,
            Module.Define("Own"),
            Module.Define("Layer"),
            Module.Define<Width>("Layer"),
            new Parameter<long>("width"),
            new TensorFunction("same", (Sym x) => x),
            ModuleAction.AfterInit("nothing", (_, _) => { }),
            new BuildOptions(),
            NameMap.Empty,
            new StateDictLoadOptions(),
            new StateDictSaveOptions(),
            torch.nn.Linear(1, 1),
            (Segment)"...",
            new Logs(),
            data,
            trained,
            trained.History,
            trained.Optimizer,
            new FitOptions(),
            new EarlyStopping(),
            new ModelCheckpoint("models"),
            new CsvLogger("logs"),
            new TensorBoardLogger("logs"),
            new LearningRateMonitor(),
            new ProgressBar(),
            Plot.PredictionError(torch.zeros(1), torch.zeros(1)),
            new RunPage(),
            Sampler.DDPM,
            new Watcher(),
            run!,
            batch!,
            step!,
            torch.zeros(1),
            Inputs.Several(torch.zeros(1)),
            torch.CPU,
            new float[1, 1],
            new Categories("a", "b"),
            Vocabulary.OfText("ab"),
            new GenerationOptions(),
            new DetectionOptions(),
            Column.Index("a"),
            Standardization.OfInputs(data),
            new CsvOptions(),
            new PadOptions(),
            Csv.Read(Sample.Digits, [Column.Number("0")], new CsvOptions { HasHeader = false }),
            new torch.Generator(0),
            new Items(),
        ];
        _ = Module
            .Define("Seen")
            .Init(m =>
            {
                var child = m.Child("layer", Layers.Linear(3, 4));
                return m.Forward(x =>
                {
                    samples.AddRange([m, child, x, x.Size(0), Initial.Zeros]);
                    return child.Call(x);
                });
            })
            .Create()
            .Tags;
    }

    public void Dispose() => samples.OfType<IDisposable>().ToList().ForEach(sample => sample.Dispose());

    private static readonly HashSet<string> Edits =
    [
        .. Registry
            .Standard.Definitions.Values.SelectMany(kind => kind.Methods.Concat(kind.Styles))
            .Select(method => method.Id.Replace("_", "", StringComparison.Ordinal)),
    ];

    private static bool IsEdit(MethodBase method) =>
        method.DeclaringType == typeof(Editable) && Edits.Contains(method.Name.ToLowerInvariant());

    private static Type Closed(Type type) =>
        !type.IsGenericTypeDefinition
            ? type
            : type.MakeGenericType(type == typeof(Parameter<>) ? typeof(long) : typeof(Width));

    private static MethodBase Closed(MethodBase method) =>
        method is MethodInfo { IsGenericMethodDefinition: true } open
            ? open.MakeGenericMethod([
                .. open.GetGenericArguments()
                    .Select(argument =>
                        argument.GetGenericParameterConstraints() is [var constraint]
                        && constraint != typeof(ValueType)
                            ? constraint
                        : TakesRecord(open) ? typeof(Width)
                        : typeof(long)
                    ),
            ])
            : method;

    private static bool TakesRecord(MethodInfo method) =>
        method.Name.StartsWith(nameof(Module.Define), StringComparison.Ordinal)
        || method
            .GetParameters()
            .Any(parameter => parameter.ParameterType.Name == typeof(ModuleDefinition<>).Name);

    private static IEnumerable<MethodBase> Methods() =>
        from type in typeof(ModuleSpec)
            .Assembly.GetExportedTypes()
            .Concat(typeof(Picture).Assembly.GetExportedTypes())
        // Their bodies are generated: null is no argument to them, and the core says what is missing.
        where !FactoryTests.Factories.Contains(type) && !type.IsEnum
        from method in Closed(type)
            .GetMembers(
                BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly
            )
            .OfType<MethodBase>()
        where !method.IsDefined(typeof(CompilerGeneratedAttribute)) && !method.IsAbstract
        // What was found comes as records of mere data.
        where method is not ConstructorInfo || type.GetMethod("<Clone>$") is null
        select Closed(method);

    private static bool IsTaken(ParameterInfo parameter) =>
        !parameter.ParameterType.IsValueType
        && !parameter.IsDefined(typeof(CallerFilePathAttribute))
        && new NullabilityInfoContext().Create(parameter).WriteState == NullabilityState.NotNull;

    private object? Value(ParameterInfo parameter) =>
        parameter.HasDefaultValue ? parameter.DefaultValue : Value(parameter.ParameterType);

    private object? Value(Type type) =>
        samples.FirstOrDefault(type.IsInstanceOfType) is { } sample && type != typeof(object) ? sample
        : type == typeof(string) ? "layer"
        : type == typeof(object) ? "layer"
        : type.IsArray ? Array.CreateInstance(type.GetElementType()!, 0)
        : typeof(LambdaExpression).IsAssignableFrom(type) ? Lambda(type.GetGenericArguments()[0])
        : typeof(Delegate).IsAssignableFrom(type) ? Lambda(type).Compile()
        : type.IsGenericType && type.IsInterface && type.GetGenericArguments() is [var item]
            ? Array.CreateInstance(item, 0)
        : type.IsGenericType && type.IsInterface
            ? Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(type.GetGenericArguments()))
        : type.IsValueType ? Activator.CreateInstance(type)
        : throw new NotSupportedException($"No value of type {type}.");

    private static LambdaExpression Lambda(Type type)
    {
        var invoke = type.GetMethod("Invoke")!;
        return Expression.Lambda(
            type,
            Expression.Default(invoke.ReturnType),
            invoke.GetParameters().Select(parameter => Expression.Parameter(parameter.ParameterType))
        );
    }

    // What comes of null for one parameter; the right exception is nothing to tell.
    private string? Outcome(MethodBase method, ParameterInfo parameter)
    {
        var arguments = method
            .GetParameters()
            .Select(p => p.Position == parameter.Position ? null : Value(p));
        var target = method.IsStatic || method is ConstructorInfo ? null : Value(method.DeclaringType!);
        try
        {
            _ = method is ConstructorInfo constructor
                ? constructor.Invoke([.. arguments])
                : method.Invoke(target, [.. arguments]);
            return "nothing";
        }
        catch (TargetInvocationException failure)
        {
            return failure.InnerException switch
            {
                ArgumentNullException refused when refused.ParamName == parameter.Name => null,
                DeeplayException when IsEdit(method) => null,
                var other => $"{other!.GetType().Name}: {other.Message}",
            };
        }
    }

    [Fact]
    public void Null_is_refused_under_the_name_of_the_parameter()
    {
        var taken = (
            from method in Methods()
            from parameter in method.GetParameters()
            where IsTaken(parameter)
            select (method, parameter)
        ).ToList();
        string[] wrong =
        [
            .. from pair in taken
            let outcome = Outcome(pair.method, pair.parameter)
            where outcome is not null
            select $"{pair.method.DeclaringType!.Name}.{pair.method.Name}({pair.parameter.Name}): {outcome}",
        ];

        Assert.True(taken.Count > 150, $"The test looks at {taken.Count} parameters alone.");
        Assert.True(wrong.Length == 0, string.Join("\n", wrong));
    }

    [Fact]
    public void Null_among_keys_is_refused_under_the_name_of_the_parameter()
    {
        Assert.Throws<ArgumentNullException>("keys", () => Layers.ReLU().InputsFrom([null!]));
        Assert.Throws<ArgumentNullException>("keys", () => Layers.ReLU().OutputsTo(["x", null!]));
    }

    // What they give is a spec, which says what is missing when it is constructed at the latest.
    [Fact]
    public void Null_for_what_a_factory_needs_is_never_a_bare_exception()
    {
        string[] wrong =
        [
            .. from type in FactoryTests.Factories
            from method in type.GetMethods(BindingFlags.Public | BindingFlags.Static)
            from parameter in method.GetParameters()
            where IsTaken(parameter)
            let outcome = Outcome(method, parameter)
            where
                outcome?.Split(':')[0]
                    is not (null or "nothing" or nameof(DeeplayException) or nameof(ArgumentNullException))
            select $"{method.Name}({parameter.Name}): {outcome}",
        ];

        Assert.True(wrong.Length == 0, string.Join("\n", wrong));
    }

    [Fact]
    public void Null_from_a_function_of_the_program_is_a_typed_error()
    {
        var linear = Registry.Standard.Definitions["Linear"];
        var layer = Module.Define("Nothing");
        var nothing = layer.SameShape();
        var lowerings = Lowerings.Standard.Add(nothing, _ => null!);
        Func<object?>[] works =
        [
            () => Module.Define("Own").Init(m => m.Forward(x => null!)).Create().Tags,
            () => Module.Define("Own").Init(m => m.ForwardMany(["x"], _ => null!)).Create().Tags,
            () => linear.WithFinish(_ => null!).Create(new { out_features = 1 }).Tags,
            () => linear.WithResolvedArguments(_ => null!).Create(new { out_features = 1 }).Tags,
            () => linear.WithPreparedArguments(_ => null!).Create(new { out_features = 1 }).Tags,
            () => Layers.ReLU().Group("nothing", _ => null!),
            () => Layers.ReLU().BeforeBuild("nothing", _ => null!).Build("cpu"),
            () => Layers.Lambda(new TensorFunction("nothing", (Sym _) => null!)).Build("cpu"),
            () => layer.Shape((_, _) => null!).Create().InferShape(1),
            () => nothing.Create().Build(new() { Device = "cpu", Lowerings = lowerings }),
        ];

        Assert.All(works, work => Assert.Equal("null", Sample.Failure(work).Errors[0].Found));
    }

    [Fact]
    public void A_prediction_for_a_scalar_is_a_typed_error()
    {
        using var scalar = torch.tensor(1f);
        var failure = Sample.Failure(() => trained.Predict(scalar));

        Assert.Equal((ErrorKind.WrongValue, "()"), (failure.Kind, failure.Errors[0].Found));
    }
}
