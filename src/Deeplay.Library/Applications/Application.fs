namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// What has all it takes to train a model: the model, a loss, an optimizer and metrics.
module internal Applications =
    let model = Param.spec "model" |> Param.withDocumentation "What is trained."

    let loss =
        Param.spec "loss"
        |> Param.withDocumentation "Compares what the model gives with the targets, and gives one number for a batch."

    let optimizer =
        Param.spec "optimizer"
        |> Param.withDefault (Spec.create Optimizers.adamDefinition (Map.ofList [ Optimizers.lr => 1e-3 ]))
        |> Param.withDocumentation "Makes the steps."

    let lrScheduler =
        Key.optionalSpec "lr_scheduler" "How the step size changes with time; null for a step size that stays."

    let lrSchedulerInterval =
        Schedules.intervalNamed "lr_scheduler_interval" "In what the time of lr_scheduler is counted."

    let lrSchedulerFrequency = Schedules.frequencyNamed "lr_scheduler_frequency"

    let lrSchedulerMonitor =
        Schedules.monitorNamed "lr_scheduler_monitor"
        |> Param.withDocumentation "The metric that ReduceLROnPlateau follows."

    let metrics =
        Param.specs "metrics"
        |> Key.optional "What is measured in training, validation and tests; null for what suits the loss."

    let private metricsOf stage words =
        Param.specs $"{stage}_metrics"
        |> Param.withDefault []
        |> Param.withDocumentation $"What is measured {words} besides."

    let trainMetrics = metricsOf "train" "in training"
    let valMetrics = metricsOf "val" "in validation"
    let testMetrics = metricsOf "test" "in tests"

    // What the loss tells of targets and outputs, by keys that metrics may have.
    let private told (loss: Node) : (string * Value) list =
        let is kinds = kinds |> List.exists (fun (kind: Definition) -> loss.Definition.Is kind)

        let classes = [ Losses.crossEntropyDefinition; Losses.nllDefinition ]

        [
            if is classes then ClassMetricKey.ignoreIndex => Some(loss.Arguments.Get Losses.ignoreIndex)

            if is (Losses.bceWithLogitsDefinition :: classes) then ClassMetricKey.fromLogits => true
            elif is [ Losses.bceDefinition ] then ClassMetricKey.fromLogits => false
        ]

    let private collect stage (metrics: ModuleSpec list) told : Init<unit> =
        let specs = [ for metric in metrics -> Value.Module metric ]
        let spec = Spec.create MetricCollection.definition (Map.ofList [ MetricCollection.metrics.Name, List specs ])

        init {
            let! collection = child $"{stage}_metrics" spec

            if not (metrics.IsEmpty || List.isEmpty told) then
                let! made = observe collection

                for metric in made.Children do
                    for name, value in told do
                        if metric.Own.Definition.Signature.Has name then
                            do! configure (collection / metric.Name) name value
        }

    /// An application of these parameters beside those that all have. `suiting` are the metrics it has where none are given,
    /// for the loss that it has; `pass` is what is compared with targets.
    let private create
        id
        (loss: Param<ModuleSpec>)
        (parameters: Param list)
        (suiting: Arguments -> Node -> ModuleSpec list)
        (pass: Handle -> Forward)
        =
        let common: Param list =
            [
                model
                loss
                optimizer
                lrScheduler
                lrSchedulerInterval
                lrSchedulerFrequency
                lrSchedulerMonitor
                metrics
                trainMetrics
                valMetrics
                testMetrics
            ]

        Definition.create id (common @ parameters) (fun a ->
            init {
                let! compares = child "loss" (a.Get loss)
                let! _ = child "optimizer" (a.Get optimizer)

                match a.Get lrScheduler with
                | Some schedule ->
                    let! _ = child "lr_scheduler" schedule
                    ()
                | None -> ()

                let! compares = observe compares
                let measured = a.Get metrics |> Option.defaultWith (fun () -> suiting a compares)
                let told = told compares
                do! collect "train" (measured @ a.Get trainMetrics) told
                do! collect "val" (measured @ a.Get valMetrics) told
                do! collect "test" (measured @ a.Get testMetrics) told
                let! model = child "model" (a.Get model)
                return pass model
            })

    /// What can be trained: all applications, and those of one's own.
    let trainable =
        Definition.create "Trainable" [] (fun _ -> init { return NoForward })
        |> Definition.withDocumentation "What can be trained."
        |> Definition.withShapes "no forward pass"

    let definition =
        create "Application" loss [] (fun _ _ -> []) forwardTo
        |> Definition.withBase trainable
        |> Definition.withDocumentation "A model with a loss and an optimizer: what it gives is compared with targets."

    /// A special case: with a loss and metrics that it has where none are given, and what of its model is compared.
    let defineWith id (kind: Definition) documentation parameters suiting pass =
        let loss = loss |> Param.withDefault (Spec.create kind Map.empty) |> Param.withDocumentation documentation
        create id loss parameters suiting pass |> Definition.withBase definition

    /// The same, where the model is compared as it is.
    let define id (kind: Definition) documentation parameters suiting =
        defineWith id kind documentation parameters suiting forwardTo
        |> Definition.withSource $"Deeplay, {id}"

    let regressorDefinition =
        define "Regressor" Losses.l1Definition "Compares numbers with the targets." [] (fun _ _ -> [])
        |> Definition.withDocumentation "Trains a model to give numbers."
        |> Definition.withPositional [ model ]
        |> Definition.withShapes "what the model takes → numbers of the targets' shape"
        |> Definition.withExample [ model => Samples.linear 16 1 ] [ Example.tensor [ 2; 16 ] ]
