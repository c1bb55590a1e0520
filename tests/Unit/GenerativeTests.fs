/// Autoencoders and diffusion models, trained, used and saved. References: sums worked out here, number by number.
module Deeplay.Tests.GenerativeTests

open System
open Expecto
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.TrainingHelp
open TorchSharp

let private small size channels (spec: ModuleSpec) =
    spec
    |> Module.configure "input_size" [ size; size ]
    |> Module.configure "channels" (channels: int list)

let private vae = Applications.variationalAutoEncoder 2 |> small 8 [ 2; 4 ]
let private wae = Applications.wassersteinAutoEncoder 3 |> small 8 [ 2; 2; 4 ]

// Images between 0 and 1, as targets too.
let private images count =
    use wave = fill [ count; 1L; 8L; 8L ] 0.3
    let images = (wave * (0.5f).ToScalar()) + (0.5f).ToScalar()
    new Dataset(images, images)

let private unet =
    Components.attentionUNet
    |> Module.configure AttentionUNet.channels [ 2; 4 ]
    |> Module.configure AttentionUNet.baseChannels [ 4 ]

let private diffusion =
    Applications.diffusion unet
    |> Module.configure Diffusion.numTimesteps 8
    |> Module.configure Diffusion.betaEnd 0.4

let private one count = { options 1 with BatchSize = count; Shuffle = false }
let private weightOf name (application: Application) = application.Module.get_parameter name
let private last name (application: Application) = application.History.Series name |> List.last

let private still (spec: ModuleSpec) = spec |> Module.configure "optimizer" (Optimizers.sgd 0.0)

let private near bound what (expected: float) (found: float) =
    Expect.isTrue (abs (expected - found) <= bound * max 1.0 (abs expected)) $"{what}: {expected}, but {found}"

let private fails (parts: string list) (work: unit -> unit) =
    let error = Assert.throws<DeeplayException> work

    for part in parts do
        Assert.containsText part error.Message

// Its distributions are so narrow that a draw is the mean.
let private narrow (application: Application) =
    use _noGrad = torch.no_grad ()
    (weightOf "fc_var.weight" application).zero_() |> ignore
    (weightOf "fc_var.bias" application).fill_((-60.0f).ToScalar()) |> ignore

let private read (tensor: Tensor) = numbers tensor

[<Tests>]
let tests =
    torchTests
        "GenerativeTests"
        [
            testCase "what a VAE logs is the losses of its images, summed number by number" (fun () ->
                use data = images 5L

                use trained =
                    vae |> Module.configure "beta" 0.25 |> still |> Application.fit { one 5L with MaxEpochs = 0 } data

                narrow trained
                trained |> Application.fitMore { one 5L with Validation = Some data } data

                let struct (mean, logVariance) = trained |> Application.encodeDistribution data.Inputs
                let means, logs = read mean, read logVariance
                Assert.equal [ 5L; 2L ] (shapeOf mean)
                Assert.equal means (read (trained |> Application.encode data.Inputs))
                Assert.equal (List.replicate 10 -60.0) logs

                let kl = List.map2 (fun mu log -> -0.5 * (1.0 + log - mu * mu - exp log)) means logs |> List.sum
                let decoded = trained |> Application.decode mean |> read
                let entropy x y = -(y * log x + (1.0 - y) * log (1.0 - x))
                let loss = List.map2 entropy decoded (read data.Inputs) |> List.sum

                for stage in [ "train"; "val" ] do
                    near 1e-5 "KL" kl (last $"{stage}_KL" trained)
                    near 1e-5 "reconstruction" loss (last $"{stage}_rec_loss" trained)
                    near 1e-5 "total" (loss + 0.25 * kl) (last $"{stage}_total_loss" trained)

                // Outside of training the mean is decoded.
                Assert.equal decoded (read (trained |> Application.predict data.Inputs)))

            testCase "a VAE steps against the gradient of its loss" (fun () ->
                use data = images 4L

                use trained =
                    vae
                    |> Module.configure "optimizer" (Optimizers.sgd 0.01)
                    |> Application.fit { one 4L with MaxEpochs = 0 } data

                narrow trained
                let weight = weightOf "fc_mu.bias" trained
                use before = weight.detach().clone()
                let shift = weightOf "fc_var.bias" trained
                let mean = trained |> Application.encode data.Inputs
                // Of the decoder's loss by the mean, by differences.
                let loss (codes: Tensor) =
                    let decoded = trained |> Application.decode codes |> read

                    List.map2 (fun x y -> -(y * log x + (1.0 - y) * log (1.0 - x))) decoded (read data.Inputs)
                    |> List.sum

                let slope (k: int) =
                    let moved by =
                        let codes = mean.clone ()
                        use column = codes.select (1L, int64 k)
                        column.add_ ((by: float).ToScalar()) |> ignore
                        loss codes

                    (moved 1e-2 - moved -1e-2) / 2e-2

                let expected = [ for k in 0..1 -> slope k + (mean.select(1L, int64 k).sum().ToDouble()) ]
                trained |> Application.fitMore (one 4L) data
                let found = List.map2 (fun a b -> (a - b) / 0.01) (read before) (read weight)
                List.iter2 (near 2e-2 "gradient of the means") expected found
                // −½ (1 − σ²) of each of four images, with no variance to speak of.
                for value in read shift do
                    near 1e-4 "gradient of the variances" (-60.0 + 0.01 * 0.5 * 4.0) value)

            testCase "a VAE draws while it trains, and the same seed draws the same" (fun () ->
                use data = images 8L
                use a = vae |> Application.fit (one 4L) data
                use b = vae |> Application.fit (one 4L) data
                use c = vae |> Application.fit { one 4L with Seed = Some 8L } data
                Assert.equal (weights a) (weights b)
                Assert.isTrue (weights a <> weights c))

            testCase "what a WAE logs is the loss of its images and the discrepancy of its codes" (fun () ->
                use data = images 6L

                // All codes are one number, and there is no noise to speak of.
                use trained =
                    wae
                    |> Module.configure "z_var" 1e-12
                    |> Module.configure "reg_weight" 3.0
                    |> still
                    |> Application.fit { one 6L with MaxEpochs = 0 } data

                using (torch.no_grad ()) (fun _ ->
                    (weightOf "fc_enc.weight" trained).zero_() |> ignore
                    (weightOf "fc_enc.bias" trained).fill_((2.0f).ToScalar()) |> ignore)

                trained |> Application.fitMore (one 6L) data
                Assert.equal (List.replicate 18 2.0) (read (trained |> Application.encode data.Inputs))
                // Equal codes: 1; draws, which all are 0 but for a millionth: of the order of C = 6e-12, as 1e-8 is added; between
                // them: C / (C + 12) is 0.
                let logged = last "train_mmd_loss" trained
                let c = 6e-12
                near 1e-3 "discrepancy" (3.0 * 2.0 * c / (c + 1e-8)) logged
                near 1e-5 "total" (last "train_rec_loss" trained + logged) (last "train_total_loss" trained))

            testCase "the defaults are Deeplay's" (fun () ->
                let shown spec key = Module.construct spec |> fun root -> Value.print root.Arguments[key]
                Assert.equal "[32, 64]" (shown (Applications.variationalAutoEncoder 2) "channels")
                Assert.equal "[28, 28]" (shown (Applications.variationalAutoEncoder 2) "input_size")

                Assert.equal
                    "BCELoss(reduction='sum')"
                    (shown (Applications.variationalAutoEncoder 2) "reconstruction_loss")

                Assert.equal "Adam(lr=0.005)" (shown (Applications.wassersteinAutoEncoder 2) "optimizer")
                let names spec = [ for child in (Module.construct spec).Children -> child.Name ]

                Assert.equal
                    [ "encoder"; "fc_mu"; "fc_var"; "fc_dec"; "decoder"; "reconstruction_loss"; "optimizer" ]
                    (names (Applications.variationalAutoEncoder 2))

                Assert.equal
                    [ "encoder"; "fc_enc"; "fc_dec"; "decoder"; "reconstruction_loss"; "optimizer" ]
                    (names (Applications.wassersteinAutoEncoder 2))

                // 7 · 7 places of 64 and of 128 channels, as Deeplay counts them for 28 · 28.
                for spec, features in
                    [ Applications.variationalAutoEncoder 2, 3136; Applications.wassersteinAutoEncoder 2, 6272 ] do
                    use built = build [ [ 2L; 1L; 28L; 28L ] ] spec
                    Assert.equal [ int64 features; 2L ] (shapeOf (built.get_parameter "fc_dec.weight")))

            testCase "encoders and decoders of one's own take the places of the usual ones" (fun () ->
                use data = images 4L

                let own =
                    vae
                    |> Module.configure
                        "encoder"
                        (Layers.sequential [ Layers.flatten; Layers.lazyLinear 5; Layers.relu ])
                    |> Module.configure
                        "decoder"
                        (Layers.sequential [ Layers.linear 16 64; Layers.sigmoid; Layers.unflatten 1 [ 1; 8; 8 ] ])

                use trained = Application.fit (one 4L) data own
                Assert.equal [ 2L; 5L ] (shapeOf (weightOf "fc_mu.weight" trained))
                Assert.equal [ 4L; 1L; 8L; 8L ] (shapeOf (trained |> Application.predict data.Inputs)))

            testCase "samples follow from the seed" (fun () ->
                use data = images 4L

                for spec in [ vae; wae; diffusion ] do
                    use trained = Application.fit (one 4L) data spec
                    let sample seed = trained |> Application.sample seed 3L
                    let first = sample 1L
                    Assert.equal [ 3L; 1L; 8L; 8L ] (shapeOf first)
                    Assert.equal (read first) (read (sample 1L))
                    Assert.isTrue (read first <> read (sample 2L)))

            testCase "a sample of an autoencoder is its decoder's image of normal numbers" (fun () ->
                use data = images 4L
                use trained = Application.fit (one 4L) data wae
                use generator = new torch.Generator(5UL)
                let codes = torch.randn ([| 2L; 3L |], generator = generator)
                let expected = trained |> Application.decode codes
                Assert.equal (read expected) (read (trained |> Application.sample 5L 2L)))

            testCase "a diffusion model is trained on the noise of its images" (fun () ->
                use data = images 4L
                // A model that tells no noise at all: the loss is that of normal numbers from 0, which is near 1.
                use trained = diffusion |> still |> Application.fit { one 4L with MaxEpochs = 0 } data

                using (torch.no_grad ()) (fun _ ->
                    (weightOf "model.output.weight" trained).zero_() |> ignore
                    (weightOf "model.output.bias" trained).zero_() |> ignore)

                trained |> Application.fitMore { one 4L with MaxEpochs = 40 } data
                let losses = trained.History.Series "train_loss"
                // 10,240 squares of normal numbers, of standard deviation √2.
                near 0.06 "loss" 1.0 (List.average losses)
                Assert.isTrue (List.distinct losses |> List.length = losses.Length))

            testCase "a diffusion model that knows its image makes it" (fun () ->
                use data =
                    new Dataset(
                        torch.full ([| 4L; 1L; 8L; 8L |], (0.5).ToScalar(), dtype = torch.float32),
                        torch.zeros 4L
                    )

                // ε = (x − √ᾱ image) / √(1 − ᾱ), which is all the noise that there is.
                let knowing =
                    Definition.create "Knowing" [] (fun _ ->
                        init {
                            let! image = parameter "image" [ 1 ] Initial.zeros
                            let! left = buffer "left" [ 8 ] Initial.ones

                            return
                                forwardOf [ "x"; "t" ] (fun inputs ->
                                    let left =
                                        Op.indexSelect 0 left (Op.toDType DType.Int64 inputs[1])
                                        |> Op.reshape [ -1; 1; 1; 1 ]

                                    (inputs[0] - Op.sqrt left * image) / Op.sqrt (1.0 - left))
                        })
                    |> Module.create []

                let spec =
                    Applications.diffusion knowing
                    |> Module.configure Diffusion.numTimesteps 8
                    |> Module.configure Diffusion.betaSchedule "cosine"
                    |> still

                use trained = Application.fit { one 4L with MaxEpochs = 0 } data spec
                let schedule = NoiseSchedule.ofBetas (Deeplay.Library.Diffusion.betas "cosine" 8 1e-4 0.02)

                using (torch.no_grad ()) (fun _ ->
                    let left = torch.tensor (schedule.Left |> Array.map float32)
                    (trained.Module.get_buffer "model.left").copy_ left |> ignore
                    (weightOf "model.image" trained).fill_((0.5f).ToScalar()) |> ignore)

                trained |> Application.fitMore (one 4L) data
                Expect.isTrue (last "train_loss" trained < 1e-6) "all noise is told"

                for made in
                    [
                        trained |> Application.sample 1L 3L
                        trained |> Application.sampleBy (DDIM(4, 0.0)) 1L 3L
                        trained |> Application.sampleBy (DDIM(3, 1.0)) 1L 3L
                    ] do
                    Assert.equal [ 3L; 1L; 8L; 8L ] (shapeOf made)

                    for pixel in read made do
                        near 1e-4 "pixel" 0.5 pixel)

            testCase "a model of another kind gets the number of the step" (fun () ->
                use data = images 4L
                let x, t = Param.spec "x", Param.spec "t"

                let own =
                    Definition.create "TimeBiased" [ x; t ] (fun a ->
                        init {
                            let! conv = child "conv" (a.Get x)
                            let! time = child "time" (a.Get t)

                            return
                                forwardOf [ "x"; "t" ] (fun inputs ->
                                    let bias =
                                        inputs[1]
                                        |> Op.unsqueeze -1
                                        |> call time
                                        |> Op.unsqueeze -1
                                        |> Op.unsqueeze -1

                                    call conv inputs[0] + bias)
                        })
                    |> Module.create
                        [ x => (Layers.conv2d 1 1 3 |> Module.configure "padding" 1); t => Layers.linear 1 1 ]

                use trained = Applications.diffusion own |> Application.fit (one 4L) data
                Assert.equal [ 4L; 1L; 8L; 8L ] (shapeOf (trained |> Application.predict data.Inputs)))

            testCase "they are saved and go on as they were" (fun () ->
                use data = images 4L

                for spec in [ vae; wae; diffusion ] do
                    use trained = Application.fit (one 2L) data spec

                    inFile (fun path ->
                        trained |> Application.save path
                        use loaded = Application.load "cpu" path
                        trained |> Application.fitMore (one 2L) data
                        loaded |> Application.fitMore (one 2L) data
                        Assert.equal (weights trained) (weights loaded)
                        let sample (application: Application) = application |> Application.sample 3L 2L |> read
                        Assert.equal (sample trained) (sample loaded)))

            testCase "what does not fit is told" (fun () ->
                use data = images 4L
                let labels = new Dataset(data.Inputs, torch.zeros (4L, dtype = torch.int64))

                use classifier =
                    classifier [ Layers.linear 2 2 ] |> Application.fit { one 4L with MaxEpochs = 0 } (points ())

                use auto = vae |> Application.fit (one 4L) data
                use w = wae |> Application.fit (one 4L) data
                use d = diffusion |> Application.fit (one 4L) data
                let fit spec (data: Dataset) options () = (Application.fit options data spec :> IDisposable).Dispose()
                let ignored (f: unit -> Tensor) () = f () |> ignore

                for parts, work in
                    [
                        [ "VariationalAutoEncoder"; "targets of shape (4, 1, 8, 8)"; "(4,)" ], fit vae labels (one 4L)
                        [ "WassersteinAutoEncoder"; "at least 2 examples"; "a batch of 1" ], fit wae data (one 1L)
                        [ "input_size"; "divided by 4" ], fit (vae |> small 10 [ 2; 2 ]) data (one 4L)
                        [ "encode"; "images (?, 1, 8, 8)" ],
                        ignored (fun () -> auto |> Application.encode (torch.zeros (2L, 1L, 9L, 8L)))
                        [ "decode"; "codes (?, 2)" ],
                        ignored (fun () -> auto |> Application.decode (torch.zeros (2L, 3L)))
                        [ "encode"; "VariationalAutoEncoder or WassersteinAutoEncoder"; "Diffusion" ],
                        ignored (fun () -> d |> Application.encode data.Inputs)
                        [ "encodeDistribution"; "WassersteinAutoEncoder" ],
                        (fun () -> w |> Application.encodeDistribution data.Inputs |> ignore)
                        [ "sample"; "Classifier" ], ignored (fun () -> classifier |> Application.sample 1L 1L)
                        [ "sample"; "at least one image"; "0" ], ignored (fun () -> auto |> Application.sample 1L 0L)
                        [ "sampler"; "Diffusion"; "VariationalAutoEncoder" ],
                        ignored (fun () -> auto |> Application.sampleBy DDPM 1L 1L)
                        [ "from 1 to the 8 steps"; "9" ],
                        ignored (fun () -> d |> Application.sampleBy (DDIM(9, 0.0)) 1L 1L)
                        [ "an eta from 0 to 1"; "1.5" ],
                        ignored (fun () -> d |> Application.sampleBy (DDIM(2, 1.5)) 1L 1L)
                        [ "beta_end"; "at least beta_start" ],
                        fit (diffusion |> Module.configure Diffusion.betaStart 0.5) data (one 4L)
                        [ "beta_end"; "the cosine schedule has no such number" ],
                        fit (diffusion |> Module.configure Diffusion.betaSchedule "cosine") data (one 4L)
                        [ "channel_attention"; "a bool for each of the 2 channels" ],
                        fit
                            (Applications.diffusion (
                                unet |> Module.configure AttentionUNet.channelAttention (Some [ true ])
                            ))
                            data
                            (one 4L)
                    ] do
                    fails parts work)
        ]
