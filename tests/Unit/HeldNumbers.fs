/// TorchSharp does not keep a `Scalar` alive while libtorch reads it, so that one nobody holds may be collected meanwhile: an
/// error of libtorch, or the end of the process, once in some ten thousand calls beside threads that make garbage. No run
/// shows that such a fault is not there, and so what our assembly calls of TorchSharp is read.
module Deeplay.Tests.HeldNumbers

open System
open System.Collections.Generic
open Mono.Cecil
open Expecto
open TorchSharp

let private assembly (of': Type) = AssemblyDefinition.ReadAssembly of'.Assembly.Location

let rec private types (all: TypeDefinition seq) : TypeDefinition seq =
    all |> Seq.collect (fun t -> Seq.append [ t ] (types t.NestedTypes))

let private methods (assembly: AssemblyDefinition) =
    types assembly.MainModule.Types |> Seq.collect _.Methods |> Seq.filter _.HasBody |> List.ofSeq

// What a method calls, and what its closures are made of.
let private callees (m: MethodDefinition) =
    [
        for instruction in m.Body.Instructions do
            match instruction.Operand with
            | :? MethodReference as callee -> yield! callee.Resolve() |> Option.ofObj |> Option.toList
            | _ -> ()
    ]

let private makesNumber (m: MethodDefinition) =
    m.ReturnType.Name = nameof Scalar && (m.Name = "op_Implicit" || m.Name = "ToScalar")

/// The methods of TorchSharp that make a number, hold it in no `using` and hand it to nobody.
let private faults (torchSharp: MethodDefinition list) =
    torchSharp
    |> List.filter (fun m ->
        m.DeclaringType.Name <> nameof Scalar
        && List.exists makesNumber (callees m)
        && not (callees m |> List.exists (fun callee -> callee.Name = "Dispose")))
    |> List.map _.FullName
    |> HashSet

/// The way from a method to one of the faults, if there is any. Whoever makes a module or an optimizer has it run.
let private wayToFault
    (faults: HashSet<string>)
    (bodies: IDictionary<string, MethodDefinition>)
    isBase
    (start: string)
    =
    let seen = HashSet [ start ]
    let waiting = Queue [ [ start ] ]
    let mutable found = None

    while found.IsNone && waiting.Count > 0 do
        let way = waiting.Dequeue()
        let m = bodies[List.head way]

        if faults.Contains m.FullName then
            found <- Some(List.rev way)
        else
            let runs =
                if m.IsConstructor && not isBase then
                    m.DeclaringType.Methods |> Seq.filter (fun m -> m.Name = "forward" || m.Name = "step") |> List.ofSeq
                else
                    []

            for next in callees m @ runs do
                if bodies.ContainsKey next.FullName && seen.Add next.FullName then
                    waiting.Enqueue(next.FullName :: way)

    found

/// What is known to be left. TorchSharp has no other way to the first; the second makes one of each number it is given, and
/// is given tensors and flags alone.
let private known = set [ "Tensor::softplus("; "ScriptModule::DetermineArgumentTypeRefs(" ]

[<Tests>]
let tests =
    testList
        "HeldNumbers"
        [
            testCase "what is called of TorchSharp makes no number that could be collected while it is read" (fun () ->
                let torchSharp = methods (assembly typeof<torch>)
                let bodies = dict [ for m in torchSharp |> List.distinctBy _.FullName -> m.FullName, m ]
                let faults = faults torchSharp
                Assert.isTrue (faults.Count > 50)

                let ways =
                    [
                        for m in
                            [ typeof<Deeplay.Torch.BuildOptions>; typeof<Deeplay.Plots.Picture> ]
                            |> List.collect (assembly >> methods) do
                            for callee in callees m |> List.filter (fun callee -> bodies.ContainsKey callee.FullName) do
                                // What is derived from a module has a forward pass of its own.
                                let isBase =
                                    m.IsConstructor
                                    && callee.IsConstructor
                                    && m.DeclaringType.BaseType.FullName = callee.DeclaringType.FullName

                                match wayToFault faults bodies isBase callee.FullName with
                                | Some way -> $"{m.FullName} calls\n  " + String.Join("\n  ", way)
                                | None -> ()
                    ]

                let isKnown (way: string) = known |> Set.exists way.Contains
                Assert.equal [] (List.filter (isKnown >> not) ways)
                // Whoever mends one of them takes it off the list.
                Assert.equal
                    []
                    [
                        for one in known do
                            if not (ways |> List.exists _.Contains(one)) then one
                    ])
        ]
