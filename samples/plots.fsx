// What a script needs for pictures: `#load "plots.fsx"`. Build first: ./build.sh build
module Deeplay.PlotsScript

#load "deeplay.fsx"

// Names the assemblies that draw; written by the build.
#load "../artifacts/plots.fsx"
