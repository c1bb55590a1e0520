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
    inherit StepContext()
    let mutable first: Tensor = null

    let where () = $"step {string time.Step}, batch {string time.Batch} of epoch {string time.Epoch}"

    // Several batches give the mean of their gradients.
    let backward (loss: Tensor) =
        if options.AccumulateBatches = 1 then
            loss.backward ()
        else
            use batches = Numbers.whole (int64 options.AccumulateBatches)
            (loss.div batches).backward()

    /// The step size of this step, or of the epoch that begins.
    static member SetPace(application: Application, ofStep: bool) : unit =
        match application.Pace with
        | Some pace when pace.OfSteps = ofStep ->
            let time = if ofStep then application.Steps else int64 application.History.Epochs.Length

            for optimizer in application.Optimizers.Values do
                optimizer.Set(pace.At(time, application.History))
        | _ -> ()

    /// The first loss that was minimized; null where none was.
    member _.Loss = first

    override _.Inputs = examples.Inputs
    override _.Targets = examples.Targets
    override _.Epoch = time.Epoch
    override _.Batch = time.Batch
    override _.Step = application.Steps
    override _.Module name = application.Part name
    override _.Log(name, value) = stage.Log(name, value, examples.Count)

    override _.Minimize(name, loss) =
        let optimizer = application.FindOptimizer name

        if loss.NumberOfElements <> 1L then
            let found = string (Shape.known loss.shape)
            Fail.with' (Malformed($"{application.Spec.Definition.Id}, loss of '{name}'", "one number", found))

        if options.CheckFinite then
            Finite.check application name where loss examples.Inputs examples.Targets

        if isNull first then first <- loss
        // Another loss may have reached these parameters.
        if application.Supervised.IsNone then optimizer.ZeroGrad()
        backward loss

        if isStepped then
            match options.GradientClip with
            | ByNorm limit -> optimizer.ClipGradNorm limit
            | ByValue limit -> optimizer.ClipGradValue limit
            | NoClip -> ()

            TrainingBatch.SetPace(application, true)
            optimizer.Step()
            application.Steps <- application.Steps + 1L
