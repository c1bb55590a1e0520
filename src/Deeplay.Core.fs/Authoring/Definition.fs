namespace Deeplay.FSharp

open Deeplay.Core

/// Actions: what a hook, a method or a style does.
[<RequireQualifiedAccess>]
module Action =
    let private make id (parameters: Param list) body saveable : ActionDefinition =
        {
            Id = id
            Owner = ""
            Documentation = ""
            Signature = Signature(parameters |> List.map (fun p -> p.Parameter))
            Body = body
            Saveable = saveable
        }

    /// An action that goes on where `init` stopped.
    let afterInit id (parameters: Param list) (body: Arguments -> Init<unit>) = make id parameters (OnBuilder body) true

    /// An action that gives another tree just before it is built.
    let beforeBuild id (parameters: Param list) (body: Arguments -> Node -> Node) =
        make id parameters (OnNode body) true

    /// An action on the torch module once it is built.
    let afterBuild id (parameters: Param list) (body: Arguments -> obj -> unit) = make id parameters (OnBuilt body) true

    /// The action with its documentation.
    let withDocumentation text (action: ActionDefinition) = { action with Documentation = text }

    /// The action as one that has no name to be found by: it works, but a spec that holds it can't be saved.
    let opaque (action: ActionDefinition) = { action with Saveable = false }

/// Definitions: what Python would write as a class.
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Definition =
    let private show (spec: ModuleSpec) =
        match Construct.tree spec with
        | Ok root -> Tree.print root
        | Error errors -> Error.describeAll errors

    let private noExtra (_: Arguments) = ""

    let private make id (parameters: Param list) body : Definition =
        if System.String.IsNullOrWhiteSpace id then Fail.with' (Malformed("definition", "an id", "nothing"))

        for parameter in parameters do
            if System.String.IsNullOrWhiteSpace parameter.Name || parameter.Name.StartsWith '@' then
                Fail.with' (Malformed($"definition {id}", "the name of a parameter", $"'{parameter.Name}'"))

        for name, same in parameters |> List.countBy (fun parameter -> parameter.Name) do
            if same > 1 then
                Fail.with' (Malformed($"definition {id}", "every parameter once", $"'{name}' twice"))

        {
            Id = id
            Documentation = ""
            Shapes = ""
            Sources = []
            Example = None
            Positional = None
            Base = None
            Signature = Signature(parameters |> List.map (fun p -> p.Parameter))
            Prepare = Operators.id
            ResolveArguments = Operators.id
            Constraints = None
            Body = body
            Elements = KindRule.unknown
            Inferred = []
            Finish = None
            Methods = Map.empty
            Styles = Map.empty
            Extra = noExtra
            Weights = fun _ -> []
            Show = show
        }

    let internal withElements rule (definition: Definition) : Definition = { definition with Elements = rule }

    /// A module made of others: its parameters, and the `init` that attaches its children and ends with its forward
    /// pass. What it does follows from the arguments and the children alone; it runs once for several equal modules.
    let create id (parameters: Param list) (body: Arguments -> Init<Forward>) : Definition =
        Composite(fun arguments builder ->
            match body arguments builder with
            | NoForward -> ()
            | Forward graph -> builder.Forward graph)
        |> make id parameters

    /// A module that torch makes: its parameters and its shape rule. The rule gives the shapes of the outputs, and
    /// values for parameters that are not set and follow from the inputs, or says what it expects. It must give the same
    /// for the same arguments and shapes, and take shapes that are known in part. It makes nothing: how the module is made
    /// is said where it is built.
    let primitive id (parameters: Param list) (rule: ShapeRule) : Definition = make id parameters (Primitive rule)

    /// The definition with its documentation.
    let withDocumentation text (definition: Definition) : Definition = { definition with Documentation = text }

    /// The definition with its shapes, as documentation writes them: "(…, in_features) → (…, out_features)".
    let withShapes text (definition: Definition) : Definition = { definition with Shapes = text }

    /// The definition of a layer with the kinds of numbers that it takes, for each of its inputs, and those that it gives, for each of
    /// its outputs: `withNumbers [ NumberKind.Integral ] [ NumberKind.Floating ]`. Whoever builds a model that holds it, and says what
    /// its inputs hold, then hears of others before anything is built. What is made of other modules holds what these take: that is an
    /// error, as are kinds of no input.
    let withNumbers (inputs: NumberKind list) (outputs: NumberKind list) (definition: Definition) : Definition =
        match definition.Body, inputs with
        | Composite _, _ ->
            let expected = "a layer that torch makes, for kinds of numbers"
            Fail.with' (Malformed(definition.Id, expected, "modules, which say themselves what they take"))
        | Primitive _, ([] | NumberKind.AsFirst :: _) ->
            let found = if inputs.IsEmpty then "none" else "that of the first input itself"
            Fail.with' (Malformed(definition.Id, "the kind of numbers of each input", found))
        | Primitive _, _ -> withElements (NumberKinds.rule inputs outputs) definition

    /// The definition with one more source of its formulas and names: "Ba et al., 2016, Layer Normalization".
    let withSource text (definition: Definition) : Definition =
        { definition with Sources = definition.Sources @ [ text ] }

    /// The definition with the example that documentation shows, makes and runs: arguments, and the inputs of a call, batch
    /// included: `withExample [ features => 3 ] [ Example.tensor [ 8; 3 ] ]`. A name that is no parameter is an error.
    let withExample (arguments: (string * Value) list) inputs (definition: Definition) : Definition =
        for name, _ in arguments do
            if not (definition.Signature.Has name) then
                Fail.with' (UnknownName(Tag.root, definition.Id, "parameter", name, definition.Signature.Names))

        { definition with
            Example = Some { Example.Arguments = arguments; Example.Inputs = inputs; Example.Outputs = [] }
        }

    /// The definition whose example gives these numbers, all of them in order: what it should give, by another source than its own
    /// code. Documentation shows them to four digits. A definition without an example is an error.
    let withOutputs (numbers: float list) (definition: Definition) : Definition =
        match definition.Example with
        | Some example -> { definition with Example = Some { example with Outputs = numbers } }
        | None -> Fail.with' (Malformed(definition.Id, "an example, which gives these numbers", "none"))

    /// The definition with the parameters that its F# factory takes by place. Without this they are all up to the last one
    /// that must be given.
    let withPositional (parameters: Param list) (definition: Definition) : Definition =
        { definition with Positional = Some(parameters |> List.map (fun p -> p.Name)) }

    /// The definition as a special case of another: it has that one's methods and styles, and selecting by kind
    /// finds both.
    let withBase (parent: Definition) (definition: Definition) : Definition =
        let under (inherited: Map<string, 'a>) own =
            Map.fold (fun all name value -> Map.add name value all) inherited own

        { definition with
            Base = Some parent
            Methods = under parent.Methods definition.Methods
            Styles = under parent.Styles definition.Styles
        }

    /// The definition with a method.
    let withMethod (action: ActionDefinition) (definition: Definition) : Definition =
        { definition with
            Methods = Map.add action.Id { action with Owner = definition.Id } definition.Methods
        }

    /// The definition with methods.
    let withMethods actions definition =
        List.fold (fun definition action -> withMethod action definition) definition actions

    /// The definition with a style.
    let withStyle (style: ActionDefinition) (definition: Definition) : Definition =
        { definition with Styles = Map.add style.Id { style with Owner = definition.Id } definition.Styles }

    /// The definition with a function that gives the arguments as given their final form before they are resolved. It sees
    /// neither defaults nor what was configured later: what it does to an argument a later setting of it replaces.
    let withPrepare prepare (definition: Definition) : Definition = { definition with Prepare = prepare }

    /// The definition with a function that has the last word on its resolved arguments: on the user's settings too. It can
    /// change values, not the parameters there are; what it changes is no candidate of `explain`.
    let withResolve resolve (definition: Definition) : Definition = { definition with ResolveArguments = resolve }

    /// The definition with a check of its arguments together: the parameters at fault, each with what it must be. It runs
    /// on the arguments a module is created with, when a tree is constructed for its user, and again once shapes have
    /// filled in what was not set; what is still unset is no fault (use `TryGet`). A definition that is based on this one
    /// does not inherit it.
    let withCheck (check: Arguments -> (Param * string) list) (definition: Definition) : Definition =
        let named arguments = check arguments |> List.map (fun (key, expected) -> key.Name, expected)

        { definition with Constraints = Some named }

    let internal inferredBy name (from: Shape list -> Result<Dim, OpShape.Problem>) (definition: Definition) =
        let wrong expected found = Fail.with' (Malformed($"definition {definition.Id}", expected, found))

        match definition.Body with
        | Primitive _ -> wrong "a shape rule that says what is inferred" $"another word about '{name}'"
        | Composite _ when not (definition.Signature.Has name) ->
            wrong $"one of its parameters: {Error.list definition.Signature.Names}" $"'{name}'"
        | Composite _ ->
            { definition with Inferred = List.filter (fst >> (<>) name) definition.Inferred @ [ name, from ] }

    /// The definition of a module made of others, with a parameter that is the size of a dimension of its (first) input where it
    /// is not set: -1 is the last one. Children infer their widths themselves; this is for what a module has of its own
    /// (`lazyParameter`), and for what its forward pass reads.
    let withInferred (key: Param<int>) (dim: int) (definition: Definition) : Definition =
        inferredBy
            key.Name
            (fun inputs ->
                match inputs with
                | Ranked dims as input :: _ ->
                    match Shape.normalize dims.Length dim with
                    | Some at -> Ok dims[at]
                    | None -> Error { Expected = $"an input with a dimension {string dim}"; Found = string input }
                | _ -> Ok Unknown)
            definition

    /// The definition with a function that has the last word on its constructed node: it gives the node it was given, with
    /// other arguments perhaps. It comes after `init`: the children stay as `init` made them of the arguments before, and it
    /// can neither attach, remove nor configure any. To change what `init` sees, use `withResolve`.
    let withFinish finish (definition: Definition) : Definition = { definition with Finish = Some finish }

    /// The definition with what is printed between its parentheses.
    let withExtra extra (definition: Definition) : Definition = { definition with Extra = extra }

    /// The definition with the parameters that such a layer trains: their names and sizes, none where a width that they
    /// need is not set.
    let withWeights weights (definition: Definition) : Definition = { definition with Weights = weights }
