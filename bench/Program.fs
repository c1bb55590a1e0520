module Bench.Program

[<EntryPoint>]
let main _ = 0
