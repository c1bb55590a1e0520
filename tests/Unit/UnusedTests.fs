/// Settings that no module reads: kept, reported, refused by a build, dropped when asked.
module Deeplay.Tests.UnusedTests

open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open Expecto
open Deeplay.Tests

let private options = { Build.defaults with Device = "cpu" }

let private named spec = Module.unused spec |> List.map (fun setting -> string setting.Tag, setting.Name, setting.Text)

let private mlp = Components.multiLayerPerceptron 4 [ 8; 8 ] 2

let private shortened =
    mlp
    |> Module.select "blocks.1.layer" (Module.configure "bias" false)
    |> Module.configure "hidden_features" [ 8 ]
    |> Module.configure "hidden_features" ([]: int list)

[<Tests>]
let tests =
    torchTests
        "UnusedTests"
        [
            testCase "a setting for a child that is gone is reported, and returns with the child" (fun () ->
                Assert.equal [ "blocks.1.layer", "bias", "False" ] (named shortened)
                let again = shortened |> Module.configure "hidden_features" [ 8; 8 ]
                Assert.empty (named again)
                Assert.isFalse (Module.argument "blocks.1.layer" Linear.bias again))

            testCase "a setting of a kind that was exchanged is reported" (fun () ->
                let spec =
                    mlp
                    |> Module.select "blocks.0.activation" (Module.become (Layers.leakyReLU 0.2))
                    |> Module.select "blocks.0.activation" (Module.configure "negative_slope" 0.3)
                    |> Module.select "blocks.0.activation" (Module.become Layers.gelu)

                Assert.equal [ "blocks.0.activation", "negative_slope", "0.3" ] (named spec))

            testCase "what a kind was given goes with it when another takes its place" (fun () ->
                let twice =
                    mlp
                    |> Module.select "blocks.0.activation" (Module.become (Layers.leakyReLU 0.2))
                    |> Module.select "blocks.0.activation" (Module.become Layers.gelu)

                Assert.empty (named twice)

                let dropped =
                    mlp
                    |> Module.select "blocks.0.activation" (Module.become (Layers.leakyReLU 0.2))
                    |> Module.select "blocks.0.activation" (Module.configure "negative_slope" 0.3)
                    |> Module.select "blocks.0.activation" (Module.become Layers.gelu)
                    |> Module.dropUnused

                Assert.empty (named dropped)
                (Build.run options dropped).Dispose())

            testCase "a setting on a spec that was given as an argument is reported where it hangs" (fun () ->
                let inner = Layers.leakyReLU 0.1 |> Module.configure "negative_slope" 0.5 |> Module.become Layers.gelu

                Assert.equal [ "0", "negative_slope", "0.5" ] (named (Layers.sequential [ inner ])))

            testCase "what a user's own hook sets for a name that is not there is reported" (fun () ->
                let hook =
                    Action.afterInit "mistaken" [] (fun _ ->
                        init { do! configure (at "blocks.0.layer") "biass" false })

                Assert.equal [ "blocks.0.layer", "biass", "False" ] (named (Module.hook hook [] mlp)))

            testCase "a build refuses settings that nothing reads, and says what to do" (fun () ->
                let error = Assert.throws<DeeplayException>(fun () -> Build.run options shortened |> ignore)

                Assert.containsText "blocks.1.layer: bias = False" error.Message
                Assert.containsText "Drop the unused ones" error.Message
                (Build.run { options with AllowUnused = true } shortened).Dispose())

            testCase "dropping unused settings leaves all others" (fun () ->
                let spec = shortened |> Module.select "blocks.0.layer" (Module.configure "bias" false)

                let dropped = Module.dropUnused spec
                Assert.empty (named dropped)
                Assert.isTrue (Tree.equal (Module.construct spec) (Module.construct dropped))
                Assert.equal ((Module.tape spec).Length - 1) ((Module.tape dropped).Length)
                (Build.run options dropped).Dispose())

            testCase "with nothing unused there is nothing to drop" (fun () ->
                let spec = mlp |> Module.select "blocks.1.layer" (Module.configure "bias" false)
                Assert.same spec (Module.dropUnused spec))
        ]
