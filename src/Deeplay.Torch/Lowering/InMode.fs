namespace Deeplay.Torch

open System.Collections.Generic
open Deeplay.Core

/// A forward pass in one of both modes: what is for the other one alone is left out when it is compiled, so that nobody
/// asks for the mode while it runs.
module internal InMode =
    let private isModal (instruction: Instruction) =
        match instruction.Operation with
        | ByMode
        | Update _
        | Apply(Op.Tuned(TunedOp.Dropout _))
        | Apply(Op.Product(ProductOp.Attention _)) -> true
        | _ -> false

    /// Whether the pass differs between both modes.
    let isTwo (graph: Graph) = List.exists isModal graph.Instructions

    /// The register that an instruction only passes on, in this mode.
    let passedOn training (instruction: Instruction) : int option =
        match instruction.Operation with
        | ByMode -> Some instruction.Inputs[if training then 0 else 1]
        | Apply(Op.Tuned(TunedOp.Dropout _)) when not training -> Some instruction.Inputs.Head
        | _ -> None

    /// What is done in this mode. What leads nowhere stays, for a call may be wanted for its effect, unless it leads to what is
    /// left out.
    let instructions training (graph: Graph) : Instruction list =
        if not (isTwo graph) then
            graph.Instructions
        else
            let live = HashSet(graph.Outputs |> List.map snd)
            let mentioned = HashSet live

            let keep (instruction: Instruction) =
                let isDropped =
                    match instruction.Operation with
                    | Update _ -> not training
                    | _ -> false

                let leads = instruction.Outputs |> List.exists live.Contains
                let isEffect = not (instruction.Outputs |> List.exists mentioned.Contains)

                mentioned.UnionWith instruction.Inputs

                if not isDropped && (leads || isEffect) then
                    live.UnionWith(
                        match passedOn training instruction with
                        | Some register -> [ register ]
                        | None -> instruction.Inputs
                    )

                    true
                else
                    false

            // From the end, so that what reads a result is known before what makes it.
            graph.Instructions |> List.rev |> List.filter keep |> List.rev
