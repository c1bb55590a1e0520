/// Small definitions for the tests that go by name.
module internal Deeplay.Properties.Kinds

open Deeplay.Core
open Deeplay.FSharp

let x: Param<int> = Param.int "x" |> Param.withDefault 0
let y: Param<int> = Param.int "y" |> Param.withDefault 0
let inplace: Param<bool> = Param.bool "inplace" |> Param.withDefault false

let widths: Param<int list> = Param.ints "widths" |> Param.withDefault [ 1; 2 ]

let order: Param<int> = Param.int "order" |> Param.withDefault 0
let inner: Param<ModuleSpec> = Param.spec "inner"

let leafOf id parameters = Definition.primitive id parameters (fun _ shapes -> Ok { Outputs = shapes; Inferred = [] })

let leaf = leafOf "Leaf" [ x; y ]
let relu = leafOf "ReLU" [ x; inplace ]
let elu = leafOf "ELU" [ x ]

/// Appends another leaf.
let append =
    Action.afterInit "append" [ x ] (fun arguments ->
        fun builder ->
            let name = string builder.Children.Length
            builder.Attach(name, Module.create [ x => arguments.Get x ] leaf, Last))

/// A list of leaves, one for each width.
let block =
    Definition.create "Block" [ widths; order ] (fun arguments ->
        init {
            for i, width in List.indexed (arguments.Get widths) do
                let! _ = child (string i) (Module.create [ x => width ] leaf)
                ()

            return NoForward
        })
    |> Definition.withMethod append

/// Two blocks, as in #121.
let pair =
    Definition.create "Pair" [] (fun _ ->
        init {
            let! _ = child "first" (Module.create [] block)
            let! _ = child "second" (Module.create [] block)
            return NoForward
        })

/// Holds what it is given.
let holder =
    Definition.create "Holder" [ x; inner ] (fun arguments ->
        init {
            let! _ = child "inner" (arguments.Get inner)
            return NoForward
        })

let pairSpec = Module.create [] pair
let printed spec = Tree.print (Module.construct spec)

let errors (work: unit -> 'a) =
    match Fail.catch work with
    | Ok _ -> []
    | Error errors -> errors
