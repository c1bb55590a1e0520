[<AutoOpen>]
module Deeplay.Tests.TorchTests

open Expecto

/// Tests of what TorchSharp runs: one after the other, beside those of the pure core. All random numbers of the CPU come
/// from one generator, and tensors are counted as they come and go.
let torchTests name tests = testSequencedGroup "torch" (testList name tests)
