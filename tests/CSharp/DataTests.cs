using Deeplay.Images;
using TorchSharp;

namespace Deeplay.Tests;

/// <summary>Where data comes from, as C# says it. What is in it is for the tests in F#.</summary>
[Collection("torch")]
public sealed class DataTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("deeplay-").FullName;

    public void Dispose() => Directory.Delete(folder, true);

    private string Write(string name, string text)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static float[] Numbers(torch.Tensor tensor) =>
        tensor.to(torch.ScalarType.Float32).contiguous().data<float>().ToArray();

    [Fact]
    public void Arrays_are_datasets()
    {
        using var a = Datasets.Of(
            new float[,]
            {
                { 1, 2 },
                { 3, 4 },
            },
            new[] { 1, 0 }
        );
        using var b = Datasets.Of(
            [
                [1.0, 2.0],
                [3.0, 4.0],
            ],
            new long[] { 1, 0 }
        );
        using var c = Datasets.Of(new double[][] { [1, 2], [3, 4] }, new float[][] { [1], [0] });
        using var d = new Dataset(
            Arrays.Of(new float[] { 1, 2, 3, 4 }.AsMemory(), 2, 2),
            Arrays.Tensor(new[] { true, false })
        );

        Assert.All([a, b, c, d], data => Assert.Equal([1, 2, 3, 4], Numbers(data.Inputs)));
        Assert.All([a, b, c, d], data => Assert.Equal([1, 0], Numbers(data.Targets)));
        Assert.Equal((torch.float32, torch.int64), (b.Inputs.dtype, b.Targets.dtype));
        Assert.Equal([2, 1], c.Targets.shape);
        var ragged = Sample.Failure(() => Datasets.Of(new float[][] { [1], [1, 2] }, new[] { 0, 1 }));
        Assert.Equal("rows[1]: expected 1 numbers, as in rows[0], found 2.", ragged.Message);
    }

    [Fact]
    public void Labels_are_numbers_and_back()
    {
        var categories = Categories.Learn(["pear", "apple", "pear"]);
        using var numbers = categories.Encode(["pear", "apple"]);

        Assert.Equal(["apple", "pear"], categories);
        Assert.Equal([1, 0], Numbers(numbers));
        Assert.Equal(["pear", "apple"], categories.Decode(numbers));
        Assert.Throws<DeeplayException>(() => new Categories("a", "a"));
    }

    [Fact]
    public void A_table_is_read_by_column_names_and_a_later_one_alike()
    {
        var train = Write("train.csv", "size;color;price\n1;red;10\n;blue;20\n3;red;NA\n5;;30\n");
        var test = Write("test.csv", "size;color;price\n;blue;1\n");
        var options = new CsvOptions { Separator = ';' };
        Column[] columns =
        [
            Column.Number("size").FillMean(),
            Column.OneHot("color").Fill("none"),
            Column.Number("price").DropMissing(),
        ];

        var table = Csv.Read(train, columns, options);
        using var data = table.Dataset(["size", "color"], "price");

        Assert.Equal(3, table.Count);
        Assert.Equal(["size", "color=blue", "color=none", "color=red"], table.Features("size", "color"));
        Assert.Equal([1, 0, 0, 1, 3, 1, 0, 0, 5, 0, 1, 0], Numbers(data.Inputs));
        Assert.Equal([10, 20, 30], Numbers(data.Targets));
        Assert.Equal(["blue", "none", "red"], table.Categories("color"));
        using var later = Csv.Read(test, table.Columns, options).Tensor("size", "color");
        Assert.Equal([3, 1, 0, 0], Numbers(later));
        Assert.Equal(["size", "color", "price"], Csv.Names(train, options));
        Assert.Equal(train, table.Path);
    }

    [Fact]
    public void Every_column_says_what_it_does_with_missing_values()
    {
        var path = Write("x.csv", "n,c\n1,a\n,\n4,b\n");
        var median = Csv.Read(path, [Column.Number("n").FillMedian()]);
        var index = Csv.Read(
            path,
            [Column.Index("c").WithCategories("b", "a").Fill("b"), Column.Number("n").Fill(-1)]
        );

        Assert.Equal([1, 2.5f, 4], Numbers(median.Tensor("n")));
        Assert.Equal([1, 1, 0, -1, 0, 4], Numbers(index.Tensor("c", "n")));
        Assert.Equal(["n", "c"], Column.Numbers("n", "c").Select(column => column.Name));
        var failure = Sample.Failure(() => Csv.Read(path, Column.Numbers("n")));
        Assert.Contains("x.csv, line 3, column 'n'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_of_other_programs_are_datasets()
    {
        byte[] images = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 255, 51, 0];
        byte[] labels = [0, 0, 8, 1, 0, 0, 0, 2, 7, 3];
        var (x, y) = (Path.Combine(folder, "x.idx"), Path.Combine(folder, "y.idx"));
        File.WriteAllBytes(x, images);
        File.WriteAllBytes(y, labels);

        using var data = Datasets.Idx(x, y);
        Assert.Equal([2, 1, 1, 2], data.Inputs.shape);
        Assert.Equal([0, 1, 0.2f, 0], Numbers(data.Inputs));
        Assert.Equal([7, 3], Numbers(data.Targets));
        Assert.Equal([7, 3], Numbers(Idx.Read(y)));

        var npy = Path.Combine(folder, "x.npy");
        Npy.Save(npy, data.Inputs);
        Assert.Equal(Numbers(data.Inputs), Numbers(Npy.Load(npy)));
    }

    [Fact]
    public void Arrays_of_one_file_by_name()
    {
        var path = Path.Combine(folder, "x.npz");
        var npy = Path.Combine(folder, "one.npy");
        Npy.Save(npy, torch.tensor(new float[] { 1, 2 }));
        using (
            var zip = System.IO.Compression.ZipFile.Open(path, System.IO.Compression.ZipArchiveMode.Create)
        )
            foreach (var name in new[] { "x", "y" })
                System.IO.Compression.ZipFileExtensions.CreateEntryFromFile(zip, npy, name + ".npy");

        using var data = Datasets.Npz(path, "x", "y");
        Assert.Equal([1, 2], Numbers(data.Targets));
        Assert.Equal(["x", "y"], Npz.Names(path));
        Assert.Equal([1, 2], Numbers(Npz.Load(path)["x"]));
    }

    private sealed class Items : torch.utils.data.Dataset
    {
        public override long Count => 3;

        public override Dictionary<string, torch.Tensor> GetTensor(long index) =>
            new() { ["data"] = torch.tensor(new float[] { index }), ["label"] = torch.tensor(index % 2) };
    }

    [Fact]
    public void TorchSharps_own_datasets_are_taken()
    {
        using var items = new Items();
        using var data = Datasets.Of(items, "data", "label");

        Assert.Equal([0, 1, 2], Numbers(data.Inputs));
        Assert.Equal([0, 1, 0], Numbers(data.Targets));
        var failure = Sample.Failure(() => Datasets.Of(items, "date", "label"));
        Assert.Contains("near it: data", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_keep_the_share_of_each_class()
    {
        using var data = new Dataset(torch.arange(12).unsqueeze(1), torch.arange(12) % 3);

        var (first, second) = data.SplitStratified(0.5, seed: 1);
        Assert.Equal((6, 6), (first.Count, second.Count));
        var folds = data.KFold(4, seed: 1).ToList();
        Assert.Equal([3, 3, 3, 3], folds.Select(fold => fold.Validation.Count));
        Assert.Equal(
            Enumerable.Range(0, 12).Select(i => (float)i),
            folds.SelectMany(fold => Numbers(fold.Validation.Inputs)).Order()
        );
        Assert.All(
            data.StratifiedKFold(4, seed: 1),
            fold => Assert.Equal([0, 1, 2], Numbers(fold.Validation.Targets).Order())
        );
    }

    [Fact]
    public void A_standardized_model_takes_and_gives_raw_units()
    {
        var (x, y) = (
            new float[,]
            {
                { 100 },
                { 300 },
            },
            new float[,]
            {
                { 7 },
                { 7 },
            }
        );
        using var data = Datasets.Of(x, y);
        var (inputs, targets) = (Standardization.OfInputs(data), Standardization.OfTargets(data));

        Assert.Equal([200.0, 100, 1], [.. inputs.Mean, .. inputs.Std, inputs.Dim]);
        Assert.Equal([7.0, 1], [.. targets.Mean, .. targets.Std]);
        Assert.Equal(inputs.Std, Standardization.Of(data.Inputs).Std);
        var model = Layers.Sequential(inputs.Standardize, Layers.Identity(), targets.Unstandardize);
        using var built = model.Build("cpu");
        using var output = ((torch.nn.Module<torch.Tensor, torch.Tensor>)built).call(data.Inputs);
        Assert.Equal([6, 8], Numbers(output));
    }

    [Fact]
    public void Augmentations_are_data()
    {
        using var images = torch.arange(4, torch.float32).reshape(1, 1, 2, 2);
        using var generator = new torch.Generator(1);
        Augmentation[] all =
        [
            new RandomHorizontalFlip(1),
            new RandomVerticalFlip(1),
            new RandomCrop(2, 2),
            new RandomRotation(0, Interpolation.Bilinear),
            new GaussianNoise(Sigma: 0, Clip: false),
        ];

        using var changed = Augmentation.Apply(all, generator, images);
        Assert.Equal([3, 2, 1, 0], Numbers(changed));
        Assert.Equal(
            (0.5, 0, 0.1, true),
            (
                new RandomVerticalFlip().P,
                new GaussianNoise().Mean,
                new GaussianNoise().Sigma,
                new GaussianNoise().Clip
            )
        );
        Assert.Equal(Interpolation.Nearest, new RandomRotation(3).Interpolation);
        Assert.Throws<DeeplayException>(() =>
            Augmentation.Apply([new RandomHorizontalFlip(2)], generator, images)
        );
    }

    [Fact]
    public void A_dataset_is_augmented_and_read_by_places()
    {
        using var data = Dataset.Indexed(
            4,
            place => (torch.full([1, 1, 2], place / 4f), torch.tensor((float)place))
        );
        var flipped = data.Augment(new RandomHorizontalFlip(1), new GaussianNoise(0.25, 0, Clip: false));
        using var kept = flipped.Keep();

        Assert.Equal(4, data.Count);
        Assert.Equal([0.25f, 0.25f, 0.5f, 0.5f, 0.75f, 0.75f, 1, 1], Numbers(kept.Inputs));
        Assert.Equal([0, 1, 2, 3], Numbers(kept.Targets));
        Assert.Throws<DeeplayException>(() => data.Augment());
        Assert.Throws<ArgumentNullException>(() => Dataset.Indexed(4, null!));
        using var first = Dataset.Generate(2, Draw, seed: 1).Keep();
        using var second = Dataset.Generate(2, Draw, seed: 2).Keep();
        Assert.Empty(Numbers(first.Inputs).Intersect(Numbers(second.Inputs)));

        static (torch.Tensor, torch.Tensor) Draw(Random random) =>
            (torch.tensor([random.NextSingle()]), torch.zeros(1));
    }

    [Fact]
    public void Folders_of_images_are_classes()
    {
        using var picture = torch.arange(6, torch.float32).reshape(1, 2, 3) / 5;
        foreach (var name in new[] { "cat", "dog" })
        {
            Directory.CreateDirectory(Path.Combine(folder, name));
            ImageFile.Write(Path.Combine(folder, name, "1.png"), picture);
        }

        var options = ImageOptions.Default.WithColor(ImageColor.Gray);
        using var images = ImageFolder.Read(options, ImageFolder.List(folder));
        using var data = new Dataset(images.Inputs, images.Targets);

        Assert.Equal(["cat", "dog"], images.Classes);
        Assert.Equal([2, 1, 2, 3], data.Inputs.shape);
        Assert.Equal([0, 1], Numbers(data.Targets));
        var unread = ImageFolder.Unread(options, ImageFolder.List(folder));
        using var later = Dataset.Indexed(unread.Count, unread.Read).Keep();
        Assert.Equal(Numbers(images.Inputs), Numbers(later.Inputs));
        Assert.Equal(["cat", "dog"], unread.Classes);
        using var one = ImageFile.Read(options.WithSize(4, 4), Path.Combine(folder, "cat", "1.png"));
        Assert.Equal([1, 4, 4], one.shape);
        Assert.Equal((4, 4), options.WithSize(4, 4).Size);
        Assert.Throws<ArgumentNullException>("options", () => ImageFile.Read(null!, "x"));
        Assert.Throws<ArgumentNullException>("images", () => ImageFolder.Read(options, null!));
    }
}
