/// Law 14 for the F# face: every definition of the library has a factory with its names, defaults and documentation.
module Deeplay.Tests.Factories

open System
open System.IO
open System.Reflection
open System.Text.RegularExpressions
open System.Xml.Linq
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open Expecto
open Deeplay.Tests

let private face = Assembly.Load "Deeplay.FSharp"

let private documented =
    XDocument.Load(Path.ChangeExtension(face.Location, ".xml")).Descendants(XName.Get "member")
    |> Seq.map (fun entry -> entry.Attribute(XName.Get "name").Value, entry)
    |> Map.ofSeq

/// Something of the type that any parameter takes.
let private sample (kind: Type) : obj =
    if kind = typeof<int> then 4
    elif kind = typeof<float> then 0.5
    elif kind = typeof<string> then "x"
    elif kind = typeof<int list> then [ 4 ]
    elif kind = typeof<string list> then [ "x" ]
    elif kind = typeof<float list> then [ 0.5 ]
    elif kind = typeof<bool list> then [ true ]
    elif kind = typeof<ModuleSpec> then Layers.relu
    elif kind = typeof<ModuleSpec list> then [ Layers.relu; Layers.relu ]
    elif kind = typeof<(string * ModuleSpec) list> then [ "x", Layers.relu ]
    elif kind = typeof<NamedFunction> then { Id = "same"; Documentation = ""; Body = List.head }
    else failtest $"no sample of a {kind.Name}"

/// A factory: its name, the names of its arguments, what it makes of samples, and its documentation.
[<NoComparison; NoEquality>]
type private Factory = { Name: string; Arguments: string list; Spec: ModuleSpec; Documentation: XElement }

let private factories group =
    let holder = face.GetType($"Deeplay.FSharp.{group}", true)

    [
        for property in holder.GetProperties() do
            // Some groups hold the keys to their definitions too.
            if property.PropertyType = typeof<ModuleSpec> then
                {
                    Name = property.Name
                    Arguments = []
                    Spec = property.GetValue null :?> ModuleSpec
                    Documentation = documented[$"P:Deeplay.FSharp.{group}.{property.Name}"]
                }

        for method in holder.GetMethods(BindingFlags.Public ||| BindingFlags.Static) do
            // The compiler keeps inlined functions for its debugger under names like `<f>__debug@1`.
            if not method.IsSpecialName && not (method.Name.StartsWith '<') then
                let prefix = $"M:Deeplay.FSharp.{group}.{method.Name}("
                let parameters = method.GetParameters()

                {
                    Name = method.Name
                    Arguments = [ for p in parameters -> p.Name ]
                    Spec = method.Invoke(null, [| for p in parameters -> sample p.ParameterType |]) :?> ModuleSpec
                    Documentation =
                        documented |> Map.pick (fun name entry -> if name.StartsWith prefix then Some entry else None)
                }
    ]

let private squeezed (text: string) = Regex.Replace(text.Trim(), @"\s+", " ")

let private snake (name: string) =
    // A letter of PyTorch's that stays large: `T_max`.
    let large = Regex.Match(name, "^t([A-Z0-9].*)$")

    if large.Success then
        "T_" + large.Groups[1].Value.ToLowerInvariant()
    else
        Regex.Replace(name, "[A-Z]", (fun found -> "_" + found.Value.ToLowerInvariant()))

/// Library texts name parameters as PyTorch does, the face as F# does.
let private camel (definition: Definition) (text: string) =
    Regex.Replace(
        text,
        @"\b[a-zT][a-z0-9]*(_[a-z0-9]+)+\b",
        fun found ->
            if definition.Signature.Has found.Value then
                Regex.Replace(
                    found.Value,
                    "^T|_(.)",
                    fun part -> if part.Value = "T" then "t" else part.Groups[1].Value.ToUpperInvariant()
                )
            else
                found.Value
    )

let private isLazy factory = factory.Name.StartsWith "lazy"

let private check group (definition: Definition) =
    let made = factories group |> List.filter (fun f -> obj.ReferenceEquals(f.Spec.Definition, definition))

    let plain = made |> List.filter (isLazy >> not)
    Expect.isNonEmpty plain definition.Id

    for factory in made do
        let given = factory.Spec.Arguments |> Map.keys |> Set.ofSeq

        // An argument sets the parameter that it is named after; `named` sets two, and `function` is a word of F#.
        if factory.Arguments <> [ "named" ] then
            Assert.equal
                (Set.ofList
                    [
                        for name in factory.Arguments ->
                            match snake name with
                            | "func" -> "function"
                            | name -> name
                    ])
                given

        let text = squeezed factory.Documentation.Value

        let summary = squeezed (factory.Documentation.Element(XName.Get "summary").Value)

        Assert.equal
            true
            (summary.StartsWith(camel definition (definition.Documentation.TrimEnd '.'), StringComparison.Ordinal))

        Assert.containsText "Shapes: " text

        for source in definition.Sources do
            Assert.containsText source text

        // What must be given is an argument; every other parameter is told with its default.
        for p in definition.Signature.Parameters do
            if factory.Arguments <> [ "named" ] || not (given.Contains p.Name) then
                Assert.containsText (camel definition (squeezed (p.Documentation.TrimEnd('.', '…')))) text

            if not (given.Contains p.Name) then
                if p.Default = Unset then Expect.isTrue p.IsInferred $"{factory.Name} leaves {p.Name} out"

                let standard =
                    match p.Default with
                    | Unset -> "(inferred)"
                    | Null -> "= null"
                    | Bool b -> if b then "= true" else "= false"
                    | Text t -> $"= \"{t}\""
                    | List [] -> ""
                    | other -> $"= {Value.print other}"

                // A key is named after its parameter, and says more where another key of the module has that name.
                let wanted = Regex.Escape((" " + squeezed standard).TrimEnd())
                Expect.isMatch text (camel definition p.Name + @"\w*" + wanted) factory.Name

    // PyTorch's word for a layer whose width is inferred; needed where the width is an argument of the plain one.
    let widths =
        definition.Signature.Parameters
        |> Array.filter (fun p -> p.IsInferred)
        |> Array.map (fun p -> p.Name)

    for factory in plain do
        let asks = widths |> Array.exists factory.Spec.Arguments.ContainsKey
        Assert.equal asks (made |> List.exists isLazy)

    for factory in List.filter isLazy made do
        Expect.isFalse (widths |> Array.exists factory.Spec.Arguments.ContainsKey) factory.Name

[<Tests>]
let tests =
    testList
        "Factories"
        [
            testCase "every definition is a base or in a group" (fun () ->
                let grouped = Library.groups |> List.collect (fun (_, _, definitions) -> definitions)

                Assert.equal
                    (Library.registry.Definitions |> Map.keys |> Set.ofSeq)
                    (Set.ofList [ for d in Library.bases @ grouped -> d.Id ]))

            for group, _, definitions in Library.groups do
                for definition in definitions do
                    testCase
                        $"{group}: {definition.Id} has a factory with its names, defaults and documentation"
                        (fun () -> check group definition)

            testCase "what users write stays" (fun () ->
                Assert.equal "Linear(in_features=3, out_features=4)" (Value.printSpec (Layers.linear 3 4))
                Assert.equal "Linear(out_features=4)" (Value.printSpec (Layers.lazyLinear 4))

                Assert.equal
                    "Conv2d(in_channels=1, out_channels=8, kernel_size=3)"
                    (Value.printSpec (Layers.conv2d 1 8 3))

                Assert.equal "Conv2d(out_channels=8, kernel_size=3)" (Value.printSpec (Layers.lazyConv2d 8 3))

                Assert.equal "GELU()" (Value.printSpec Layers.gelu)
                Assert.equal "BatchNorm1d()" (Value.printSpec Layers.batchNorm1d)
                Assert.equal "Dropout(p=0.1)" (Value.printSpec (Layers.dropout 0.1))

                Assert.equal
                    "MultiLayerPerceptron(in_features=64, hidden_features=[64, 32], out_features=10)"
                    (Value.printSpec (Components.multiLayerPerceptron 64 [ 64; 32 ] 10))

                Assert.equal "SGD(lr=0.1)" (Value.printSpec (Optimizers.sgd 0.1))
                Assert.equal "CrossEntropyLoss()" (Value.printSpec Losses.crossEntropy))
        ]
