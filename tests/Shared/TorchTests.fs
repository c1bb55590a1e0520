[<AutoOpen>]
module Deeplay.Tests.TorchTests

open Expecto

/// Tests of what TorchSharp runs: one after the other, and nothing beside them. All random numbers of the CPU come from one
/// generator, and tensors are counted as they come and go. And TorchSharp does not hold the numbers that it makes, nor a test
/// all of its tensors: what other threads make the collector take meanwhile ends the process.
let torchTests name tests = testSequenced (testList name tests)
