namespace Deeplay.Torch

open System
open TorchSharp

/// A parameter that an optimizer steps, by its name, with the optimizer's arguments for it.
[<NoEquality; NoComparison>]
type internal Trained = { Name: string; Parameter: Modules.Parameter; Arguments: Map<string, float> }

/// The same with what the optimizer keeps for it: nothing before the first step.
[<Sealed>]
type internal Stepped(trained: Trained) =
    member _.Name = trained.Name
    member _.Parameter = trained.Parameter

    /// A tensor for each state of the script, which is null where it is not kept. Null before the first step.
    member val State: torch.Tensor[] = null with get, set

/// A call of the script for some parameters, all but their gradients. It is kept, for mostly the same ones are stepped again.
[<Sealed>]
type internal StepCall(script: OptimizerScript, parameters: Stepped[]) =
    let states = [| for one in parameters -> one.State |]

    let arguments: obj[] =
        [|
            box [| for one in parameters -> one.Parameter :> torch.Tensor |]
            null

            for i in 0 .. script.State.Length - 1 do
                let isKept = not (isNull (states[0][i]))
                box (if isKept then [| for state in states -> state[i] |] else Array.empty<torch.Tensor>)

            null
            null
        |]

    /// Whether it is one for these, with what is kept for them now.
    member _.IsFor(others: ResizeArray<Stepped>) : bool =
        let isSame i =
            Object.ReferenceEquals(others[i], parameters[i])
            && Object.ReferenceEquals(others[i].State, states[i])

        others.Count = parameters.Length && Seq.forall isSame (seq { 0 .. parameters.Length - 1 })

    /// Steps the parameters.
    member _.Invoke(gradients: torch.Tensor[], numbers: torch.Tensor, isFirst: bool) : unit =
        arguments[1] <- box gradients
        arguments[arguments.Length - 2] <- box numbers
        arguments[arguments.Length - 1] <- box isFirst
        OptimizerScripts.compiled.Value.invoke (script.Name, arguments) |> ignore
        arguments[1] <- null

/// Parameters that libtorch steps at once: of one type and device, with the same arguments.
[<Sealed>]
type internal Bucket(script: OptimizerScript, arguments: Map<string, float>, isSmall: bool, all: Trained list) =
    let mutable numbers: torch.Tensor = null
    let mutable current: Rate voption = ValueNone
    let mutable call: StepCall = Unchecked.defaultof<_>

    // libtorch's fused kernels start all threads for every parameter, which costs more than a small one, and very much more where
    // other programs have the processors.
    let onOneThread (work: unit -> unit) =
        let threads = torch.get_num_threads ()

        if threads = 1 then
            work ()
        else
            torch.set_num_threads 1

            try
                work ()
            finally
                torch.set_num_threads threads

    /// Whether a parameter is one that several threads are not worth starting for: below the number of elements for which libtorch
    /// itself does so elsewhere (`at::internal::GRAIN_SIZE`).
    static member IsSmall(parameter: torch.Tensor) : bool =
        parameter.device_type = DeviceType.CPU && parameter.NumberOfElements < 32768L

    member val Parameters = [| for one in all -> Stepped one |]

    /// The step size that it was made with.
    member _.Base = arguments["lr"]

    /// Steps with these from now on. `rate.Momentum` is what a schedule leaves of `momentum`, or of Adam's first beta.
    member this.Set(rate: Rate) : unit =
        let value name =
            match name with
            | "lr" -> rate.LearningRate
            | "momentum"
            | "beta1" when rate.Momentum.IsSome -> rate.Momentum.Value
            | _ -> arguments[name]

        if current <> ValueSome rate then
            this.Dispose()
            let values = script.Numbers |> List.map value |> Array.ofList
            numbers <- torch.tensor(values, dtype = torch.float64).DetachFromDisposeScope()
            current <- ValueSome rate

    /// Steps some of the parameters, of which there may be none.
    member _.Step(stepped: ResizeArray<Stepped>, gradients: ResizeArray<torch.Tensor>, isFirst: bool) : unit =
        if stepped.Count > 0 then
            if isNull (box call) || not (call.IsFor stepped) then call <- StepCall(script, stepped.ToArray())
            let step () = call.Invoke(gradients.ToArray(), numbers, isFirst)
            if isSmall then onOneThread step else step ()

    member _.Dispose() = if not (isNull numbers) then numbers.Dispose()
