/// Models of several inputs, by their places or by names, trained, saved and used like any other. References: a loop by hand over
/// TorchSharp's own layers and optimizer; what the same data give where they are in memory, or come in another order.
module Deeplay.Tests.SeveralInputTests

open System.Collections.Generic
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.TrainingHelp

// The sum of two linear layers, of three numbers and of two.
let private sum =
    Definition.create "Both" [] (fun _ ->
        init {
            let! wide = child "wide" (Layers.linear 3 2)
            let! narrow = child "narrow" (Layers.linear 2 2)
            return forwardOf [ "left"; "right" ] (fun inputs -> call wide inputs[0] + call narrow inputs[1])
        })
    |> Module.create []

// The same with a dropout, which draws random numbers.
let private noisy =
    Definition.create "Noisy" [] (fun _ ->
        init {
            let! both = child "both" sum
            let! drop = child "drop" (Layers.dropout 0.5)
            return forwardOf [ "left"; "right" ] (fun inputs -> call drop (callOn both inputs))
        })
    |> Module.create []

// The same as a model that takes named tensors by keys.
let private keyed = sum |> Module.inputsFrom [ "left=l"; "right=r" ]

// Words, which of them count, and a picture of four pixels.
let private mixed =
    Definition.create "Mixed" [] (fun _ ->
        init {
            let! words = child "words" (Layers.embedding 10 4)
            let! picture = child "picture" (Layers.linear 4 4)

            return
                forwardOf [ "tokens"; "mask"; "image" ] (fun inputs ->
                    let counted = call words inputs[0] * Op.unsqueeze -1 inputs[1]
                    Op.mean [ 1 ] counted + call picture inputs[2])
        })
    |> Module.create []

// Four inputs are more than a module has a form of its own for.
let private four =
    Definition.create "Four" [] (fun _ ->
        init {
            let! each = child "each" (Layers.linear 2 2)
            let names = [ "a"; "b"; "c"; "d" ]
            return forwardOf names (List.map (call each) >> List.reduce (+))
        })
    |> Module.create []

let private stepped = steppedBy (Optimizers.sgd 0.05)
let private regressor model = Applications.regressor model |> stepped

// The same with the mean of squares.
let private squares model = regressor model |> Module.select "loss" (Module.replace Losses.mse)
let private left () = fill [ 10L; 3L ] 0.1
let private right () = fill [ 10L; 2L ] 0.7
let private targets () = fill [ 10L; 2L ] 0.4
let private byPlace () = Dataset.OfInputs(Inputs.several [ left (); right () ], targets ())
let private byName () = Dataset.OfInputs(Inputs.named [ "right", right (); "left", left () ], targets ())
let private byKey () = Dataset.OfInputs(Inputs.named [ "r", right (); "l", left () ], targets ())

let private trained epochs spec data : float list list =
    use application: Application = fitted epochs spec data
    weights application |> List.map snd

let private three () =
    [
        "tokens", torch.tensor([| for i in 0L .. 39L -> i % 10L |]).reshape(8L, 5L)
        "mask", torch.tensor([| for i in 0..39 -> i % 3 <> 0 |]).reshape(8L, 5L)
        "image", fill [ 8L; 4L ] 0.2
    ]

let private words () = Dataset.OfInputs(Inputs.named (three ()), torch.tensor [| for i in 0L .. 7L -> i % 4L |])

// What learns of several inputs in its own way, and gives the sum too.
let private ownModel = Param.spec "model"

let private own =
    Application.define "Own" [ ownModel ] (fun a ->
        init {
            let! model = child "model" (a.Get ownModel)
            let! _ = child "loss" Losses.mse
            let! _ = child "optimizer" (Optimizers.sgd 0.05)
            return forwardOf [ "left"; "right" ] (callOn model)
        })

let private ownOptions epochs (learn: StepContext -> unit) =
    let lowerings = Lowering.standard |> Lowering.addTraining own (TrainingSteps.train learn)
    { options epochs with Build = { optionsFor [] with Lowerings = lowerings } }

let private load path : Application =
    let registry = Registries.standard |> Registry.add sum.Definition |> Registry.add noisy.Definition
    Application.loadWith registry (optionsFor []) path

let private failure (work: unit -> 'a) = (Assert.throws<DeeplayException>(fun () -> work () |> ignore)).Message

[<Tests>]
let tests =
    torchTests
        "SeveralInputTests"
        [
            testCase "a model of two inputs trains to the bit as a loop by hand does" (fun () ->
                use data = byPlace ()
                let spec = squares sum
                use application = Trainer.fit { options 3 with Shuffle = false } data spec
                use start = Trainer.fit (options 0) data spec
                let linear (inputs: int64) (outputs: int64) = torch.nn.Linear(inputs, outputs)
                let wide, narrow = linear 3L 2L, linear 2L 2L
                let own: Modules.Parameter list = [ wide.weight; wide.bias; narrow.weight; narrow.bias ]
                use noGrad = torch.no_grad ()

                for (_, from), into in List.zip (parametersOf start.Module) own do
                    (into :> Tensor).copy_ from |> ignore

                noGrad.Dispose()
                use optimizer = torch.optim.SGD(own, 0.05)

                for _ in 1..3 do
                    for first, count in [ 0L, 4L; 4L, 4L; 8L, 2L ] do
                        let rows (x: Tensor) = x.narrow (0L, first, count)
                        optimizer.zero_grad ()
                        let outputs = wide.call(rows (left ())).add(narrow.call (rows (right ())))
                        torch.nn.functional.mse_loss(outputs, rows (targets ())).backward()
                        optimizer.step () |> ignore

                Assert.equal [ for p in own -> numbers p ] (weights application |> List.map snd)

                // And it moved.
                Expect.notEqual (weights start) (weights application) "trained")

            testCase "names may come in any order, and keys are names of a model's own" (fun () ->
                use places = byPlace ()
                use names = byName ()
                use keys = byKey ()
                let expected = trained 2 (regressor sum) places
                Assert.equal expected (trained 2 (regressor sum) names)
                Assert.equal expected (trained 2 (regressor keyed) keys)

                use application: Application = fitted 1 (regressor keyed) keys
                Assert.equal [ "r", [ 2L ]; "l", [ 3L ] ] application.InputShapes
                use application: Application = fitted 1 (regressor sum) names
                Assert.equal [ "left", [ 3L ]; "right", [ 2L ] ] application.InputShapes)

            testCase "inputs have dtypes and shapes of their own" (fun () ->
                use data = words ()
                let spec = Applications.classifier 4 mixed |> stepped
                use application: Application = fitted 4 spec data
                let losses = application.History.Series "train_loss"
                Expect.isLessThan (List.last losses) losses.Head "it learns"
                let inputs = three ()
                use outputs = application.Predict data
                Assert.equal [ 8L; 4L ] (shapeOf outputs)
                Assert.equal (numbers outputs) (application.Predict(Inputs.named (List.rev inputs), 3L) |> numbers)
                let inOrder = Inputs.several (List.map snd inputs)
                Assert.equal (numbers outputs) (Application.predictInputs inOrder application |> numbers))

            testCase "four inputs train as their sum does" (fun () ->
                let parts = [ for i in 1..4 -> fill [ 10L; 2L ] (0.2 * float i) ]
                use data = Dataset.OfInputs(Inputs.several parts, targets ())
                use application: Application = fitted 2 (regressor four) data
                use outputs = application.Predict data
                // The layer is linear but for its bias, which is there four times.
                let layer = application.Module.get_parameter "model.each.weight"
                let bias = application.Module.get_parameter "model.each.bias"
                let all = parts |> List.reduce (fun a b -> a.add b)
                let byHand = all.matmul(layer.t ()).add(bias.mul (torch.tensor 4f))
                assertClose "outputs" (numbers byHand) (numbers outputs))

            testTheory
                "a run that is stopped within an epoch, saved and loaded goes on bit for bit"
                [ "by place"; "by name"; "by key"; "alone by key" ]
                (fun how ->
                    inFile (fun path ->
                        let alone = Layers.linear 3 2 |> Module.inputsFrom [ "l" ]

                        let data, model =
                            match how with
                            | "by place" -> byPlace (), noisy
                            | "by name" -> byName (), noisy
                            | "by key" -> byKey (), keyed
                            | _ -> Dataset.OfInputs(Inputs.named [ "l", left () ], targets ()), alone

                        use data = data
                        let spec = Applications.regressor model
                        let stop = Callback.onBatchEnd (fun run batch -> if batch.Step = 4L then run.Stop "enough")
                        use whole = Application.fit (options 3) data spec
                        use stopped = Application.fit { options 3 with Callbacks = [ stop ] } data spec
                        Application.save path stopped
                        use again = load path
                        Assert.equal stopped.InputShapes again.InputShapes
                        Application.fitMore (options 2) data again
                        Assert.equal (weights whole) (weights again)
                        Assert.equal (numbers (whole.Predict data)) (numbers (again.Predict data))))

            testCase "shapes of inputs in a file that are none are typed errors" (fun () ->
                inFile (fun path ->
                    use _ = torch.NewDisposeScope()
                    use data = byPlace ()
                    use application: Application = fitted 1 (regressor sum) data
                    Application.save path application
                    let metadata, tensors = Safetensors.load path
                    let key = "deeplay.input_shapes"

                    Assert.equal """[{"name":"left","shape":[3]},{"name":"right","shape":[2]}]""" metadata[key]

                    let broken (text: string) =
                        Safetensors.save path (Map.add key text metadata) (Map.toList tensors)
                        failure (fun () -> load path)

                    for text in
                        [
                            "["
                            "[]"
                            "{}"
                            """[{"name":"left"}]"""
                            """[{"name":"left","shape":[0]},{"name":"right","shape":[2]}]"""
                            """[{"name":"left","shape":["3"]},{"name":"right","shape":[2]}]"""
                        ] do
                        Assert.containsText $"{path}, {key}" (broken text)

                    let other = """[{"name":"left","shape":[3]},{"name":"rigth","shape":[2]}]"""
                    Assert.containsText "Did you mean 'right'" (broken other)

                    Safetensors.save path (Map.remove key metadata) (Map.toList tensors)
                    Assert.containsText "deeplay.input_shape" (failure (fun () -> load path))))

            testCase "examples that are made or come on other threads train as those in memory" (fun () ->
                use kept = byName ()
                let inputs = kept.AllInputs

                // Each with its names in another order.
                let example (place: int64) : struct (Inputs * Tensor) =
                    let at (x: Tensor) = x.select (0L, place)
                    let both = [ "left", at inputs["left"]; "right", at inputs["right"] ]
                    struct (Inputs.named (if place % 2L = 0L then both else List.rev both), at kept.Targets)

                let expected = trained 2 (regressor sum) kept
                use indexed = Dataset.IndexedInputs(10L, example)
                Assert.equal expected (trained 2 (regressor sum) indexed)

                let inOrder = { options 2 with Shuffle = false }
                let plain (data: Dataset) = using (Application.fit inOrder data (regressor sum)) weights
                use streamed = Dataset.StreamInputs(Seq.init 10 (int64 >> example))
                Assert.equal (plain kept) (plain streamed)
                Assert.equal [ "left"; "right" ] (streamed.Keep 3L).AllInputs.Names

                let drawn (random: System.Random) : struct (Inputs * Tensor) =
                    let some count = torch.tensor [| for _ in 1..count -> float32 (random.NextDouble()) |]
                    struct (Inputs.several [ some 3; some 2 ], some 2)

                use made = Dataset.GenerateInputs(10L, drawn)

                let train workers =
                    using (Application.fit { options 2 with NumWorkers = workers } made (regressor sum)) weights

                Assert.equal (train 0) (train 3))

            testCase "they are validated, tested, measured, and a step size is found" (fun () ->
                use data = byName ()
                use places = byPlace ()
                let spec = squares sum
                use application = Application.fit { options 2 with Validation = Some places } data spec
                use outputs = application.Predict data
                let mean = outputs.sub(targets ()).pow(torch.tensor 2f).mean() |> numbers |> List.exactlyOne
                assertClose "loss" [ mean ] [ (application.Test data)["loss"] ]
                assertClose "val_loss" [ mean ] [ List.last (application.History.Series "val_loss") ]
                assertClose "measured" [ mean ] (numbers (application.Measure(Metrics.meanSquaredError, places)))

                let curve =
                    Application.findLearningRate
                        { LearningRateFinder.defaults with NumTraining = 12 }
                        (options 1)
                        data
                        spec

                Assert.equal 12 curve.Rates.Length)

            testCase "parts keep the inputs of an example together" (fun () ->
                let numbered () =
                    let places = torch.arange (12L, dtype = torch.float32)

                    let inputs =
                        Inputs.named [ "x", places.unsqueeze 1L; "y", places.mul(torch.tensor 2f).unsqueeze 1L ]

                    Dataset.OfInputs(inputs, torch.tensor [| for i in 0L .. 11L -> i % 2L |])

                let isTogether (data: Dataset) =
                    [ for x in numbers data.AllInputs["x"] -> 2.0 * x ] = numbers data.AllInputs["y"]

                let all = numbered ()
                let struct (first, second) = all.Split(0.5, 1L)
                let struct (even, odd) = Split.stratified 0.5 1L all

                let folds =
                    [
                        for struct (training, validation) in Split.kFold 3 1L all do
                            training
                            validation
                    ]

                for part in [ first; second; even; odd ] @ folds do
                    Assert.isTrue (isTogether part)

                let found = numbers first.AllInputs[0] @ numbers second.AllInputs[0]
                Assert.equal [ 0.0 .. 11.0 ] (List.sort found))

            testCase "a transformation changes the input that it names, or all of them" (fun () ->
                use data = byName ()
                let plus _ (x: Tensor) = x.add (torch.tensor 1f)
                let moved = data.Transform("left", plus)
                use kept = moved.Keep()
                Assert.equal (numbers (plus () (left ()))) (numbers kept.AllInputs["left"])
                Assert.equal (numbers (right ())) (numbers kept.AllInputs["right"])

                use swapped =
                    (data.TransformInputs(fun _ inputs -> Inputs.several [ inputs["left"]; plus () inputs["right"] ]))
                        .Keep()

                Assert.equal [] swapped.AllInputs.Names
                Assert.equal (numbers (plus () (right ()))) (numbers swapped.AllInputs[1])

                let pictures = Inputs.named [ "image", fill [ 4L; 1L; 2L; 3L ] 0.3; "age", fill [ 4L; 1L ] 0.1 ]
                use pictured = Dataset.OfInputs(pictures, targets().narrow(0L, 0L, 4L))
                use flipped = (Augmentation.augmentInput "image" [ RandomHorizontalFlip 1.0 ] pictured).Keep()
                Assert.equal (numbers (pictures["image"].flip 3L)) (numbers flipped.AllInputs["image"])
                Assert.equal (numbers pictures["age"]) (numbers flipped.AllInputs["age"])

                Assert.containsText "of several `AllInputs`" (failure (fun () -> (data.Transform plus).Keep()))
                Assert.containsText "near it: left" (failure (fun () -> (data.Transform("lft", plus)).Keep())))

            testCase "an application of one's own reaches all inputs, and passes them on by name" (fun () ->
                use data = byName ()

                let learn (step: StepContext) =
                    let all = step.AllInputs
                    Assert.equal [ "right"; "left" ] all.Names
                    let outputs = step.CallInputs("model", all)
                    let again = step.CallInputs("model", Inputs.several [ all["left"]; all["right"] ])
                    Assert.equal (numbers outputs) (numbers again)
                    let loss = step.Call("loss", outputs, step.Targets)
                    step.Minimize("optimizer", loss)
                    step.Log("loss", loss)

                let spec model = own |> Module.create [ ownModel => model ]
                use application = Application.fit (ownOptions 2 learn) data (spec sum)
                let supervised = squares sum
                Assert.equal (trained 2 supervised data) (weights application |> List.map snd)
                Assert.equal [ 10L; 2L ] (shapeOf (application.Predict data))

                let only (step: StepContext) = step.Log("left", step.Inputs.mean ())

                Assert.containsText
                    "one input; of several `AllInputs` has each"
                    (failure (fun () -> Application.fit (ownOptions 1 only) data (spec sum))))

            testCase "an application of one's own may give what one of its inputs leads to" (fun () ->
                let encoder =
                    Application.define "Encoder" [ ownModel ] (fun a ->
                        init {
                            let! model = child "model" (a.Get ownModel)
                            let! _ = child "optimizer" (Optimizers.sgd 0.05)
                            return forwardOf [ "left" ] (callOn model)
                        })

                let learn (step: StepContext) =
                    let made = step.Call("model", step.AllInputs["left"])
                    step.Minimize("optimizer", made.sub(step.AllInputs["right"]).abs().mean())

                let lowerings = Lowering.standard |> Lowering.addTraining encoder (TrainingSteps.train learn)
                let options = { options 1 with Build = { optionsFor [] with Lowerings = lowerings } }
                use data = byName ()

                use application =
                    Application.fit options data (encoder |> Module.create [ ownModel => Layers.linear 3 2 ])

                Assert.equal [ "left", [ 3L ] ] application.InputShapes
                use outputs = application.Predict data
                Assert.equal (numbers outputs) (numbers (application.Predict(left ())))
                Assert.equal (numbers outputs) (numbers (application.Predict(Inputs.named [ "left", left () ]))))

            testCase "columns of a table in groups are several inputs" (fun () ->
                DataHelp.withText "table.csv" "a,b,c,y\n1,2,3,4\n5,6,7,8\n" (fun path ->
                    let columns = Column.numbers [ "a"; "b"; "c"; "y" ]
                    let table = Csv.read Csv.defaults columns path
                    use data = Table.datasetNamed [ "left", [ "c"; "a" ]; "right", [ "b" ] ] [ "y" ] table
                    Assert.equal [ 3.0; 1.0; 7.0; 5.0 ] (numbers data.AllInputs["left"])
                    Assert.equal [ 2.0; 6.0 ] (numbers data.AllInputs["right"])
                    Assert.equal [ 4.0; 8.0 ] (numbers data.Targets)))

            testCase
                "files of several tensors, and TorchSharp's datasets, give several inputs by their names"
                (fun () ->
                    let tensors = [ "left", left (); "right", right (); "y", targets () ]
                    let names = [ "left"; "right" ]
                    use data = byPlace ()

                    let isSame (found: Dataset) =
                        use found = found
                        Assert.equal names found.AllInputs.Names
                        Assert.equal (trained 1 (regressor sum) data) (trained 1 (regressor sum) found)

                    inFile (fun path ->
                        Safetensors.save path Map.empty tensors
                        isSame (Datasets.safetensorsNamed names "y" path)

                        Assert.containsText
                            "found 'rigth' (near it: right)"
                            (failure (fun () -> Datasets.safetensorsNamed [ "left"; "rigth" ] "y" path)))

                    use items =
                        { new torch.utils.data.Dataset() with
                            member _.Count = 10L

                            member _.GetTensor(place: int64) =
                                Dictionary(dict [ for name, all in tensors -> name, all.select (0L, place) ])
                        }

                    isSame (Datasets.ofTorchNamed names "y" items)

                    let path =
                        System.IO.Path.Combine(System.AppContext.BaseDirectory, "reference", "npy", "several.npz")

                    use both = Datasets.npzNamed [ "x_train"; "y_train" ] "y_train" path
                    use alone = Datasets.npz "x_train" "y_train" path
                    Assert.equal (numbers alone.Inputs) (numbers both.AllInputs["x_train"])
                    Assert.equal (DataHelp.wholes both.Targets) (DataHelp.wholes both.AllInputs["y_train"]))

            testCase "an application follows the inputs of its model, whatever becomes of it" (fun () ->
                let inputs (spec: ModuleSpec) = (Construct.root spec).Graph.Value.Inputs
                let one = Applications.regressor (Layers.linear 3 2)
                Assert.equal [ "input" ] (inputs one)
                let two = one |> Module.select "model" (Module.replace sum)
                Assert.equal [ "left"; "right" ] (inputs two)
                // A change below leaves it alone, one back is heard.
                let wider = two |> Module.select "model/wide" (Module.configure Linear.bias false)
                Assert.equal [ "left"; "right" ] (inputs wider)
                Assert.equal [ "input" ] (inputs (wider |> Module.select "model" (Module.replace (Layers.linear 3 2))))
                Assert.equal [ "input" ] (inputs (two |> Module.select "model" (Module.inputsFrom [ "a"; "b" ])))

                use application =
                    Application.buildWith { optionsFor [ [ 9L; 3L ]; [ 9L; 2L ] ] with Device = "cpu" } two

                Assert.equal [ "left", [ 3L ]; "right", [ 2L ] ] application.InputShapes)

            testCase
                "a loss that is no number names the input, or the module of two inputs, that it came from"
                (fun () ->
                    let bad = right ()
                    bad.narrow(0L, 6L, 1L).fill_(Scalar.op_Implicit nan) |> ignore
                    use data = Dataset.OfInputs(Inputs.named [ "left", left (); "right", bad ], targets ())
                    let message = failure (fun () -> Application.fit (options 1) data (regressor sum))
                    Assert.containsText "input 'right' of the batch holds such numbers" message

                    let quotient =
                        Definition.create "Quotient" [] (fun _ ->
                            init {
                                let! scale = child "scale" (Layers.linear 2 2)
                                return forwardOf [ "a"; "b" ] (fun inputs -> call scale inputs[0] / inputs[1])
                            })
                        |> Module.create []

                    let zeros = torch.zeros (10L, 2L)
                    use data = Dataset.OfInputs(Inputs.several [ right (); zeros ], targets ())
                    let message = failure (fun () -> Application.fit (options 1) data (regressor quotient))
                    Assert.containsText "'model' gave the first such number" message)

            testCase "inputs that a model does not take are errors that name them and the model" (fun () ->
                let train model (inputs: Inputs) =
                    use data = Dataset.OfInputs(inputs, targets ())
                    failure (fun () -> Application.fit (options 1) data (regressor model))

                let named = Inputs.named
                let one = Inputs.one (left ())
                Assert.equal "model (Both) expects 2 inputs (left, right), but gets 1." (train sum one)

                Assert.containsText
                    "model (Both) expects 2 inputs (left, right), but gets 3."
                    (train sum (Inputs.several [ left (); right (); right () ]))

                Assert.containsText
                    "model (Both) has no input 'rigth'. Did you mean 'right'?"
                    (train sum (named [ "left", left (); "rigth", right () ]))

                Assert.containsText
                    "model (Both): 'right' must be among the inputs, but is not there"
                    (train sum (named [ "left", left () ]))

                Assert.containsText
                    "model (Both) expects named tensors (l, r), but gets 2 without names."
                    (train keyed (Inputs.several [ left (); right () ]))

                Assert.containsText
                    "model (Both) has no input 'right'."
                    (train keyed (named [ "l", left (); "right", right () ]))

                Assert.containsText "a tensor named 'r'" (train keyed (named [ "l", left () ]))

                // As it comes first, an error of shapes is that of the layer; what there was stands beside it.
                let turned = train sum (named [ "left", right (); "right", right () ])
                Assert.containsText "model.wide (Linear) expects" turned
                Assert.containsText "left (?, 2), right (?, 2)" turned

                Assert.containsText
                    "as many of each input as targets along the first dimension, found inputs left (10, 3), right (9, 2)"
                    (failure (fun () ->
                        Dataset.OfInputs(named [ "left", left (); "right", right().narrow(0L, 0L, 9L) ], targets ())))

                for inputs, expected in
                    [
                        (fun () -> named [ "a", left (); "a", right () ]), "each name once"
                        (fun () -> named [ "", left () ]), "a name for each input"
                        (fun () -> Inputs.several []), "at least one tensor"
                    ] do
                    Assert.containsText expected (failure inputs))

            testCase "what a trained model does not take names the input" (fun () ->
                use data = words ()
                use application: Application = fitted 1 (Applications.classifier 4 mixed |> stepped) data
                let all = Map.ofList (three ())
                let predict changed = failure (fun () -> application.Predict(Inputs.named (Map.toList changed)))
                let bad name tensor = predict (Map.add name tensor all)

                Assert.containsText "model (Mixed): 'image' must be of shape (?, 4)" (bad "image" (fill [ 8L ] 0.1))
                Assert.containsText "'mask' must be 8 examples" (bad "mask" (all["mask"].narrow(0L, 0L, 5L)))
                Assert.containsText "'image' must be in float32" (bad "image" (all["image"].``to`` torch.float64))

                Assert.containsText
                    "model (Mixed): 'tokens' must be in int64, but is float32"
                    (bad "tokens" (fill [ 8L; 5L ] 0.1))

                Assert.containsText
                    "'image' must be of a shape such as (?, 4), but is (?, 3)"
                    (bad "image" (fill [ 8L; 3L ] 0.1))

                Assert.containsText "has no input 'masks'" (predict (all.Remove("mask").Add("masks", all["mask"])))

                // In the middle of training too, and what was trained is still there.
                let before = weights application

                use wide =
                    Dataset.OfInputs(
                        Inputs.named (Map.toList (Map.add "image" (fill [ 8L; 3L ] 0.1) (Map.ofList (three ())))),
                        torch.tensor [| for i in 0L .. 7L -> i % 4L |]
                    )

                Assert.containsText
                    "'image' must be of a shape such as (?, 4)"
                    (failure (fun () -> Application.fitMore (options 1) wide application))

                Assert.equal before (weights application)
                Assert.equal [ 8L; 4L ] (shapeOf (application.Predict data))

                let alone = failure (fun () -> application.Predict(fill [ 8L; 4L ] 0.1))
                Assert.containsText "model (Mixed) expects 3 inputs (tokens, mask, image), but gets 1." alone
                Assert.containsText "one input" (failure (fun () -> application.InputShape))
                Assert.containsText "of several `AllInputs`" (failure (fun () -> data.Inputs))
                Assert.containsText "near it: mask" (failure (fun () -> data.AllInputs["maks"]))
                Assert.containsText "a place from 0 to 2" (failure (fun () -> data.AllInputs[3])))

            testCase "a model of several outputs is refused by name" (fun () ->
                use data = byPlace ()

                let two =
                    Definition.create "Two" [] (fun _ ->
                        init { return forwardMany [ "left"; "right" ] (fun inputs -> inputs) })
                    |> Module.create []

                let message model = failure (fun () -> Application.fit (options 1) data (regressor model))
                Assert.containsText "model (Two): it gives 2 outputs, and a loss takes one tensor" (message two)
                let giving = sum |> Module.outputsTo [ "y" ]
                Assert.containsText "model (Both): it gives named tensors" (message giving))

            testCase "examples of other inputs than the first are errors that name them" (fun () ->
                let example (place: int64) : struct (Inputs * Tensor) =
                    let one = torch.zeros 2L

                    if place = 2L then
                        struct (Inputs.named [ "left", one; "rite", one ], one)
                    else
                        struct (Inputs.named [ "left", one; "right", one ], one)

                let data = Dataset.IndexedInputs(4L, example)
                Assert.containsText "left, rite as number 2 of a batch" (failure (fun () -> data.Keep()))

                let longer (place: int64) : struct (Inputs * Tensor) =
                    struct (Inputs.named [ "left", torch.zeros (place + 1L) ], torch.zeros 1L)

                Assert.containsText "input 'left'" (failure (fun () -> Dataset.IndexedInputs(2L, longer).Keep())))
        ]
