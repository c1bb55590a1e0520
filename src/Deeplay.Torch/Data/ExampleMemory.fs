namespace Deeplay.Torch

open System
open System.Collections.Generic

/// Examples that were made, one for each place, until another one takes its place. What is given belongs to who asked.
[<Sealed; AllowNullLiteral>]
type internal ExampleMemory() =
    let kept = Dictionary<int64, struct (int64 * Examples)>()

    /// The example at a place for this seed; made where another one is kept, or none.
    member _.Find(place: int64, seed: int64, make: unit -> Examples) : Examples =
        let find () =
            match kept.TryGetValue place with
            | true, struct (known, example) when known = seed -> ValueSome(example |> Examples.map _.clone())
            | _ -> ValueNone

        match lock kept find with
        | ValueSome example -> example
        | ValueNone ->
            // Without the lock: examples are made on several threads at once.
            let made = make ()
            let own = made |> Examples.map (fun tensor -> tensor.clone().DetachFromDisposeScope())

            lock kept (fun () ->
                match kept.TryGetValue place with
                | true, struct (_, before) -> before |> Examples.iter _.Dispose()
                | _ -> ()

                kept[place] <- struct (seed, own))

            made

    interface IDisposable with
        member _.Dispose() =
            lock kept (fun () ->
                for struct (_, example) in kept.Values do
                    example |> Examples.iter _.Dispose()

                kept.Clear())
