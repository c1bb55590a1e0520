namespace Deeplay.FSharp

open Deeplay.Core
open Deeplay.Torch
open TorchSharp

/// Training, using and keeping applications, such as `Applications.classifier 10 model`. Errors are raised as `DeeplayException`.
[<RequireQualifiedAccess>]
module Application =
    /// A kind of application of one's own, which says by `Lowering.addTraining` how it learns. An optimizer among its children
    /// steps the parameters that its `parameters` select, all where that is null. A child `lr_scheduler` is the schedule of all
    /// optimizers that have none of their own, which a child `Schedules.lrSchedulerConfig` says. Its forward pass, if any, is what `predict` gives.
    let define (id: string) (parameters: Param list) (init: Arguments -> Init<Forward>) : Definition =
        TrainingSteps.define id parameters init

    /// Builds an application and trains it: `spec |> Application.fit { Fit.defaults with MaxEpochs = 5 } data`. The spec
    /// stays what it was. The same spec, data, seed and device give the same result.
    let fit (options: FitOptions) (data: Dataset) (spec: ModuleSpec) : Application = Trainer.fit options data spec

    /// Trains for some more epochs, numbered from where it stands: with the same seed, two times two epochs give what four
    /// give at once.
    let fitMore (options: FitOptions) (data: Dataset) (application: Application) : unit =
        Trainer.continueWith options data application

    /// Looks for a good step size, by a short run in which it grows:
    /// `spec |> Application.findLearningRate LearningRateFinder.defaults Fit.defaults data`. Nothing of that run is left.
    let findLearningRate (finder: LearningRateFinder) (options: FitOptions) (data: Dataset) (spec: ModuleSpec) =
        LearningRateFinder.find finder options data spec

    /// The outputs for inputs (N, …), on the CPU: in batches, in evaluation mode, without gradients.
    let predict (inputs: torch.Tensor) (application: Application) : torch.Tensor = application.Predict inputs

    /// The same for a model of several inputs: `Inputs.several [ … ]` or `Inputs.named [ "tokens", …; "mask", … ]`.
    let predictInputs (inputs: Inputs) (application: Application) : torch.Tensor = application.Predict inputs

    /// The same for the inputs of a dataset, in its order.
    let predictFor (data: Dataset) (application: Application) : torch.Tensor = application.Predict data

    /// What a part gives while the whole runs on inputs (N, …), on the CPU: its latent vectors, its feature maps. The part
    /// `model.encoder` is the child `encoder` of the model. It gives one tensor, with a row for each input; where it is called several
    /// times, this is what it gave last.
    let predictPart (part: string) (inputs: torch.Tensor) (application: Application) : torch.Tensor =
        application.PredictPart(part, Inputs.one inputs)

    /// The same for a model of several inputs.
    let predictPartInputs (part: string) (inputs: Inputs) (application: Application) : torch.Tensor =
        application.PredictPart(part, inputs)

    /// Loss and test metrics over a dataset, by name: `loss`, `accuracy`, …. A metric of several numbers is there with the place
    /// of each (`recall_0`, …); one that is a matrix is not: `measure` gives it.
    let test (data: Dataset) (application: Application) : Map<string, float> = application.Test data

    /// The codes of images (N, 1, H, W), on the CPU: of a `VariationalAutoEncoder` the means (N, latent_dim), of a
    /// `WassersteinAutoEncoder` the codes themselves. Another application, or images of another shape, are an error.
    let encode (images: torch.Tensor) (application: Application) : torch.Tensor = Generative.encode images application

    /// The mean and the logarithm of the variance, each (N, latent_dim), of what a `VariationalAutoEncoder` takes images for.
    let encodeDistribution (images: torch.Tensor) (application: Application) : struct (torch.Tensor * torch.Tensor) =
        Generative.encodeDistribution images application

    /// The images (N, 1, H, W) that an autoencoder makes of codes (N, latent_dim), on the CPU.
    let decode (codes: torch.Tensor) (application: Application) : torch.Tensor = Generative.decode codes application

    /// So many new images, on the CPU: of an autoencoder decoded from codes that are drawn, of a `Diffusion` by DDPM. The same seed
    /// gives the same images.
    let sample (seed: int64) (count: int64) (application: Application) : torch.Tensor =
        Generative.sample None seed count application

    /// The same of a `Diffusion` by another sampler: `Application.sampleBy (DDIM(50, 0.0)) 1L 16L`.
    let sampleBy (sampler: Sampler) (seed: int64) (count: int64) (application: Application) : torch.Tensor =
        Generative.sample (Some sampler) seed count application

    /// A new image of each of these classes (N,), of a `Diffusion` of classes, by DDPM: on the CPU.
    let sampleOf (seed: int64) (classes: torch.Tensor) (application: Application) : torch.Tensor =
        Generative.sampleOf None seed classes application

    /// The same by another sampler.
    let sampleOfBy (sampler: Sampler) (seed: int64) (classes: torch.Tensor) (application: Application) : torch.Tensor =
        Generative.sampleOf (Some sampler) seed classes application

    /// What a metric, such as `Metrics.multiclassConfusionMatrix`, is over a dataset: on the CPU, in float64. As with the
    /// application's own metrics, what the loss ignores does not count.
    let measure (metric: ModuleSpec) (data: Dataset) (application: Application) : torch.Tensor =
        application.Measure(metric, data)

    /// Writes one file: the unbuilt spec, the weights and what the optimizer keeps, from where a run goes on bit for bit. A spec
    /// that can't be saved is refused before anything is written.
    let save (path: string) (application: Application) : unit = Checkpoint.save path application

    /// Reads what `save` wrote, for definitions of your own as well:
    /// `Application.loadWith (Registry.add definition Registries.standard) Build.defaults path`.
    let loadWith (registry: Registry) (options: BuildOptions) (path: string) : Application =
        Checkpoint.load "Registry.add, and Application.loadWith" registry options path

    /// Reads what `save` wrote onto a device (`cpu`, `cuda`, `best`); runs no code. What is wrong with the file is an
    /// error, and nothing is left behind.
    let load (device: string) (path: string) : Application =
        loadWith Registries.standard { Build.defaults with Device = device } path

    /// The application of the last of several files that `save` wrote, with the mean of all their weights: of parameters and of
    /// buffers, summed in float64; of whole numbers those of the last. Names and shapes must be equal. The optimizer, the history and
    /// whatever else there is are the last one's.
    let averageWith (registry: Registry) (options: BuildOptions) (paths: string list) : Application =
        Averages.load "Registry.add, and Application.averageWith" registry options paths

    /// The same onto a device (`cpu`, `cuda`, `best`).
    let average (device: string) (paths: string list) : Application =
        averageWith Registries.standard { Build.defaults with Device = device } paths

    /// Writes the weights of its model alone, as PyTorch's state dict in safetensors: `StateDict` tells more.
    let saveStateDict (path: string) (application: Application) : unit =
        StateDict.saveModel StateDict.saving path application

    /// The same with options: other names, several files.
    let saveStateDictWith (options: StateDictSave) (path: string) (application: Application) : unit =
        StateDict.saveModel options path application

    /// Reads weights into its model, from a state dict in safetensors. What its optimizer keeps and its history stay.
    let loadStateDict (path: string) (application: Application) : StateDictReport =
        StateDict.loadModel StateDict.loading path application

    /// The same with options: other names, and whether something may be missing or left over.
    let loadStateDictWith (options: StateDictLoad) (path: string) (application: Application) : StateDictReport =
        StateDict.loadModel options path application

    /// What of a state dict is in its model and what is not, before anything is loaded.
    let compareStateDict (options: StateDictLoad) (path: string) (application: Application) : StateDictReport =
        StateDict.compareModel options path application

    /// Reads the mean of the weights of several state dicts of equal names and shapes into its model.
    let loadStateDictAverage (paths: string list) (application: Application) : StateDictReport =
        StateDict.loadModelAverage StateDict.loading paths application
