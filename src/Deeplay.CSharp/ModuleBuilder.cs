namespace Deeplay;

/// <summary>What an <c>Init</c> or an after-init action works with: the module while it is being constructed.</summary>
public sealed class ModuleBuilder
{
    private readonly Core.Builder core;

    internal ModuleBuilder(Core.Builder core) => this.core = core;

    /// <summary>The tag of the module; empty for the root.</summary>
    public string Tag => core.Tag.ToString();

    /// <summary>The id of its kind.</summary>
    public string Kind => core.Definition.Id;

    /// <summary>Its resolved arguments.</summary>
    public ModuleArguments Arguments => new(core.Arguments);

    /// <summary>The names of its children so far, in order.</summary>
    public IReadOnlyList<string> Children => [.. core.Children];

    /// <inheritdoc cref="ModuleArguments.Get{T}(string)"/>
    public T Get<T>(string name) => Arguments.Get<T>(name);

    /// <inheritdoc cref="ModuleArguments.Get{T}(Parameter{T})"/>
    public T Get<T>(Parameter<T> key) => Arguments.Get(key);

    /// <inheritdoc cref="ModuleArguments.GetOrDefault{T}"/>
    public T? GetOrDefault<T>(string name) => Arguments.GetOrDefault<T>(name);

    /// <summary>An argument as a size: for <see cref="LazyParameter"/>, <see cref="LazyBuffer"/>, and sizes in the forward pass. Where it
    /// is not set yet, it is what is inferred before the module is built (<see cref="DefinitionBuilder.Infer"/>).</summary>
    public SymInt Size(string name) => new(Core.ArgumentsModule.size(name.Given(), core.Arguments));

    /// <inheritdoc cref="Size(string)"/>
    public SymInt Size(Parameter<int> key) => Size(key.Given().Name);

    /// <summary>Attaches a module as a child: after all others, or where <paramref name="after"/> or
    /// <paramref name="before"/> says.</summary>
    public Child Child(string name, ModuleSpec module, string? after = null, string? before = null)
    {
        var position =
            after is not null ? Core.Position.NewAfter(after)
            : before is not null ? Core.Position.NewBefore(before)
            : Core.Position.Last;
        core.Attach(name.Given(), module.Given().Spec, position);
        return At(name);
    }

    /// <summary>Declares a parameter of the module's own: what stands for it in the forward pass. It is trained and saved,
    /// and goes where the module goes, under its name.</summary>
    public Sym Parameter(
        string name,
        IReadOnlyList<int> sizes,
        Initial initial,
        torch.ScalarType dtype = torch.ScalarType.Float32
    ) => Own(true, true, dtype, name, Known(sizes), initial);

    /// <summary>Declares a buffer of the module's own: numbers that are not trained. One that is not
    /// <paramref name="persistent"/> is no part of what is saved.</summary>
    public Sym Buffer(
        string name,
        IReadOnlyList<int> sizes,
        Initial initial,
        bool persistent = true,
        torch.ScalarType dtype = torch.ScalarType.Float32
    ) => Own(false, persistent, dtype, name, Known(sizes), initial);

    /// <summary><see cref="Parameter"/> of sizes that may be inferred, PyTorch's <c>UninitializedParameter</c>:
    /// <c>m.LazyParameter("weight", [m.Size("in_features")], Initial.Ones)</c>.</summary>
    public Sym LazyParameter(
        string name,
        IReadOnlyList<SymInt> sizes,
        Initial initial,
        torch.ScalarType dtype = torch.ScalarType.Float32
    ) => Own(true, true, dtype, name, SymInt.All(sizes.Given()), initial);

    /// <summary><see cref="Buffer"/> of sizes that may be inferred, PyTorch's <c>UninitializedBuffer</c>.</summary>
    public Sym LazyBuffer(
        string name,
        IReadOnlyList<SymInt> sizes,
        Initial initial,
        bool persistent = true,
        torch.ScalarType dtype = torch.ScalarType.Float32
    ) => Own(false, persistent, dtype, name, SymInt.All(sizes.Given()), initial);

    private static FSharpList<Core.SymInt> Known(IReadOnlyList<int> sizes) =>
        Interop.List(sizes.Given().Select(size => (Core.SymInt)size));

    private Sym Own(
        bool isTrained,
        bool isPersistent,
        torch.ScalarType dtype,
        string name,
        FSharpList<Core.SymInt> sizes,
        Initial initial
    ) =>
        new(
            core.Own(
                FSharp.OwnTensors.make(
                    isTrained,
                    isPersistent,
                    Torch.DTypes.ofTorch(dtype),
                    name.Given(),
                    sizes,
                    initial.Given().Inner
                )
            )
        );

    /// <summary>Something that will be, or was, attached: <c>At("blocks.0")</c> or <c>At("blocks/0")</c>.</summary>
    public Child At(string path) => new(core, Core.TagModule.parse(path.Given()));

    /// <summary>Takes a child away again.</summary>
    public void Remove(string name) => core.Remove(name.Given());

    /// <summary>Whether a parameter of this module was set after the hook that runs was registered, or by somebody who
    /// beats whoever registered it: what the hook would do about it is not wanted any more.</summary>
    public bool IsSetSince(string name) => core.IsSetSince(name.Given());

    /// <summary>A module that is what this one is at this moment, but for the arguments that are given: the edits that
    /// were made are made anew in each copy.</summary>
    public ModuleSpec Copy(object? arguments = null) =>
        new(core.Copy(Named.Read(arguments), Interop.List<string>([])));

    /// <summary>Sets the forward pass of a module with one input and one output.</summary>
    public Forward Forward(Func<Sym, Sym> body)
    {
        body.Given();
        return Forward(["input"], inputs => body(inputs[0]));
    }

    /// <summary>Sets the forward pass of a module with two inputs; they have the names of the lambda's
    /// parameters.</summary>
    public Forward Forward(Func<Sym, Sym, Sym> body) =>
        Forward(NamesOf(body.Given()), inputs => body(inputs[0], inputs[1]));

    /// <summary>Sets the forward pass of a module with three inputs; they have the names of the lambda's
    /// parameters.</summary>
    public Forward Forward(Func<Sym, Sym, Sym, Sym> body) =>
        Forward(NamesOf(body.Given()), inputs => body(inputs[0], inputs[1], inputs[2]));

    /// <summary>Sets the forward pass of a module with several inputs, by their names.</summary>
    public Forward Forward(IReadOnlyList<string> inputs, Func<IReadOnlyList<Sym>, Sym> body)
    {
        body.Given();
        return ForwardNamed(inputs, symbols => [("", body(symbols))]);
    }

    /// <summary>Sets the forward pass of a module with several inputs, by their names, and several outputs.</summary>
    public Forward ForwardMany(
        IReadOnlyList<string> inputs,
        Func<IReadOnlyList<Sym>, IReadOnlyList<Sym>> body
    )
    {
        body.Given();
        return ForwardNamed(inputs, symbols => [.. body(symbols).Gave().Select(output => ("", output))]);
    }

    /// <summary>Sets the forward pass of a module whose children run one after another, whichever they are in the
    /// end.</summary>
    public Forward ForwardChain() => Set(() => Core.GraphModule.chain);

    /// <summary>Sets the forward pass of a module that gives named tensors.</summary>
    public Forward ForwardNamed(
        IReadOnlyList<string> inputs,
        Func<IReadOnlyList<Sym>, IReadOnlyList<(string Name, Sym Value)>> body
    )
    {
        var names = Interop.List(inputs.Given());
        body.Given();
        var pass = Interop.Fun<FSharpList<Core.Sym>, FSharpList<Tuple<string, Core.Sym>>>(symbols =>
            Interop.List(
                body(Sym.All(symbols))
                    .Gave()
                    .Select(output => Tuple.Create(output.Name, output.Value.Gave().Inner))
            )
        );
        return Set(() => Core.GraphModule.trace(names, pass));
    }

    private static IReadOnlyList<string> NamesOf(Delegate body) =>
        [.. body.Method.GetParameters().Select(parameter => parameter.Name!)];

    private Forward Set(Func<Core.Graph> graph)
    {
        core.Forward(Interop.Fun<Core.Builder, Core.Graph>(_ => graph()));
        return Deeplay.Forward.Set;
    }
}
