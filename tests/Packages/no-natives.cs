using Deeplay;

var spec = Layers.Linear(2, 3);
Console.WriteLine(spec.InferShape(8, 2));

try
{
    spec.Build("cpu");
}
catch (DeeplayException e)
{
    Console.WriteLine(e.Message);
}
