namespace Deeplay.Torch

open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open TorchSharp

/// What is done with a batch, in training or validation.
[<AbstractClass>]
type internal StepWork() =
    /// The parameters of the application.
    abstract Arguments: Arguments
    abstract Inputs: Inputs
    abstract Targets: Tensor
    abstract Epoch: int
    abstract Batch: int64
    abstract Step: int64
    abstract Module: name: string -> torch.nn.Module
    abstract Call: name: string * inputs: Inputs -> Tensor

    /// A loss that can't be computed again is for those optimizers alone that compute it once.
    abstract Minimize: optimizer: string * loss: (unit -> Tensor) * isRepeatable: bool -> unit

    abstract Log: name: string * value: Tensor -> unit
    abstract Measure: loss: Tensor * outputs: Tensor -> unit

/// One batch in the hands of who wrote what is done with it.
[<Sealed>]
type StepContext internal (work: StepWork) =
    /// The inputs of the batch, (N, …), where the modules are. Of several it is an error: `AllInputs` has them.
    member _.Inputs: Tensor = work.Inputs.Only

    /// All inputs of the batch, by their places or their names.
    member _.AllInputs: Inputs = work.Inputs

    /// The resolved arguments of the application.
    member _.Arguments: Arguments = work.Arguments

    /// Its targets, (N, …).
    member _.Targets: Tensor = work.Targets

    /// The number of the epoch, counted from 0.
    member _.Epoch: int = work.Epoch

    /// The number of the batch in the epoch, counted from 0.
    member _.Batch: int64 = work.Batch

    /// Optimizer steps made so far, of all optimizers.
    member _.Step: int64 = work.Step

    /// A built child of the application, by its name: `generator`, or `generator.blocks`.
    member _.Module(name: string) : torch.nn.Module = work.Module name

    /// Makes a step of an optimizer, a child of the application, against the gradients of a loss, which is one number: takes the
    /// gradients of its parameters away, computes those of the loss, keeps them small as the options say, and steps. Not in
    /// validation.
    member _.Minimize(optimizer: string, loss: Tensor) : unit = work.Minimize(optimizer, (fun () -> loss), false)

    /// The same with a function that computes the loss, which LBFGS calls several times.
    member _.Minimize(optimizer: string, loss: unit -> Tensor) : unit = work.Minimize(optimizer, loss, true)

    /// Logs one number of this batch. What is logged of an epoch is the mean over examples, as `train_` or `val_` and the name.
    member _.Log(name: string, value: Tensor) : unit = work.Log(name, value)

    /// Counts the loss and the outputs of this batch in what the stage measures: its loss, and its metrics of the outputs against the
    /// targets. For applications with a loss of their own, such as a classifier whose training step is another.
    member _.Measure(loss: Tensor, outputs: Tensor) : unit = work.Measure(loss, outputs)

    /// Calls a child of one input, which gives one output.
    member this.Call(name: string, input: Tensor) : Tensor =
        match this.Module name with
        | :? torch.nn.Module<Tensor, Tensor> as part -> part.call input
        | part ->
            let problem = "it does not take one tensor and give one: call what `Module` gives."
            Fail.with' (WrongStructure(Tag.parse name, part.GetName(), problem))

    /// Calls a child of several inputs, by their places or its names for them, such as a model with `AllInputs`.
    member _.CallInputs(name: string, inputs: Inputs) : Tensor = work.Call(name, inputs)

    /// Calls a child of two inputs, such as a loss.
    member this.Call(name: string, first: Tensor, second: Tensor) : Tensor =
        match this.Module name with
        | :? torch.nn.Module<Tensor, Tensor, Tensor> as part -> part.call (first, second)
        | part ->
            let problem = "it does not take two tensors and give one: call what `Module` gives."
            Fail.with' (WrongStructure(Tag.parse name, part.GetName(), problem))

/// How an application of one's own learns, or one of the library's otherwise.
[<NoEquality; NoComparison>]
type TrainingSteps =
    {
        /// What is done with a batch in training.
        Train: StepContext -> unit
        /// What is done with one in validation and tests, in evaluation mode and without gradients; None where nothing is.
        Validate: (StepContext -> unit) option
    }

/// Applications of one's own, such as two models that learn from each other: a definition, whose children are models, optimizers and
/// what else there is, and how it learns.
///
///     let own =
///         TrainingSteps.define "Own" [ Own.model ] (fun a ->
///             init {
///                 let! model = child "model" (a.Get Own.model)
///                 let! _ = child "optimizer" (Optimizers.adam 1e-3)
///                 return forward (call model)
///             })
///
///     let lowerings =
///         Lowering.standard
///         |> Lowering.addTraining own (TrainingSteps.train (fun step ->
///             let loss = …
///             step.Minimize("optimizer", loss)
///             step.Log("loss", loss)))
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module TrainingSteps =
    /// A kind of application. An optimizer among its children steps the parameters that its `parameters` select, all where
    /// that is null. A child `lr_scheduler` is the schedule of all optimizers that have none of their own, which a child
    /// `LRSchedulerConfig` says. Its forward pass, if any, is what `Predict` gives.
    let define (id: string) (parameters: Param list) (init: Arguments -> Init<Forward>) : Definition =
        Definition.create id parameters init |> Definition.withBase Applications.trainable

    /// What is done with a batch in training; nothing in validation and tests.
    let train (step: StepContext -> unit) : TrainingSteps = { Train = step; Validate = None }

    /// The same with what is done in validation and tests.
    let withValidation (step: StepContext -> unit) (steps: TrainingSteps) : TrainingSteps =
        { steps with Validate = Some step }
