namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// The examples of schedules: arguments, and the step sizes that begin with 0.1. What PyTorch gives for them is recorded by
/// tests/Unit/reference/examples.py.
module internal ScheduleExamples =
    let private halved = [ 0.1; 0.1; 0.05; 0.05; 0.025; 0.025 ]

    let private table: (string * (string * Value) list * float list) list =
        [
            "StepLR", [ "step_size" => 2; "gamma" => 0.5 ], halved
            "MultiStepLR", [ "milestones" => [ 2; 5 ]; "gamma" => 0.5 ], [ 0.1; 0.1; 0.05; 0.05; 0.05; 0.025 ]
            "ConstantLR", [ "factor" => 0.5; "total_iters" => 3 ], [ 0.05; 0.05; 0.05; 0.1; 0.1; 0.1 ]
            "LinearLR", [ "start_factor" => 0.2; "total_iters" => 4 ], [ 0.02; 0.04; 0.06; 0.08; 0.1; 0.1 ]
            "ExponentialLR", [ "gamma" => 0.5 ], [ 0.1; 0.05; 0.025; 0.0125; 0.0063; 0.0031 ]
            "PolynomialLR", [], [ 0.1; 0.08; 0.06; 0.04; 0.02; 0.0 ]
            "CosineAnnealingLR", [ "T_max" => 5 ], [ 0.1; 0.0905; 0.0655; 0.0345; 0.0095; 0.0 ]
            "CosineAnnealingWarmRestarts", [ "T_0" => 3 ], [ 0.1; 0.075; 0.025; 0.1; 0.075; 0.025 ]
            "OneCycleLR", [ "max_lr" => 0.1; "total_steps" => 6 ], [ 0.004; 0.0994; 0.0812; 0.0463; 0.0133; 0.0 ]
            "ReduceLROnPlateau", [ "patience" => 1 ], [ 0.1; 0.1; 0.1; 0.1; 0.01; 0.01 ]
            "SequentialLR", [ "milestones" => [ 2 ] ], [ 0.05; 0.075; 0.1; 0.05; 0.025; 0.0125 ]
            "ChainedScheduler", [], [ 0.05; 0.025; 0.0125; 0.0125; 0.0063; 0.0031 ]
            "LRSchedulerConfig", [ "interval" => "step" ], halved
        ]

    // What those that follow a metric follow.
    let private inputs id =
        if id = "ReduceLROnPlateau" then [ Example.numbers [ 5 ] [ 1.0; 0.5; 0.5; 0.5; 0.5 ] ] else []

    /// A definition with its example, which has these arguments besides.
    let addOf (more: (string * Value) list) (definition: Definition) : Definition =
        let id, arguments, rates = table |> List.find (fun (id, _, _) -> id = definition.Id)

        definition |> Definition.withExample (more @ arguments) (inputs id) |> Definition.withOutputs rates

    /// A definition with its example.
    let add (definition: Definition) : Definition = addOf [] definition
