// What a script needs: `#load "deeplay.fsx"`. Build first: ./build.sh build
#r "../artifacts/bin/Deeplay.CSharp/debug/Deeplay.Core.dll"
#r "../artifacts/bin/Deeplay.CSharp/debug/Deeplay.Library.dll"
#r "../artifacts/bin/Deeplay.CSharp/debug/Deeplay.Torch.dll"
