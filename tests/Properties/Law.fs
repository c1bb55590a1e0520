/// How laws are checked: how many cases, from which seed. `DEEPLAY_CASES=100000` for more, `DEEPLAY_SEED=1,3` (two
/// numbers, or what a failure prints) to repeat, `DEEPLAY_SHRINK=0` to see the first failure as it was found.
module Deeplay.Properties.Law

open System
open Expecto
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

/// How many where a case takes long, as building a model does: a quarter, unless the number is told.
let fewer = if (variable "DEEPLAY_CASES").IsSome then cases else cases / 4

/// Where the random numbers start, if told: `1,3`, or as a failure prints it, `(1UL, 3UL)` or `(1UL, 3UL, Some 4)`.
let private replay =
    variable "DEEPLAY_SEED"
    |> Option.map (fun text ->
        match text.Split([| ','; '('; ')'; ' '; 'U'; 'L' |], StringSplitOptions.RemoveEmptyEntries) with
        | [| seed; gamma |]
        | [| seed; gamma; "None" |] -> uint64 seed, uint64 gamma, None
        | [| seed; gamma; "Some"; size |] -> uint64 seed, uint64 gamma, Some(int size)
        | _ -> failwith "DEEPLAY_SEED must be two numbers with a comma between, or what a failure prints")

let private shrinks = variable "DEEPLAY_SHRINK" <> Some "0"

let private property (arbitrary: Arbitrary<'a>) (law: 'a -> unit) =
    let arbitrary = if shrinks then arbitrary else Arb.fromGen (Arb.toGen arbitrary)

    Prop.forAll arbitrary law

let private lawOn count name arbitrary check =
    let config = { FsCheckConfig.defaultConfig with maxTest = count; replay = replay }

    testPropertyWithConfig config name (property arbitrary check)

/// A test that checks a law on values of a generator.
let law name arbitrary check = lawOn cases name arbitrary check

/// The same on `fewer` cases.
let longLaw name arbitrary check = lawOn fewer name arbitrary check

let private forAllOf count arbitrary check =
    let replay = replay |> Option.map (fun (seed, gamma, size) -> { Rnd = Rnd(seed, gamma); Size = size })

    let config = Config.QuickThrowOnFailure.WithMaxTest(count).WithQuietOnSuccess(true).WithReplay replay

    Check.One(config, property arbitrary check)

/// Checks a law within a test that does more than this.
let forAll arbitrary check = forAllOf cases arbitrary check

/// The same on `fewer` cases.
let longForAll arbitrary check = forAllOf fewer arbitrary check

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
let report (figures: string) = if variable "DEEPLAY_COVERAGE" = Some "1" then Console.WriteLine figures

/// Fails with a text that says what is wrong.
let fail (problem: string) : unit = failtestNoStack problem

/// Fails unless the condition holds.
let demand what condition = if not condition then fail $"broken: {what}"

/// Fails where two accounts differ.
let same what expected found =
    match Rows.difference expected found with
    | Some difference -> fail $"{what}\n   {difference}"
    | None -> ()
