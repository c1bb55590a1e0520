#:project ../src/Deeplay.CSharp
using Deeplay;

// An author writes what is needed once; users configure what the author never thought of.
var gated = Module
    .Define("GatedBlock")
    .Parameter<long>("features")
    .Parameter("dropout", 0.1)
    .Init(m =>
    {
        var value = m.Child("value", Layers.Linear(m.Get<long>("features"), m.Get<long>("features")));
        var gate = m.Child("gate", Layers.Linear(m.Get<long>("features"), m.Get<long>("features")));
        var drop = m.Child("dropout", Layers.Dropout(m.Get<double>("dropout")));
        gate.Configure("bias", false); // derived: a user still overrides it
        return m.Forward(x => drop.Call(value.Call(x) * gate.Call(x).Sigmoid()));
    });

var block = gated.Create(new { features = 32 }).Select("gate").Configure("bias", true);
Console.WriteLine(block.Explain("gate", "bias"));
Console.WriteLine(block.InferShape(8, 32));
