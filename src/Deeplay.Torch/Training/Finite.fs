namespace Deeplay.Torch

open System
open Deeplay.Core
open TorchSharp

/// Where numbers that are not finite come from.
module internal Finite =
    let private isFinite (tensor: Tensor) =
        use finite = tensor.isfinite ()
        use all = finite.all ()
        Numbers.read all <> 0.0

    let private badParameters (network: torch.nn.Module) =
        [
            for struct (name, parameter) in network.named_parameters () do
                if torch.is_floating_point parameter && not (isFinite parameter) then name
        ]

    // The modules of up to three inputs that gave the first such number, by a pass of their own: what contains a module ends after
    // it.
    let private firstModule (application: Application) (inputs: Inputs) =
        let mutable first: string option = None
        let hooks = ResizeArray<unit -> unit>()

        let look name (output: Tensor) =
            if first.IsNone && torch.is_floating_point output && not (isFinite output) then first <- Some name
            output

        for struct (name, part) in application.Module.named_modules () do
            match part with
            | :? torch.nn.Module<Tensor, Tensor> as part ->
                hooks.Add(part.register_forward_hook(Func<_, _, _, _>(fun _ _ output -> look name output)).remove)
            | :? torch.nn.Module<Tensor, Tensor, Tensor> as part ->
                hooks.Add(part.register_forward_hook(Func<_, _, _, _, _>(fun _ _ _ output -> look name output)).remove)
            | :? torch.nn.Module<Tensor, Tensor, Tensor, Tensor> as part ->
                hooks.Add(
                    part.register_forward_hook(Func<_, _, _, _, _, _>(fun _ _ _ _ output -> look name output)).remove
                )
            | _ -> ()

        try
            use _noGrad = torch.no_grad ()
            application.Call inputs |> look "model" |> ignore
        finally
            for hook in hooks do
                hook ()

        first

    let private cause (application: Application) (inputs: Inputs) (targets: Tensor) =
        let several (names: string list) =
            let more = if names.Length > 3 then $", and {string (names.Length - 3)} more" else ""
            String.Join(", ", List.truncate 3 names) + more

        let isBad (tensor: Tensor) = torch.is_floating_point tensor && not (isFinite tensor)

        match Array.tryFindIndex isBad inputs.Tensors with
        | Some _ when inputs.Count = 1 -> "the inputs of the batch hold such numbers"
        | Some place -> $"{Inputs.label place inputs} of the batch holds such numbers"
        | None when isBad targets -> "the targets of the batch hold such numbers"
        | None ->
            match badParameters application.Module, application.Supervised with
            | _ :: _ as names, _ -> $"an earlier step made such numbers of {several names}"
            | [], None -> "inputs, targets and parameters are finite, what is computed of them is not"
            | [], Some _ ->
                match firstModule application inputs with
                | Some name -> $"'{name}' gave the first such number"
                | None -> "what the model gave is finite, the loss of it is not"

    /// Stops where the loss of a batch, which is for this optimizer, is no finite number, and says where that comes from.
    let check
        (application: Application)
        (optimizer: string)
        (where: unit -> string)
        (loss: Tensor)
        (inputs: Inputs)
        (targets: Tensor)
        : unit =
        let number = Numbers.read loss

        let counts =
            match application.Supervised with
            | Some supervised -> supervised.Targets.Count targets
            | None -> true

        if not (Double.IsFinite number) && counts then
            use _scope = torch.NewDisposeScope()

            let tag, kind =
                match application.Supervised with
                | Some supervised -> supervised.Outline.Loss.Tag, supervised.Outline.Loss.Definition.Id
                | None -> Tag.ofNames [ optimizer ], application.Spec.Definition.Id

            let found = $"{string number} at {where ()}: {cause application inputs targets}"
            Fail.with' (WrongValue(tag, kind, "loss", "a finite number", found))
