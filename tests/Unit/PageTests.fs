/// The page of a run.
module Deeplay.Tests.PageTests

open System.IO
open System.Text.RegularExpressions
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open Deeplay.Plots
open TorchSharp
open Expecto
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.TrainingHelp

let private spec = classifier [ Layers.linear 2 2 ] |> steppedBy (Optimizers.adam 0.125)

// What a reader sees: no tags, entities as their letters.
let private shown (html: string) =
    let body = html.Substring(html.IndexOf "<body>")
    let text = Regex.Replace(body, "<[^>]*>", " ")
    Regex.Replace(System.Net.WebUtility.HtmlDecode text, @"\s+", " ")

[<Tests>]
let tests =
    torchTests
        "PageTests"
        [
            testCase "a page tells what was trained, how, and what came of it" (fun () ->
                use data = points ()

                let stop =
                    Callback.create "Patience <1>" (fun run ->
                        { Callback.idle with EpochEnd = fun _ -> run.Stop "It's > enough." })

                let options =
                    { options 3 with Validation = Some data; GradientClip = ByNorm 2.0; Callbacks = [ stop ] }

                use application = Application.fit options data spec

                let page =
                    { RunPage.defaults with
                        Title = Some "A & <b>B</b>"
                        Options = Some options
                        Test = Application.test data application
                        Pictures = [ "The \"weights\" for $1 & $&", Plot.weights application.Module ]
                    }

                let html = RunPage.toHtml page application
                let text = shown html
                let metrics = application.History.Epochs.Head.Metrics

                for part in
                    [
                        "A & <b>B</b> 1 epoch, 4 steps on cpu"
                        "Ended early: It's > enough."
                        "Results after the last epoch train val test loss "
                        "loss " + Look.number metrics["train_loss"] + " " + Look.number metrics["val_loss"]
                        "loss CrossEntropyLoss(weight = None, ignore_index = -100"
                        "optimizer Adam(lr = 0.125, betas = [0.9, 0.999]"
                        "epochs at most 3 batch size 4 gradient clipping 2-norm of at most 2 order of examples shuffled seed 7"
                        "validation 16 examples, after each epoch callbacks Patience <1>"
                        "(0): Linear(in_features=2, out_features=2, bias=True)"
                        "6 parameters"
                        "History epoch step train_accuracy train_loss val_accuracy val_loss 0 4 "
                        "torch TorchSharp 0.107.0, libtorch "
                        "The \"weights\" for $1 & $&"
                    ] do
                    Assert.containsText part text

                Assert.containsText "aria-label=\"The &quot;weights&quot; for $1 &amp; $&amp;\"" html
                // Texts from outside are no HTML.
                Assert.isFalse (html.Contains "<b>" || html.Contains "<1>"))

            testCase "what is of no stage stands behind the stages" (fun () ->
                let metrics = Map.ofList [ "lr", 0.5; "train_loss", 0.25; "val_loss", 0.75 ]
                let history = { Epochs = [ { Epoch = 0; Step = 1L; Metrics = metrics } ] }
                let html = PageParts.results [ "loss", 0.125 ] history |> String.concat ""
                let cells = Regex.Matches(html, @"<t[hd]\b[^>]*>([^<]*)<") |> Seq.map _.Groups[1].Value |> List.ofSeq

                Assert.equal
                    [ ""; "train"; "val"; "test"; ""; "loss"; "0.25"; "0.75"; "0.125"; ""; "lr"; ""; ""; ""; "0.5" ]
                    cells)

            testCase "a page needs nothing from elsewhere, and no script" (fun () ->
                use data = points ()
                use application = Application.fit (options 2) data spec
                let pictures = [ "one", Plot.weights application.Module; "two", Plot.weights application.Module ]
                let html = RunPage.toHtml { RunPage.defaults with Pictures = pictures } application
                Assert.isFalse (Regex.IsMatch(html, "<script|<link|@import|\\son\\w+="))

                // Addresses are names of languages, or lie in the page.
                for found in Regex.Matches(html, "(href|src)=\"([^\"]*)\"") do
                    Assert.isTrue (found.Groups[2].Value.StartsWith '#' || found.Groups[2].Value.StartsWith "data:")

                for found in Regex.Matches(html, "https?://[^\"<]*") do
                    Assert.startsWith "http://www.w3.org/" found.Value

                // The loss, the accuracy, and two of one's own.
                Assert.equal 4 (Regex.Matches(html, "<svg ").Count)
                let ids = [ for found in Regex.Matches(html, "\\bid=\"([^\"]*)\"") -> found.Groups[1].Value ]
                Assert.notEmpty ids
                Assert.equal ids (List.distinct ids)

                for found in Regex.Matches(html, "url\\(#([^)]*)\\)") do
                    Assert.contains found.Groups[1].Value ids)

            testCase "tags close in order" (fun () ->
                use data = points ()
                use application = Application.fit (options 1) data spec
                let html = RunPage.toHtml RunPage.defaults application
                let alone = set [ "meta"; "img"; "!DOCTYPE" ]

                let left =
                    Regex.Matches(html, "<(/?)([\\w!]+)[^>]*?(/?)>")
                    |> Seq.fold
                        (fun (still: string list) found ->
                            match found.Groups[1].Value, found.Groups[2].Value, found.Groups[3].Value with
                            | "", name, "" when not (alone.Contains name) -> name :: still
                            | "/", name, _ ->
                                Assert.equal name still.Head
                                still.Tail
                            | _ -> still)
                        []

                Assert.equal [] left)

            testCase "a run without an epoch has a page too, and a page is a whole file" (fun () ->
                use data = points ()
                use application = Application.fit (options 0) data spec

                inFolder (fun folder ->
                    let path = Path.Combine(folder, "run.html")
                    RunPage.save path application
                    let html = File.ReadAllText path
                    Assert.equal (RunPage.toHtml RunPage.defaults application) html
                    Assert.containsText "<title>Classifier</title>" html
                    Assert.containsText "0 epochs, 0 steps on cpu" html
                    Assert.isFalse (html.Contains "<h2>History")
                    Assert.endsWith "</html>\n" html

                    Assert.equal
                        1
                        (errorsOf (fun () -> RunPage.save (Path.Combine(folder, "no", "run.html")) application))
                            .Length))
        ]
