namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// Metrics that are logged together.
[<Group "Metrics">]
module internal MetricCollection =
    let metrics =
        Param.specs "metrics"
        |> Param.withDefault []
        |> Param.withDocumentation "The metrics, each named by its kind; another of one kind gets a number."

    // A name for each, as torchmetrics names them: by kind.
    let private names (specs: ModuleSpec list) =
        let nameOf taken (spec: ModuleSpec) =
            let id = spec.Definition.Id
            let fits name = not (List.contains name taken)
            let name = Seq.append [ id ] (Seq.initInfinite (fun i -> $"{id}_{string (i + 1)}")) |> Seq.find fits
            name, name :: taken

        List.mapFold nameOf [] specs |> fst

    let definition =
        Definition.create "MetricCollection" [ metrics ] (fun a ->
            let specs = a.Get metrics

            init {
                for name, spec in List.zip (names specs) specs do
                    let! _ = child name spec
                    ()

                return NoForward
            })
        |> Definition.withDocumentation "Metrics that are measured together."
        |> Definition.withExample
            [
                metrics
                => [
                    Spec.create BinaryMetrics.accuracyDefinition Map.empty
                    Spec.create BinaryMetrics.f1Definition Map.empty
                ]
            ]
            []
        |> Definition.withPositional [ metrics ]
        |> Definition.withShapes "no forward pass of its own"
        |> Definition.withSource "torchmetrics, MetricCollection"
