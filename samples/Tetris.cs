#:project ../src/Deeplay.CSharp
#:project ../src/Deeplay.Plots.CSharp
using System.Runtime.InteropServices;
using Deeplay;
using TorchSharp;

// Tetris on a small board, learned by playing: Tetris.cs [--quick] [FOLDER FOR THE RESULTS]. Q-learning with a network that says what each
// action is worth, and a copy of it that lags behind, in a loop of one's own. With --quick it plays too little to become good.
var isFull = !args.Contains("--quick");
var folder = args.FirstOrDefault(arg => !arg.StartsWith("--", StringComparison.Ordinal)) is { } given
    ? Directory.CreateDirectory(given).FullName
    : Directory.CreateTempSubdirectory("tetris-").FullName;
var (steps, parts) = (isFull ? 60_000 : 4_000, 20);
var random = new Random(1);
torch.manual_seed(1);

// ---- the model and its training
var network = Components.MultiLayerPerceptron(
    Tetris.State,
    hiddenFeatures: [128, 128],
    outFeatures: Tetris.Actions
);
using var q = network.Build("cpu");
using var target = network.Build("cpu");
using var optimizer = Optimizers.Adam(lr: 1e-3).CreateOptimizer(q);
var (game, replay, scores) = (new Tetris(random), new List<Transition>(), new List<(int Step, int Rows)>());
for (var step = 0; step < steps; step++)
{
    using var scope = torch.NewDisposeScope();
    if (step % 500 == 0)
        target.load_state_dict(q.state_dict());
    var state = game.Observe();
    var explores = random.NextDouble() < Math.Max(0.02, 1 - 2.0 * step / steps);
    var action = explores
        ? random.Next(Tetris.Actions)
        : q.call(torch.tensor(state).unsqueeze(0)).argmax().item<long>();
    var reward = game.Drop((int)action);
    replay.Add(new(state, action, reward, game.IsOver ? 0 : 0.95f, game.Observe()));
    if (game.IsOver)
    {
        scores.Add((step, game.Rows));
        game = new(random);
    }
    if (replay.Count < 500)
        continue;
    var batch = random.GetItems(CollectionsMarshal.AsSpan(replay), 32);
    var best = target.call(Stack(batch, t => t.Next)).amax(1);
    var wanted =
        Stack(batch, t => [t.Reward]).squeeze(1) + Stack(batch, t => [t.Discount]).squeeze(1) * best.detach();
    var actions = torch.tensor(batch.Select(t => t.Action).ToArray()).unsqueeze(1);
    optimizer.Step(() =>
        torch.nn.functional.smooth_l1_loss(
            q.call(Stack(batch, t => t.State)).gather(1, actions).squeeze(1),
            wanted
        )
    );
}

// ---- the score over time
var course = scores
    .GroupBy(game => game.Step * parts / steps)
    .Select(part => (part.Key, Rows: part.Average(game => game.Rows)))
    .ToList();
foreach (var (part, rows) in course)
    Console.WriteLine(
        $"{(part + 1.0) / parts, 5:P0} played: {rows, 5:F2} rows a game {new string('#', (int)(2 * rows))}"
    );

var points = course.Select(part => ((part.Key + 1.0) * steps / parts, part.Rows));
Plot.Lines("Tetris", "pieces", "rows a game", ("learned so far", points))
    .Save(Path.Combine(folder, "rows.png"));
Console.WriteLine($"The picture is in {folder}.");

static torch.Tensor Stack(Transition[] batch, Func<Transition, float[]> part) =>
    torch.tensor(batch.SelectMany(part).ToArray()).reshape(batch.Length, -1);

/// <summary>One step of a game, from which the network learns again and again.</summary>
sealed record Transition(float[] State, long Action, float Reward, float Discount, float[] Next);

/// <summary>A board 4 wide and 6 high, pieces that drop where they are put, and rows that go when they are full.</summary>
sealed class Tetris(Random random)
{
    private const int Width = 4,
        Height = 6,
        Pieces = 50;

    // Each piece in its four rotations: the columns' lower ends, and their heights.
    private static readonly (int Low, int High)[][][] Shapes =
    [
        [
            [(0, 1), (0, 1)],
            [(0, 2)],
            [(0, 1), (0, 1)],
            [(0, 2)],
        ], // a domino
        [
            [(0, 2), (0, 1)],
            [(0, 2), (1, 2)],
            [(1, 2), (0, 2)],
            [(0, 1), (0, 2)],
        ], // a corner
        [
            [(0, 2), (0, 2)],
            [(0, 2), (0, 2)],
            [(0, 2), (0, 2)],
            [(0, 2), (0, 2)],
        ], // a square
    ];
    private readonly bool[,] board = new bool[Width, Height + 2];
    private int piece = random.Next(Shapes.Length),
        dropped;

    public const int State = Width * Height + 3,
        Actions = 4 * Width;

    public bool IsOver { get; private set; }
    public int Rows { get; private set; }

    /// <summary>What the network sees: the cells, and which piece comes.</summary>
    public float[] Observe() =>
        [
            .. from x in Enumerable.Range(0, Width)
            from y in Enumerable.Range(0, Height)
            select board[x, y] ? 1f : 0f,
            .. Enumerable.Range(0, Shapes.Length).Select(shape => shape == piece ? 1f : 0f),
        ];

    /// <summary>Drops the piece in a rotation at a column, and gives the reward.</summary>
    public float Drop(int action)
    {
        var shape = Shapes[piece][action / Width];
        var left = Math.Min(action % Width, Width - shape.Length);
        var floor = shape.Select((column, i) => Top(left + i) - column.Low).Max();
        for (var i = 0; i < shape.Length; i++)
        for (var y = shape[i].Low; y < shape[i].High; y++)
            board[left + i, floor + y] = true;
        var full = Enumerable
            .Range(0, Height + 2)
            .Where(y => Enumerable.Range(0, Width).All(x => board[x, y]))
            .ToList();
        foreach (var row in full.AsEnumerable().Reverse())
            for (var y = row; y < Height + 2; y++)
            for (var x = 0; x < Width; x++)
                board[x, y] = y <= Height && board[x, y + 1];
        Rows += full.Count;
        var isLost = Enumerable.Range(0, Width).Any(x => Top(x) > Height);
        IsOver = isLost || ++dropped == Pieces;
        piece = random.Next(Shapes.Length);
        return full.Count - (isLost ? 2 : 0);
    }

    private int Top(int x) =>
        Enumerable.Range(0, Height + 2).Reverse().Where(y => board[x, y]).Select(y => y + 1).FirstOrDefault();
}
