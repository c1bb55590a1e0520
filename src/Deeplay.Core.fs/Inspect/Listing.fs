namespace Deeplay.Core

open System

/// A parameter, as it is listed for people.
[<NoComparison>]
type ParameterInfo =
    {
        Name: string
        /// What it takes, in words.
        Type: string
        /// Unset where it must be given or is inferred.
        Default: Value
        Documentation: string
    }

    /// `p: a float = 0.5`
    override this.ToString() =
        match this.Default with
        | Unset -> $"{this.Name}: {this.Type}"
        | value -> $"{this.Name}: {this.Type} = {Value.print value}"

/// A method or a style, as it is listed for people.
[<NoComparison>]
type ActionInfo =
    {
        Name: string
        Documentation: string
        Parameters: ParameterInfo list
    }

    /// `append_dropout(p: a float, name: a text = 'dropout') — Puts in a dropout that runs after all others.`
    override this.ToString() =
        let parameters = String.Join(", ", this.Parameters)

        let documentation = if this.Documentation = "" then "" else $" — {this.Documentation}"

        $"{this.Name}({parameters}){documentation}"

/// What can be set on a module and done to it, with documentation.
[<RequireQualifiedAccess>]
module Listing =
    /// A parameter.
    let parameter (p: Parameter) : ParameterInfo =
        {
            Name = p.Name
            Type = Value.describeType p.Type
            Default = p.Default
            Documentation = p.Documentation
        }

    /// A method or a style.
    let action (action: ActionDefinition) : ActionInfo =
        {
            Name = action.Id
            Documentation = action.Documentation
            Parameters = [ for p in action.Signature.Parameters -> parameter p ]
        }

    /// The parameters of a definition, in order.
    let parameters (definition: Definition) = [ for p in definition.Signature.Parameters -> parameter p ]

    /// What can be called on a module of this definition, by name.
    let methods (definition: Definition) = [ for method in definition.Methods.Values -> action method ]

    /// The styles of a definition, by name.
    let styles (definition: Definition) = [ for style in definition.Styles.Values -> action style ]
