#:project ../src/Deeplay.CSharp
using Deeplay;

// An author's parameters as a record: names, types and defaults are the constructor's, and the compiler checks them.
var gated = Module.Define<Gated>(
    "GatedBlock",
    (m, a) =>
    {
        var value = m.Child("value", Layers.Linear(a.Features, a.Features));
        var gate = m.Child("gate", Layers.Linear(a.Features, a.Features));
        var drop = m.Child("dropout", Layers.Dropout(a.Dropout));
        gate.Configure("bias", false); // derived: a user still overrides it
        return m.Forward(x => drop.Call(value.Call(x) * gate.Call(x).Sigmoid()));
    }
);

var block = gated.Create(new(32)).Configure(a => a.Dropout, 0.2);
Console.WriteLine(block.Get(a => a.Dropout));
Console.WriteLine(block.Select("gate").Configure("bias", true).Explain("gate", "bias"));
Console.WriteLine(block.Diff(block.Origin));

internal sealed record Gated(int Features, double Dropout = 0.1);
