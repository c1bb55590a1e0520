#load "deeplay.fsx"
printfn "The quickstart comes here."
