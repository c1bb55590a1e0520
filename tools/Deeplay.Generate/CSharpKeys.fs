/// The typed keys of the C# face.
module Deeplay.Generate.CSharpKeys

open Deeplay.Core
open CSharpArguments

/// The definition, as the namespace `Deeplay` sees it.
let path definition = (Catalog.path definition).Replace("Deeplay.", "")

/// The typed keys to the parameters of a definition.
let ofDefinition group (definition: Definition) =
    let parameters = definition.Signature.Parameters

    if parameters.Length = 0 then
        []
    else
        [
            ""
            yield!
                Documentation.element
                    ""
                    "summary"
                    ""
                    $"Typed keys to the parameters of <c>{group}.{definition.Id}</c>, for <c>Configure</c> and <c>Argument</c>."
            $"public static class {Names.keys definition.Id}"
            "{"
            for i, parameter in Array.indexed parameters do
                let kind = valueType definition parameter

                if i > 0 then ""

                let standard =
                    match Documentation.standard parameter with
                    | Some value -> $" Default: {value}."
                    | None -> ""

                yield!
                    Documentation.element
                        "    "
                        "summary"
                        ""
                        (Documentation.parameter definition.Signature parameter + standard)

                $"    public static Parameter<{kind}> {Names.key definition.Id parameter.Name} {{ get; }} ="
                $"        Factory.Key<{kind}>({path definition}, \"{parameter.Name}\");"
            "}"
        ]

/// The same keys where the name of their class means something of TorchSharp's.
let held (definition: Definition) =
    let parameters = definition.Signature.Parameters
    let holder = $"Deeplay.{Names.keys definition.Id}"

    if parameters.Length = 0 then
        []
    else
        [
            ""
            "public static partial class Keys"
            "{"
            $"    /// <inheritdoc cref=\"{holder}\"/>"
            $"    public static class {definition.Id}"
            "    {"
            for i, parameter in Array.indexed parameters do
                let key = $"{holder}.{Names.key definition.Id parameter.Name}"

                if i > 0 then ""

                $"        /// <inheritdoc cref=\"{key}\"/>"
                $"        public static Parameter<{valueType definition parameter}> {Names.key definition.Id parameter.Name} =>"
                $"            {key};"
            "    }"
            "}"
        ]
