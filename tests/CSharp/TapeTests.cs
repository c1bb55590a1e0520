using System.Runtime.CompilerServices;
using static Deeplay.Selector;

namespace Deeplay.Tests;

public class TapeTests
{
    private static readonly ModuleSpec Mlp = Sample.Mlp;

    private static int Line([CallerLineNumber] int line = 0) => line;

    private const string File = "TapeTests.cs";

    [Fact]
    public void A_step_says_what_was_changed_and_which_line_changed_it()
    {
        var line = Line() + 1;
        var step = Assert.Single(Mlp.Select(Any, "layer").First.Configure("bias", false).Tape);

        Assert.Equal(["blocks.0.layer"], step.Targets);
        Assert.Equal("blocks.0.layer: bias = False", step.Description);
        Assert.Equal(new SourceLocation(File, line), step.Location);
        Assert.Null(step.Group);
        Assert.Equal($"blocks.0.layer: bias = False at TapeTests.cs:{line}", step.ToString());
    }

    [Fact]
    public void Every_kind_of_change_knows_its_line()
    {
        var block = Blocks.LinearBlock(3, 4, activation: Layers.ReLU());
        var line = Line() + 1;
        ModuleSpec[] changed =
        [
            block.Configure("bias", false),
            block.Normalized(),
            block.Append(Layers.Tanh()),
            block.Select("activation").Configure(Layers.Tanh()),
            block.Call("append", new { layer = Layers.Tanh() }),
            block.OnInit("nothing", _ => { }),
            block.BeforeBuild("nothing", node => node),
            block.AfterBuild("nothing", _ => { }),
            block.Configure(new Parameter<bool>("bias"), false),
            block.Configure("order", ["layer"]),
            block.Replace(Layers.Linear(3, 4)),
            block.Configure(Layers.Linear(3, 4)),
            block.InputsFrom(["x"]),
            block.OutputsTo(["y"]),
        ];

        var end = Line();
        var places = changed.Select(module => module.Tape[^1].Location!).ToArray();

        Assert.All(places, place => Assert.Equal(File, place.File));
        Assert.All(places, place => Assert.InRange(place.Line, line, end));
        Assert.Equal(places.Length, places.DistinctBy(place => place.Line).Count());
    }

    [Fact]
    public void The_explanation_points_at_the_line()
    {
        var line = Line() + 1;
        var model = Mlp.Select("blocks.0.layer").Configure("bias", false);
        var why = model.Explain("blocks.0.layer", "bias");

        Assert.Equal(false, why.Value);
        Assert.Equal(("blocks.0.layer", "Linear", "bias"), (why.Tag, why.Kind, why.Name));
        Assert.Equal(new SourceLocation(File, line), why.Candidates[0].Location);
        Assert.Equal((Origin.User, null), (why.Candidates[0].Origin, why.Candidates[0].Because));
        Assert.Equal((Origin.Default, true), (why.Candidates[^1].Origin, why.Candidates[^1].Value));
        Assert.NotNull(why.Candidates[^1].Because);
        Assert.Contains($"TapeTests.cs:{line}", why.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Undo_and_redo_walk_the_tape()
    {
        var one = Mlp.Configure("flatten_input", false);
        var two = one.Configure("hidden_features", [8]);

        Assert.Equal(one, two.Undo());
        Assert.Equal(two, two.Undo().Redo());
        Assert.Equal(Mlp, two.Undo().Undo());
        Assert.Equal(two, two.Fresh());
    }

    [Fact]
    public void A_tape_is_replayed_onto_another_module()
    {
        var tape = Mlp.Configure("hidden_features", [8, 8])
            .Select("blocks.0.layer")
            .Configure("bias", false)
            .Tape;
        var other = Components.MultiLayerPerceptron(7, [3], 2);

        Assert.Equal(2, tape.Count);
        Assert.False(other.Replay(tape).Argument<bool>("blocks.0.layer", "bias"));
        Assert.True(other.Replay(tape[..1]).Argument<bool>("blocks.0.layer", "bias"));
        var failure = Sample.Failure(() => Layers.Linear(3, 4).Replay(tape));
        Assert.Equal(ErrorKind.StepFailed, failure.Kind);
    }

    [Fact]
    public void Steps_are_grouped_under_a_name()
    {
        var model = Mlp.Group(
                "narrow",
                m => m.Configure("hidden_features", [8]).Configure("flatten_input", false)
            )
            .Configure("out_features", 3);

        Assert.Equal(["narrow", "narrow", null], model.Tape.Select(step => step.Group));
    }

    [Fact]
    public void A_module_and_its_tape_are_saved_as_json()
    {
        var model = Mlp.Select("blocks", ..^1)
            .Normalized()
            .Select("blocks", 0, "activation")
            .Configure(Layers.GELU());
        var again = ModuleSpec.FromJson(model.ToJson());

        Assert.Equal(model, again);
        Assert.Equal(model.ToString(), again.ToString());
        Assert.Equal(model, Mlp.Replay(Tape.FromJson(model.Tape.ToJson())));
        Assert.Equal(ErrorKind.Malformed, Sample.Failure(() => ModuleSpec.FromJson("{}")).Kind);
        Assert.Throws<DeeplayException>(() => ModuleSpec.FromJson(model.ToJson(), Registry.Empty));
    }

    [Fact]
    public void A_place_in_a_program_is_no_place_on_a_machine()
    {
        var model = Mlp.Configure("out_features", 3);
        var elsewhere = Mlp.Configure("out_features", 3, @"C:\Users\me\Program.cs", 7);

        Assert.Equal(File, model.Tape[0].Location!.File);
        Assert.Equal(new SourceLocation("Program.cs", 7), elsewhere.Tape[0].Location);
        Assert.DoesNotContain(Path.GetDirectoryName(Here())!, model.ToJson(), StringComparison.Ordinal);
    }

    private static string Here([CallerFilePath] string file = "") => file;

    [Fact]
    public void What_was_made_and_what_was_changed_since_can_be_told_apart()
    {
        var model = Mlp.Configure("out_features", 3).Select("blocks.0.layer").Configure("bias", false);

        Assert.Equal(Mlp, model.Origin);
        Assert.Equal(model, model.Origin.Replay(model.Tape));
        Assert.Equal(Diff.Between(model.Origin, model), model.Origin.Diff(model));
        Assert.Empty(model.Diff(model.Fresh()));
    }
}
