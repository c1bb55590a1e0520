// What a script needs: `#load "deeplay.fsx"`. Build first: ./build.sh build
module Deeplay.Script

// Names Deeplay's assemblies and TorchSharp's; written by the build.
#load "../artifacts/references.fsx"

// So that a script may call TorchSharp before anything of Deeplay.
Deeplay.Torch.Native.load ()
