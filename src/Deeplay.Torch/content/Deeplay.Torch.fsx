// Run by `dotnet fsi` in every script that takes the package: TorchSharp's natives load whichever of the two is called first.
module Deeplay.Torch.Script

Native.prepare ()
