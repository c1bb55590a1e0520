// What a script needs: `#load "deeplay.fsx"`. Build first: ./build.sh build
#r "../artifacts/bin/Deeplay.Torch/debug/Deeplay.Core.dll"
#r "../artifacts/bin/Deeplay.Torch/debug/Deeplay.Library.dll"
#r "../artifacts/bin/Deeplay.Torch/debug/Deeplay.LibTorch.dll"
#r "../artifacts/bin/Deeplay.Torch/debug/Deeplay.Torch.dll"
