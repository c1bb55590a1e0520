namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// What the examples of a kind of classification measure, outputs and targets: by themselves, and of areas for Dice's
/// coefficient; and what each metric gives for them.
[<NoComparison>]
type internal ClassExample =
    {
        Each: ExampleInput * ExampleInput
        Areas: ExampleInput * ExampleInput
        Gives: (string * float list) list
    }

    /// A definition of this kind with its example.
    member this.Add(kind: string, definition: Definition) : Definition =
        let outputs, targets = if kind = "DiceScore" then this.Areas else this.Each
        let gives = List.pick (fun (known, gives) -> if known = kind then Some gives else None) this.Gives
        Metrics.measuring outputs targets gives definition

/// What scikit-learn gives for these is recorded by tests/Unit/reference/examples.py.
[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module internal ClassExample =
    let binary: ClassExample =
        {
            Each =
                Example.numbers [ 8 ] [ 0.9; 0.8; 0.6; 0.4; 0.3; 0.7; 0.2; 0.1 ],
                Example.wholes [ 8 ] [ 1; 1; 1; 1; 1; 0; 0; 0 ]
            Areas =
                Example.numbers [ 2; 4 ] [ 0.9; 0.8; 0.2; 0.1; 0.6; 0.3; 0.7; 0.1 ],
                Example.wholes [ 2; 4 ] [ 1; 1; 0; 0; 1; 1; 0; 0 ]
            Gives =
                [
                    "Accuracy", [ 0.625 ]
                    "Precision", [ 0.75 ]
                    "Recall", [ 0.6 ]
                    "Specificity", [ 0.6667 ]
                    "F1Score", [ 0.6667 ]
                    "JaccardIndex", [ 0.5 ]
                    "DiceScore", [ 0.75 ]
                    "ConfusionMatrix", [ 2.0; 1.0; 2.0; 3.0 ]
                    "AUROC", [ 0.8 ]
                    "AveragePrecision", [ 0.8767 ]
                ]
        }

    let multiclass: ClassExample =
        {
            Each =
                Example.numbers [ 3; 3 ] [ 0.8; 0.1; 0.1; 0.3; 0.4; 0.3; 0.5; 0.2; 0.3 ],
                Example.wholes [ 3 ] [ 0; 1; 2 ]
            Areas =
                Example.numbers [ 1; 2; 4 ] [ 0.9; 0.6; 0.3; 0.2; 0.1; 0.4; 0.7; 0.8 ],
                Example.wholes [ 1; 4 ] [ 0; 1; 1; 1 ]
            Gives =
                [
                    "Accuracy", [ 0.6667 ]
                    "Precision", [ 0.5 ]
                    "Recall", [ 0.6667 ]
                    "Specificity", [ 0.8333 ]
                    "F1Score", [ 0.5556 ]
                    "JaccardIndex", [ 0.5 ]
                    "DiceScore", [ 0.7333 ]
                    "ConfusionMatrix", [ 1.0; 0.0; 0.0; 0.0; 1.0; 0.0; 1.0; 0.0; 0.0 ]
                    "AUROC", [ 0.9167 ]
                    "AveragePrecision", [ 0.8333 ]
                ]
        }

    let multilabel: ClassExample =
        {
            Each =
                Example.numbers [ 3; 2 ] [ 0.9; 0.2; 0.6; 0.7; 0.4; 0.8 ], Example.wholes [ 3; 2 ] [ 1; 0; 0; 1; 1; 1 ]
            Areas =
                Example.numbers [ 1; 2; 4 ] [ 0.9; 0.6; 0.3; 0.2; 0.1; 0.4; 0.7; 0.8 ],
                Example.wholes [ 1; 2; 4 ] [ 1; 0; 0; 0; 0; 1; 1; 1 ]
            Gives =
                [
                    "Accuracy", [ 0.6667 ]
                    "Precision", [ 0.75 ]
                    "Recall", [ 0.75 ]
                    "Specificity", [ 0.5 ]
                    "F1Score", [ 0.75 ]
                    "JaccardIndex", [ 0.6667 ]
                    "DiceScore", [ 0.7333 ]
                    "ConfusionMatrix", [ 0.0; 1.0; 1.0; 1.0; 1.0; 0.0; 0.0; 2.0 ]
                    "AUROC", [ 0.75 ]
                    "AveragePrecision", [ 0.9167 ]
                ]
        }
