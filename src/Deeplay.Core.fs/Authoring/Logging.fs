namespace Deeplay.FSharp

open Deeplay.Core

/// Keeping what flows between modules, and taking it up again elsewhere. Each key holds what the last call gave.
[<RequireQualifiedAccess>]
module Logging =
    /// The name that a tensor is kept under.
    let key =
        Param.text "key"
        |> Param.withDocumentation "The name that the tensor is kept under."
        |> Param.withCheck "a name" (fun name -> not (System.String.IsNullOrWhiteSpace name))

    let private action id body documentation : ActionDefinition =
        {
            Id = id
            Owner = ""
            Documentation = documentation
            Signature = Signature [ key.Parameter ]
            Body = body
            Saveable = true
        }

    /// Keeps what a module is called with. As Deeplay's `log_input`.
    let input = action "log_input" LogInput "Keeps what each call of the module is given."

    /// Keeps what a module gives. As Deeplay's `log_output`.
    let output = action "log_output" LogOutput "Keeps what each call of the module gives."

    /// A layer that gives what was kept under its key, whatever it is called with. As Deeplay's `FromLogs`.
    let fromLogs =
        // Inference knows what was kept and puts it in the place of this.
        Definition.primitive "FromLogs" [ key ] (fun _ _ -> Ok { Outputs = [ Unranked ]; Inferred = [] })
        |> Definition.withExtra (fun arguments -> $"key='{arguments.Get key}'")
        |> Definition.withDocumentation "Gives what was kept under a key, whatever it is called with."
        |> Definition.withShapes "anything → the shape of what was kept"
        |> Definition.withSource "Deeplay, FromLogs"
        |> Definition.withExample [ key => "image" ] []

    /// The key of one of several tensors that are kept under a key: its place or its name is behind it.
    let internal keyOf (key: string) (part: string) : string = $"{key}.{part}"

    /// The key of each log that a module has, with whether it keeps the outputs.
    let keysOf (node: Node) : (string * bool) list =
        node.Hooks
        |> List.choose (Stages.atCall node.Tag)
        |> List.map (fun (arguments, keepsOutputs) -> arguments.Get key, keepsOutputs)
