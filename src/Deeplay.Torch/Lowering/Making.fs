namespace Deeplay.Torch

open System
open System.Globalization
open System.Numerics
open Deeplay.Core
open TorchSharp

/// Making the module of a layer.
module internal Making =
    let private print (bytes: BigInteger) =
        let gigabytes = float bytes / float (1L <<< 30)
        String.Format(CultureInfo.InvariantCulture, "{0:#,0.0} GiB", gigabytes)

    // Before anything is allocated: a system may promise memory that it does not have, and end the process later. Layers
    // are made on the CPU, wherever they go.
    let private checkSize (node: Node) =
        let available = BigInteger(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)

        for name, sizes in node.Definition.Weights node.Arguments do
            // float32
            let bytes = sizes |> List.fold (fun product size -> product * BigInteger size) (BigInteger 4)

            if bytes > available then
                let shape = Shape.known sizes

                let problem =
                    $"its {name} {shape} would take {print bytes}, more than the {print available} of memory there are."

                Fail.with' (WrongStructure(node.Tag, node.Definition.Id, problem))

    /// The module of a node. What the engine refuses is an error with the node's tag.
    let one (node: Node) (make: Arguments -> torch.nn.Module) : torch.nn.Module =
        checkSize node

        try
            make node.Arguments
        with
        | DeeplayException _ -> reraise ()
        | error when Shown.isEngine error ->
            let problem = $"the engine can't make it: {Shown.reason error}"
            Fail.with' (WrongStructure(node.Tag, node.Definition.Id, problem))
