/// What random models of several inputs are made of.
module internal Deeplay.Properties.RandomParts

open FsCheck
open FsCheck.FSharp
open Deeplay.Core
open Deeplay.Properties.RandomInputs
open Deeplay.Properties.RandomArguments

/// This number.
let is (number: int) : Gen<Value> = Gen.constant (Int(int64 number))

/// A module of a kind with random arguments for inputs of these sizes, but for those that are given.
let withInputs (definition: Definition) (dims: int list list) given (inputs: Input list) : Gen<Model> =
    gen {
        let! place = placeOf definition dims
        let! made = spec place given definition
        return Model.of' inputs made
    }

/// One more, now and then: what does not fit is refused by both.
let off: Gen<int> = Gen.frequency [ 15, Gen.constant 0; 1, Gen.constant 1 ]

/// A small size.
let few = Gen.choose (1, 4)
