using TorchSharp;

namespace Deeplay.Tests;

/// <summary>From the seed to values: one test for each row of the design's table, by the row's words.</summary>
[Collection("torch")]
public class SeedTableTests
{
    private static readonly Parameter<long> Width = new Parameter<long>("width").WithDefault(1);

    // A leaf that is nothing but its width.
    private static readonly ModuleDefinition Leaf = Module.Define("Leaf").Parameter(Width).Init(_ => { });

    // Two leaves, the first ten times as wide as it is told; with a width of 0 it says nothing of them.
    private static readonly ModuleDefinition Twin = Module
        .Define("Twin")
        .Parameter(Width)
        .Init(m =>
        {
            var a = m.Child("a", Leaf.Create());
            m.Child("b", Leaf.Create());
            if (m.Get(Width) != 0)
                a.Configure(Width, 10 * m.Get(Width));
        });

    private static ModuleSpec TwinOf(long width) => Twin.Create(new { width });

    private static IEnumerable<long> Widths(ModuleSpec module, params string[] tags) =>
        tags.Select(tag => module.Argument(tag, Width));

    [Fact]
    public void The_lifecycle_is_three_functions_in_a_row_spec_construct_build()
    {
        var spec = Components.MultiLayerPerceptron(2, [4], 3);
        var tree = spec.Tree;
        using var built = spec.Build("cpu");

        Assert.Equal("Linear", tree["blocks.0.layer"].Kind);
        Assert.Equal(
            ["blocks.0.layer.weight", "blocks.0.layer.bias", "blocks.1.layer.weight", "blocks.1.layer.bias"],
            built.named_parameters().Select(parameter => parameter.name)
        );
    }

    [Fact]
    public void There_is_no_ambient_state_32_threads_construct_and_configure_from_one_spec_alike()
    {
        var spec = TwinOf(2);
        var made = new ModuleSpec[32];
        using var together = new Barrier(32);
        var threads = Enumerable
            .Range(0, 32)
            .Select(i => new Thread(() =>
            {
                together.SignalAndWait();
                made[i] = spec.Configure(Width, 3 + (i % 2)).Select("b").Configure(Width, 7);
                _ = made[i].Tree;
            }))
            .ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();

        Assert.All(
            Enumerable.Range(0, 32),
            i =>
            {
                Assert.Equal([10 * (3 + (i % 2)), 7], Widths(made[i], "a", "b"));
                Assert.Equal(made[i % 2], made[i]);
            }
        );
        Assert.Equal([20L], Widths(spec, "a"));
    }

    [Fact]
    public void The_arguments_are_in_the_spec_as_they_were_given()
    {
        var spec = Layers.Linear(3, 4);
        var changed = spec.Configure("bias", false);

        Assert.Equal(
            """{"schema":1,"spec":{"definition":"Linear","arguments":{"in_features":3,"out_features":4}}}""",
            spec.ToJson()
        );
        Assert.Contains(
            """ "arguments":{"in_features":3,"out_features":4},"steps" """.Trim(),
            changed.ToJson(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Prepare_gives_the_arguments_their_form_a_list_is_flattened_positionals_are_named()
    {
        var one = Layers.Linear(2, 2);
        object[] nested = [one, new object[] { one, new object[] { one } }];
        var list = Registry.Standard.Definitions["Sequential"].Create(new { layers = nested });
        var positional = Module
            .Define("Positional")
            .Parameter<long>("width")
            .Parameter<long>("height")
            .Init(_ => { })
            .WithPreparedArguments(given =>
                given.TryGetValue("sizes", out var sizes)
                    ? new Dictionary<string, object?>
                    {
                        ["width"] = ((object?[])sizes!)[0],
                        ["height"] = ((object?[])sizes)[1],
                    }
                    : given
            );
        var named = positional.Create(new { sizes = new List<int> { 3, 4 } });

        Assert.Equal(["0", "1", "2"], list.Children.Select(child => child.Name));
        Assert.Equal((3, 4), (named.Argument<int>("", "width"), named.Argument<int>("", "height")));
        Assert.Equal(named, ModuleSpec.FromJson(named.ToJson(), Registry.Empty.Add(positional)));
    }

    [Fact]
    public void Construct_prepares_resolves_runs_init_after_init_hooks_and_finish_in_this_order()
    {
        var seen = new List<string>();
        var staged = Module
            .Define("Staged")
            .Parameter(Width)
            .Init(m => seen.Add($"init {m.Get(Width)}"))
            .WithPreparedArguments(given =>
            {
                seen.Add("prepare");
                return given;
            })
            .WithResolvedArguments(arguments =>
            {
                seen.Add($"resolve {arguments.Get(Width)}");
                return arguments.With("width", 9);
            })
            .WithFinish(node =>
            {
                seen.Add("finish");
                return node;
            });
        // The hook is tried where it is asked for: what counts here is a construction from nothing.
        var spec = staged
            .Create(new { width = 4 })
            .OnInit("note", m => seen.Add($"hook {m.Get(Width)}"))
            .Fresh();
        seen.Clear();
        _ = spec.Tree;

        Assert.Equal(["prepare", "resolve 4", "init 9", "hook 9", "finish"], seen);
    }

    [Fact]
    public void Construct_drops_what_was_derived_there_and_keeps_what_ancestors_and_the_user_said()
    {
        var above = Module
            .Define("Above")
            .Init(m => m.Child("twin", TwinOf(2))["b"].Configure(Width, 5))
            .Create();
        // Now the twin derives nothing for `a`: its default is back. What the root derived for `b` stays.
        var again = above.Select("twin").Configure(Width, 0);
        var told = again.Select("twin.b").Configure(Width, 6).Select("twin").Configure(Width, 3);

        Assert.Equal([20, 5], Widths(above, "twin.a", "twin.b"));
        Assert.Equal([1, 5], Widths(again, "twin.a", "twin.b"));
        Assert.Equal([30, 6], Widths(told, "twin.a", "twin.b"));
    }

    [Fact]
    public void Finish_has_the_last_word_node_to_node()
    {
        var doubled = Twin.WithFinish(node => node.WithArgument("width", 2 * node.Arguments.Get(Width)));

        // The init saw what there was before.
        Assert.Equal([8, 40], Widths(doubled.Create(new { width = 4 }), "", "a"));
    }

    [Fact]
    public void Whoever_is_constructing_is_known_from_the_position_in_the_tree()
    {
        var said = Leaf.Create().Configure(Width, 3);
        var attaching = Module.Define("Attaching").Init(m => m.Child("leaf", said)).Create();
        var outer = Module.Define("Outer").Init(m => m.Child("inner", attaching)).Create();

        Assert.Equal(Origin.User, said.Explain("width").Candidates[0].Origin);
        Assert.Equal("", attaching.Explain("leaf", "width").Candidates[0].By);
        Assert.Equal("inner", outer.Explain("inner.leaf", "width").Candidates[0].By);
    }

    [Fact]
    public void A_shared_module_has_several_tags_the_roots_config_speaks_for_the_hierarchy()
    {
        var sharing = Module
            .Define("Sharing")
            .Init(m => m.Child("twin", Twin.Create()).Alias("again"))
            .Create()
            .Select("again.a")
            .Configure(Width, 7);

        Assert.Equal(["", "twin", "twin.a", "twin.b", "again", "again.a", "again.b"], sharing.Tags);
        Assert.Equal([7, 7], Widths(sharing, "twin.a", "again.a"));
        Assert.Equal(["again.a"], Assert.Single(sharing.Tape).Targets);
    }

    [Fact]
    public void A_derived_setting_has_as_source_the_tag_of_the_module_whose_init_asked()
    {
        var holder = Module.Define("Holder").Init(m => m.Child("twin", Twin.Create())).Create();
        var winner = holder.Explain("twin.a", "width").Candidates[0];

        Assert.Equal((Origin.Derived, "twin", 10L), (winner.Origin, winner.By, winner.Value));
    }

    [Fact]
    public void ResolveArguments_is_the_definitions_to_override()
    {
        var even = Twin.WithResolvedArguments(arguments =>
            arguments.With("width", arguments.Get(Width) / 2 * 2)
        );
        var spec = even.Create(new { width = 5 });

        Assert.Equal([4, 40], Widths(spec, "", "a"));
        // It comes after the configuration was heard.
        Assert.Equal([6, 60], Widths(spec.Configure(Width, 7), "", "a"));
    }

    [Fact]
    public void Parameters_are_typed_and_the_factory_functions_take_them()
    {
        var linear = Registry.Standard.Definitions["Linear"];
        var bias = linear.Parameter<bool>("bias");

        Assert.Equal(
            [("in_features", "an int"), ("out_features", "an int"), ("bias", "a bool")],
            linear.Parameters.Select(parameter => (parameter.Name, parameter.Type))
        );
        Assert.Equal(linear.Create(new { in_features = 3, out_features = 4 }), Layers.Linear(3, 4));
        Assert.False(Layers.Linear(3, 4).Configure(bias, false).Argument("", bias));
        var failure = Sample.Failure(() => Layers.Linear(3, 4).Configure("bias", "no"));
        Assert.Equal((ErrorKind.WrongValue, "a bool"), (failure.Kind, failure.Errors[0].Expected));
    }

    [Fact]
    public void Config_items_are_the_users_derived_or_detached_and_attaching_decides()
    {
        var said = Leaf.Create().Configure(Width, 3);
        var given = Layers.Sequential(said);
        var attached = Module.Define("Attaching").Init(m => m.Child("0", said)).Create();

        // It came in through an argument that the user gave.
        Assert.Equal(Origin.User, given.Explain("0", "width").Candidates[0].Origin);
        Assert.Equal(Origin.Derived, attached.Explain("0", "width").Candidates[0].Origin);
        Assert.Equal(
            [Origin.User, Origin.Derived, Origin.Default],
            attached.Select("0").Configure(Width, 4).Explain("0", "width").Candidates.Select(c => c.Origin)
        );
    }

    [Fact]
    public void What_changes_a_spec_is_a_step_what_runs_at_a_stage_is_a_hook()
    {
        var seen = new List<string>();
        var spec = Blocks
            .LinearBlock(2, 2)
            .Select("layer")
            .Configure("bias", false)
            .AfterBuild("third", _ => seen.Add("after build"))
            .BeforeBuild(
                "second",
                node =>
                {
                    seen.Add("before build");
                    return node;
                }
            )
            .OnInit("first", _ => seen.Add("after init"));

        Assert.Equal(
            ["layer: bias = False", "the root: third()", "the root: second()", "the root: first()"],
            spec.Tape.Select(step => step.Description)
        );
        seen.Clear();
        using var built = spec.Fresh().Build("cpu");
        Assert.Equal(["after init", "before build", "after build"], seen);
    }

    [Fact]
    public void Fresh_is_the_tape_replayed_over_the_original_arguments()
    {
        var spec = TwinOf(2).Configure(Width, 3).Select("b").Configure(Width, 8);
        var replayed = TwinOf(2).Replay(spec.Tape);

        Assert.Equal(spec, spec.Fresh());
        Assert.Equal(spec, replayed);
        Assert.Equal([30, 8], Widths(spec.Fresh(), "a", "b"));
        Assert.Equal([30, 8], Widths(replayed, "a", "b"));
    }

    [Fact]
    public void Building_never_spoils_a_spec()
    {
        var spec = Components.MultiLayerPerceptron(2, [4], 3);
        var before = (spec.ToString(), spec.ToJson());
        using var first = spec.Build("cpu");
        using var second = spec.Build("cpu");

        Assert.Equal(before, (spec.ToString(), spec.ToJson()));
        Assert.NotSame(
            first.get_parameter("blocks.0.layer.weight"),
            second.get_parameter("blocks.0.layer.weight")
        );
        using var unbiased = spec.Select("blocks.0.layer").Configure("bias", false).Build("cpu");
        Assert.Equal(3, unbiased.parameters().Count());
    }

    [Fact]
    public void A_checkpoint_is_the_unbuilt_spec_beside_the_weights_read_through_a_closed_registry()
    {
        var spec = Applications
            .Classifier(Components.MultiLayerPerceptron(2, [3], 2), classes: 2)
            .Select("model.blocks.0.activation")
            .Configure(Layers.GELU());
        using var inputs = torch.zeros(4, 2);
        using var targets = torch.zeros(4, torch.int64);
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid()}.safetensors");
        try
        {
            using var trained = spec.Fit(new Dataset(inputs, targets), maxEpochs: 1, device: "cpu");
            trained.Save(path);
            using var loaded = Application.Load(path, "cpu");

            Assert.Equal(spec, loaded.Spec);
            var weights = trained.Network.state_dict().Zip(loaded.Network.state_dict()).ToArray();
            Assert.Equal(4, weights.Length);
            Assert.All(
                weights,
                pair =>
                {
                    Assert.Equal(pair.First.Key, pair.Second.Key);
                    Assert.True(pair.First.Value.equal(pair.Second.Value).all().item<bool>());
                }
            );
            var failure = Sample.Failure(() => Application.Load(path, "cpu", Registry.Empty));
            Assert.Equal(ErrorKind.Malformed, failure.Kind);
            Assert.Contains("Classifier", failure.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
