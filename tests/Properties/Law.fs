/// How laws are checked: how many cases, from which seed. `DEEPLAY_CASES=100000` for more, `DEEPLAY_SEED=1,3` (two
/// numbers, as a failure prints them) to repeat, `DEEPLAY_SHRINK=0` to see the first failure as it was found.
module Deeplay.Properties.Law

open System
open FsCheck
open FsCheck.FSharp
open Deeplay.Properties.Render

let private variable name =
    match Environment.GetEnvironmentVariable name with
    | null
    | "" -> None
    | text -> Some text

/// How many cases each law is tried on.
let cases = variable "DEEPLAY_CASES" |> Option.map int |> Option.defaultValue 1000

let private config =
    let config = Config.QuickThrowOnFailure.WithMaxTest(cases).WithQuietOnSuccess(true)

    match variable "DEEPLAY_SEED" with
    | None -> config
    | Some text ->
        match text.Split([| ','; '('; ')'; ' ' |], StringSplitOptions.RemoveEmptyEntries) with
        | [| seed; gamma |] ->
            config.WithReplay(
                Some
                    {
                        Rnd = Rnd(uint64 seed, uint64 gamma)
                        Size = None
                    }
            )
        | _ -> failwith "DEEPLAY_SEED must be two numbers with a comma between, as a failure prints them"

let private shrinks = variable "DEEPLAY_SHRINK" <> Some "0"

/// Checks a law on values of a generator.
let forAll (arbitrary: Arbitrary<'a>) (law: 'a -> unit) =
    let arbitrary =
        if shrinks then
            arbitrary
        else
            Arb.fromGen (Arb.toGen arbitrary)

    Check.One(config, Prop.forAll arbitrary law)

/// Random scenarios that print as code and shrink.
let scenarios =
    Arb.fromGenShrink (
        Generators.scenario |> Gen.map (fun s -> { Scenario = s }),
        fun case ->
            Shrink.scenario case.Scenario
            |> Seq.filter Generators.isSound
            |> Seq.map (fun s -> { Scenario = s })
    )

/// Prints figures where `DEEPLAY_COVERAGE=1` asks for them.
let report (figures: string) =
    Xunit.TestContext.Current.SendDiagnosticMessage figures

    if variable "DEEPLAY_COVERAGE" = Some "1" then
        Console.WriteLine figures

/// Fails with a text that says what is wrong.
let fail (problem: string) : unit =
    raise (Xunit.Sdk.XunitException problem)

/// Fails unless the condition holds.
let demand what condition =
    if not condition then
        fail $"broken: {what}"

/// Fails where two accounts differ.
let same what expected found =
    match Rows.difference expected found with
    | Some difference -> fail $"{what}\n   {difference}"
    | None -> ()
