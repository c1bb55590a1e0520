module Placeholder

open Xunit

[<Fact>]
let ``one and one is two`` () = Assert.Equal(2, 1 + 1)
