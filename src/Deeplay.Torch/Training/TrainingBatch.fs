namespace Deeplay.Torch

open Deeplay.Core
open TorchSharp

/// A batch to learn from: how an application steps.
[<Sealed>]
type internal TrainingBatch
    (
        application: Application,
        options: FitOptions,
        examples: Examples,
        time: BatchTime,
        // Whether its gradients end in a step, rather than being gathered for a later batch.
        isStepped: bool,
        stage: Stage
    ) =
    inherit StepWork()
    let mutable first: Tensor = null

    let where () = $"step {string time.Step}, batch {string time.Batch} of epoch {string time.Epoch}"

    // Several batches give the mean of their gradients.
    let backward (loss: Tensor) =
        if options.AccumulateBatches = 1 then
            loss.backward ()
        else
            use batches = Numbers.whole (int64 options.AccumulateBatches)
            (loss.div batches).backward()

    /// The step sizes of the epoch that begins.
    static member SetPaces(application: Application) : unit =
        for name, pace in application.Paces do
            if not pace.OfSteps then
                let time = int64 application.History.Epochs.Length
                application.FindOptimizer(name).Stepping.Set(pace.At(time, application.History))

    /// The first loss that was minimized; null where none was.
    member _.Loss = first

    override _.Arguments = application.Outline.Root.Arguments
    override _.Inputs = examples.Inputs
    override _.Targets = examples.Targets
    override _.Epoch = time.Epoch
    override _.Batch = time.Batch
    override _.Step = application.Steps
    override _.Module name = application.Parts.Find name
    override _.Call(name, inputs) = application.Parts.Call(name, inputs)
    override _.Log(name, value) = stage.Log(name, value, examples.Count)

    override _.Minimize(name, lossOf, isRepeatable) =
        let optimizer = application.FindOptimizer name
        let wrong expected found = Fail.with' (Malformed(application.Spec.Definition.Id, expected, found))

        if optimizer.Stepping.Evaluates && not isRepeatable then
            wrong $"a function that computes the loss of '{name}', which it does several times" "a loss"

        if optimizer.Stepping.Evaluates && options.AccumulateBatches > 1 then
            wrong $"1 batch for a step of '{name}'" (string options.AccumulateBatches)

        // The loss and its gradients, beside those that are there.
        let evaluate () =
            let loss: Tensor = lossOf ()

            if loss.NumberOfElements <> 1L then
                wrong $"one number as the loss of '{name}'" (string (Shape.known loss.shape))

            if options.CheckFinite then
                Finite.check application name where loss examples.Inputs examples.Targets

            if isNull first then first <- loss
            // Another loss may have reached these parameters, or this one before.
            if application.Supervised.IsNone || optimizer.Stepping.Evaluates then optimizer.ZeroGrad()
            backward loss

            if isStepped then
                match options.GradientClip with
                | ByNorm limit -> optimizer.ClipGradNorm limit
                | ByValue limit -> optimizer.ClipGradValue limit
                | NoClip -> ()

            loss

        // What one more evaluation makes goes with it.
        let evaluateAgain () =
            if isNull first then
                Numbers.read (evaluate ())
            else
                use _scope = torch.NewDisposeScope()
                Numbers.read (evaluate ())

        for paced, pace in application.Paces do
            if isStepped && paced = name && pace.OfSteps then
                optimizer.Stepping.Set(pace.At(optimizer.Steps, application.History))

        if optimizer.Stepping.Evaluates then
            optimizer.Stepping.StepBy evaluateAgain
        else
            evaluate () |> ignore
            if isStepped then optimizer.Step()

        if isStepped then
            optimizer.Steps <- optimizer.Steps + 1L
            application.Steps <- application.Steps + 1L
