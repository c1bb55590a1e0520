namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// How the step size of an optimizer changes with time, which is counted in epochs or in steps (`lr_scheduler_interval` of an
/// application). Names, parameters and defaults are PyTorch's.
[<Group "Schedules">]
module internal Schedules =

    let private share name standard documentation =
        Key.number name standard documentation
        |> Param.withCheck "a float above 0 and at most 1" (fun x -> x > 0.0 && x <= 1.0)

    let stepSize = Key.positive "step_size" "After how long the step size falls, again and again."
    let gamma = Key.notNegative "gamma" 0.1 "What the step size is multiplied by."

    let milestones =
        Param.ints "milestones"
        |> Param.withCheck "growing numbers above 0" (fun times ->
            List.forall (fun (a, b) -> a < b) (List.pairwise (0 :: times)))
        |> Param.withDocumentation "When the step size falls, or the next schedule begins."

    let factor =
        Key.notNegative "factor" (1.0 / 3.0) "What the step size is multiplied by."
        |> Param.withCheck "a float from 0 to 1" (fun x -> x >= 0.0 && x <= 1.0)

    let startFactor = share "start_factor" (1.0 / 3.0) "What the step size is multiplied by at first."

    let endFactor =
        Key.notNegative "end_factor" 1.0 "What the step size is multiplied by in the end."
        |> Param.withCheck "a float from 0 to 1" (fun x -> x >= 0.0 && x <= 1.0)

    let totalIters = Key.positive "total_iters" "How long the step size changes." |> Param.withDefault 5
    let power = Key.number "power" 1.0 "The power of the polynomial."
    let tMax = Key.positive "T_max" "How long the step size falls before it rises again: half of a period."
    let etaMin = Key.notNegative "eta_min" 0.0 "The smallest step size."
    let t0 = Key.positive "T_0" "How long it is to the first restart."

    let tMult =
        Key.positive "T_mult" "How many times longer each period is than the one before."
        |> Param.withDefault 1

    let maxLr =
        Param.float "max_lr"
        |> Param.withDocumentation "The largest step size."
        |> Param.withCheck "a float of at least 0" (fun x -> x >= 0.0)

    let totalSteps = Key.positive "total_steps" "How long the cycle is; the step size of its end stays."

    let pctStart =
        Key.number "pct_start" 0.3 "For which part of the cycle the step size grows."
        |> Param.withCheck "a float from 0 to 1" (fun x -> x >= 0.0 && x <= 1.0)

    let annealStrategy =
        Key.choice [ "cos"; "linear" ] "anneal_strategy" "cos" "How the step size goes from one to the next."

    let cycleMomentum = Key.flag "cycle_momentum" true "Whether the momentum falls while the step size grows."
    let baseMomentum = Key.notNegative "base_momentum" 0.85 "The smallest momentum."
    let maxMomentum = Key.notNegative "max_momentum" 0.95 "The largest momentum."
    let divFactor = Key.number "div_factor" 25.0 "How many times smaller than the largest the first step size is."

    let finalDivFactor =
        Key.number "final_div_factor" 1e4 "How many times smaller than the first the last step size is."

    let threePhase = Key.flag "three_phase" false "Whether it first falls as long as it grew, and then to the last."

    let mode = Key.choice [ "min"; "max" ] "mode" "min" "Whether the metric should fall or grow."

    let patience =
        Param.int "patience"
        |> Param.atLeast 0
        |> Param.withDefault 10
        |> Param.withDocumentation "After how many epochs that were no better it falls."

    let threshold = Key.notNegative "threshold" 1e-4 "Only what is better by more than this counts as better."

    let thresholdMode =
        Key.choice [ "rel"; "abs" ] "threshold_mode" "rel" "Whether the threshold is a part of the best value."

    let cooldown =
        Param.int "cooldown"
        |> Param.atLeast 0
        |> Param.withDefault 0
        |> Param.withDocumentation "For how many epochs nothing counts after it fell."

    let minLr = Key.notNegative "min_lr" 0.0 "The smallest step size."
    let eps = Key.notNegative "eps" 1e-8 "Smaller changes are left out."

    let private noForward: ShapeRule =
        fun _ inputs -> Rule.fail "no call: a schedule has no forward pass" $"{string inputs.Length} inputs"

    let definition =
        Definition.primitive "LRScheduler" [] noForward
        |> Definition.withDocumentation "What all schedules are special cases of."

    /// A kind of schedule: it has no forward pass.
    let kind id (parameters: Param list) : Definition =
        Definition.primitive id parameters noForward |> Definition.withBase definition

    let private described id documentation (definition: Definition) =
        definition
        |> Definition.withDocumentation documentation
        |> Definition.withShapes "no forward pass"
        |> Definition.withSource $"torch.optim.lr_scheduler.{id}"

    let private create id parameters documentation =
        kind id parameters |> described id documentation |> ScheduleExamples.add

    let stepDefinition = create "StepLR" [ stepSize; gamma ] "The step size falls each time so much time has passed."
    let multiStepDefinition = create "MultiStepLR" [ milestones; gamma ] "The step size falls at each milestone."

    let constantDefinition = create "ConstantLR" [ factor; totalIters ] "The step size is smaller until a time."

    let linearDefinition =
        create
            "LinearLR"
            [ startFactor; endFactor; totalIters ]
            "The step size goes evenly from one factor to another: a warm-up."

    let exponentialDefinition =
        create "ExponentialLR" [ gamma.With(fun p -> { p with Default = Unset }) ] "The step size falls each time."

    let polynomialDefinition = create "PolynomialLR" [ totalIters; power ] "The step size falls to 0 as a polynomial."

    let cosineDefinition =
        create "CosineAnnealingLR" [ tMax; etaMin ] "The step size follows a cosine."
        |> Definition.withSource "Loshchilov and Hutter, 2017, SGDR: Stochastic Gradient Descent with Warm Restarts"

    let cosineRestartsDefinition =
        create
            "CosineAnnealingWarmRestarts"
            [ t0; tMult; etaMin ]
            "The step size follows a cosine down, and starts again."
        |> Definition.withSource "Loshchilov and Hutter, 2017, SGDR: Stochastic Gradient Descent with Warm Restarts"

    let oneCycleDefinition =
        create
            "OneCycleLR"
            [
                maxLr
                totalSteps
                pctStart
                annealStrategy
                cycleMomentum
                baseMomentum
                maxMomentum
                divFactor
                finalDivFactor
                threePhase
            ]
            "The step size grows to the largest and falls to the last, the momentum the other way round."
        |> Definition.withSource "Smith and Topin, 2018, Super-Convergence"

    let plateauDefinition =
        create
            "ReduceLROnPlateau"
            [ mode; Param.withDefault 0.1 factor; patience; threshold; thresholdMode; cooldown; minLr; eps ]
            "The step size falls when a metric no longer gets better (`lr_scheduler_monitor` of an application)."

    let schedulers =
        Param.specs "schedulers"
        |> Param.withDocumentation "The schedules, in order; they are named 0, 1, …"

    let intervalNamed name documentation = Key.choice [ "epoch"; "step" ] name "epoch" documentation

    let frequencyNamed name =
        Key.positive name "After how many epochs, or steps, the time of a schedule goes on by one: 1 for each."
        |> Param.withDefault 1

    let monitorNamed name = Param.text name |> Param.withDefault "val_loss"

    let private several id parameters check documentation =
        Definition.create id (schedulers :> Param :: parameters) (fun a ->
            init {
                for i, spec in List.indexed (a.Get schedulers) do
                    let! _ = child (string i) spec
                    ()

                return NoForward
            })
        |> Definition.withBase definition
        |> Definition.withCheck check
        |> described id documentation

    let sequentialDefinition =
        let check (a: Arguments) : (Param * string) list =
            match a.TryGet schedulers, a.TryGet milestones with
            | Some several, Some times when several.Length <> times.Length + 1 ->
                [ milestones, $"one fewer than the {string several.Length} schedulers" ]
            | _ -> []

        several "SequentialLR" [ milestones ] check "Schedules one after another: each begins anew at its milestone."
        |> ScheduleExamples.addOf
            [
                schedulers
                => [
                    Spec.create linearDefinition (Map.ofList [ startFactor => 0.5; totalIters => 2 ])
                    Spec.create exponentialDefinition (Map.ofList [ gamma => 0.5 ])
                ]
            ]

    let chainedDefinition =
        several
            "ChainedScheduler"
            []
            (fun _ -> [])
            "Schedules at once: the step size is multiplied by what each of them multiplies it by."
        |> ScheduleExamples.addOf
            [
                schedulers
                => [
                    Spec.create constantDefinition (Map.ofList [ factor => 0.5; totalIters => 3 ])
                    Spec.create exponentialDefinition (Map.ofList [ gamma => 0.5 ])
                ]
            ]

    let scheduler = Param.spec "scheduler" |> Param.withDocumentation "How the step size changes."

    let optimizer =
        Param.text "optimizer"
        |> Key.nullable
        |> Param.withDocumentation
            "The name of the optimizer whose step size it is; null for all that have no schedule of their own."

    let interval =
        intervalNamed "interval" "In what the time is counted: in epochs, or in the steps of the optimizer."

    let frequency = frequencyNamed "frequency"

    let monitor = monitorNamed "monitor" |> Param.withDocumentation "The metric that ReduceLROnPlateau follows."

    let configDefinition =
        Definition.create "LRSchedulerConfig" [ scheduler; optimizer; interval; frequency; monitor ] (fun a ->
            init {
                let! _ = child "scheduler" (a.Get scheduler)
                return NoForward
            })
        |> Definition.withDocumentation
            "The schedule of one of several optimizers, and how its time goes: a child, under any name, of an application of one's own."
        |> Definition.withShapes "no forward pass"
        |> Definition.withSource "PyTorch Lightning, LRSchedulerConfig"
        |> Definition.withPositional [ scheduler ]
        |> ScheduleExamples.addOf
            [ scheduler => Spec.create stepDefinition (Map.ofList [ stepSize => 2; gamma => 0.5 ]) ]
