open Deeplay.Torch
open Deeplay.Plots

let picture = History.ofCsv "epoch,step,train_loss\n0,10,2.5\n1,20,1.5\n" |> Plot.curves
picture |> Plot.save "curves.png"
let png = System.IO.File.ReadAllBytes "curves.png"
printfn $"""drawn: {png.Length > 1000 && picture.ToSvg().Contains "train"}"""
