namespace Deeplay.Torch

open System.Collections.Generic
open Deeplay.Core
open TorchSharp

/// The means of the tensors that several files have for a module.
module internal StateMeans =
    // Sums of what was read before, in as many bits as there are; of whole numbers and truth values the last.
    let private addTo
        (sums: Dictionary<nativeint, torch.Tensor>)
        (scope: DisposeScope)
        (tensor: torch.Tensor, numbers: torch.Tensor)
        =
        let isComplex = torch.is_complex tensor.dtype

        if isComplex || torch.is_floating_point tensor.dtype then
            let wide = numbers.``to`` (if isComplex then torch.complex128 else torch.float64)

            match sums.TryGetValue tensor.Handle with
            | true, sum -> Numbers.addTo sum wide
            | _ -> sums[tensor.Handle] <- wide.MoveToOtherDisposeScope scope
        else
            sums[tensor.Handle] <- numbers.clone().MoveToOtherDisposeScope scope

    /// Reads the mean of the weights of several files, by the same options, which `checkReport` may narrow: all of them must have the
    /// same tensors of the module.
    let load (options: StateDictLoad) checkReport (paths: string list) (target: torch.nn.Module) : StateDictReport =
        if paths.IsEmpty then Fail.with' (Malformed("average", "at least one file", "none"))
        use scope = torch.NewDisposeScope()
        use _noGrad = torch.no_grad ()
        let sums = Dictionary<nativeint, torch.Tensor>()

        let reports =
            [
                for path in paths do
                    StateTensors.reading options path target (fun report pairs ->
                        StateTensors.check options path report
                        checkReport path report
                        use _scope = torch.NewDisposeScope()

                        for pair in pairs () do
                            addTo sums scope pair

                        report)
            ]

        for path, report in List.zip paths reports do
            if report.Loaded <> reports.Head.Loaded then
                let expected = $"the tensors that '{paths.Head}' has"
                Fail.with' (Malformed(path, expected, Error.list (List.except reports.Head.Loaded report.Loaded)))

        use count = Numbers.real (float paths.Length)

        for _, tensor in StateTensors.shared target do
            match sums.TryGetValue tensor.Handle with
            | true, sum when torch.is_complex tensor.dtype || torch.is_floating_point tensor.dtype ->
                tensor.copy_ (sum.div count) |> ignore
            | true, last -> tensor.copy_ last |> ignore
            | _ -> ()

        List.last reports
