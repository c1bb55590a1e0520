namespace Deeplay.Torch

open Deeplay.Core
open Deeplay.Library
open TorchSharp

/// How far what an encoder gives is from numbers of the normal distribution.
module internal Divergence =
    /// The Kullback-Leibler divergence of normal distributions of these means and logarithms of variances from the standard normal
    /// one: −½ Σ(1 + log σ² − μ² − σ²), over a batch and all numbers of it. Source: Kingma and Welling, 2014, appendix B.
    let kullbackLeibler (mean: Tensor) (logVariance: Tensor) : Tensor =
        use _scope = torch.NewDisposeScope()
        let sum = Numbers.add logVariance (mean.mul(mean).neg()) |> Numbers.plus Numbers.one
        use half = Numbers.real -0.5
        Numbers.add sum (logVariance.exp().neg()) |> _.sum().mul(half).MoveToOuterDisposeScope()

    // k(x, y) = C / (C + |x − y|²) for each pair. The authors' code has the small number that is added.
    let private inverseMultiquadratic (c: float) (x: Tensor) (y: Tensor) : Tensor =
        let apart = Numbers.add (x.unsqueeze 1L) (y.unsqueeze(0L).neg())
        use below = Numbers.real (c + 1e-8)
        use above = Numbers.real c
        apart.mul(apart).sum([| -1L |]) |> Numbers.plus below |> _.reciprocal().mul(above)

    // The mean over pairs of two different examples.
    let private meanOfPairs (kernel: Tensor) : Tensor =
        let n = kernel.shape[0]
        use pairs = Numbers.whole (n * (n - 1L))
        (Numbers.add (kernel.sum ()) (kernel.diagonal().sum().neg())).div pairs

    /// The maximum mean discrepancy between codes (N, d) and draws of the prior (N, d) of this variance, with the kernel C / (C +
    /// |x − y|²), C = 2 d σ². Source: Tolstikhin et al., 2018, algorithm 2 and section 4.
    let maximumMeanDiscrepancy (variance: float) (prior: Tensor) (codes: Tensor) : Tensor =
        use _scope = torch.NewDisposeScope()
        let kernel = inverseMultiquadratic (2.0 * float codes.shape[1] * variance)
        use twice = Numbers.real -2.0
        let across = (kernel prior codes).mean().mul twice
        let within = Numbers.add (meanOfPairs (kernel prior prior)) (meanOfPairs (kernel codes codes))
        (Numbers.add within across).MoveToOuterDisposeScope()

/// How autoencoders learn. What is logged has Deeplay's names; `total_loss` is what is minimized.
module internal AutoEncoderSteps =
    // A target of another shape would be broadcast, or refused by a loss that does not know why.
    let private reconstruction (step: StepContext) (decoded: Tensor) : Tensor =
        let targets = step.Targets

        if targets.shape <> decoded.shape then
            let expected = $"targets of shape {Shape.known decoded.shape}, which are the images themselves"
            let kind = step.Arguments.Kind
            Fail.with' (Malformed(kind, expected, string (Shape.known targets.shape)))

        step.Call("reconstruction_loss", decoded, targets)

    let private weighted (weight: float) (loss: Tensor) : Tensor =
        use weight = Numbers.real weight
        loss.mul weight

    let private log (step: StepContext) (losses: (string * Tensor) list) =
        for name, loss in losses do
            step.Log(name, loss.detach ())

    let private both (measure: StepContext -> Tensor) : TrainingSteps =
        TrainingSteps.train (fun step -> step.Minimize("optimizer", measure step))
        |> TrainingSteps.withValidation (measure >> ignore)

    /// Images are decoded from a draw of their distributions, in validation too: the loss is that of the draw.
    let variational: TrainingSteps =
        both (fun step ->
            let h = step.Call("encoder", step.Inputs)
            let mean, logVariance = step.Call("fc_mu", h), step.Call("fc_var", h)
            let deviation = (weighted 0.5 logVariance).exp()
            let code = Numbers.add mean (deviation.mul (torch.randn_like mean))
            let loss = step.Call("decoder", step.Call("fc_dec", code)) |> reconstruction step
            let divergence = Divergence.kullbackLeibler mean logVariance
            let beta = step.Arguments.Get VariationalAutoEncoder.beta
            let total = Numbers.add loss (weighted beta divergence)
            log step [ "rec_loss", loss; "KL", divergence; "total_loss", total ]
            total)

    let wasserstein: TrainingSteps =
        both (fun step ->
            let code = step.Call("fc_enc", step.Call("encoder", step.Inputs))

            if code.shape[0] < 2L then
                let expected = "batches of at least 2 examples, which are compared with each other"
                Fail.with' (Malformed(step.Arguments.Kind, expected, "a batch of 1: choose another batch size"))

            let loss = step.Call("decoder", step.Call("fc_dec", code)) |> reconstruction step
            let variance = step.Arguments.Get WassersteinAutoEncoder.zVar
            let prior = weighted (sqrt variance) (torch.randn_like code)

            let discrepancy =
                Divergence.maximumMeanDiscrepancy variance prior code
                |> weighted (step.Arguments.Get WassersteinAutoEncoder.regWeight)

            let total = Numbers.add loss discrepancy
            log step [ "rec_loss", loss; "mmd_loss", discrepancy; "total_loss", total ]
            total)

    let table = [ VariationalAutoEncoder.definition, variational; WassersteinAutoEncoder.definition, wasserstein ]
