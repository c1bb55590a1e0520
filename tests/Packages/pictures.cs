using Deeplay;

var history = History.FromCsv("epoch,step,train_loss\n0,10,2.5\n1,20,1.5\n");
history.SavePlot("curves.png");
history.SavePlot("curves.svg");
var (png, svg) = (File.ReadAllBytes("curves.png"), File.ReadAllText("curves.svg"));
Console.WriteLine($"drawn: {png.Length > 1000 && svg.Contains("train", StringComparison.Ordinal)}");
