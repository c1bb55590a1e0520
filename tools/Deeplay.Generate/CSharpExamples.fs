/// The examples of definitions as programs of C#.
module Deeplay.Generate.CSharpExamples

open System
open Deeplay.Core
open Deeplay.Generate.Examples
open Deeplay.Generate.ExamplePrograms

let private number (number: float) = number.ToString("R", Globalization.CultureInfo.InvariantCulture)

let rec private value (given: Value) : string =
    match given with
    | Null -> "null"
    | Bool true -> "true"
    | Bool false -> "false"
    | Int size -> string size
    | Float size -> number size
    | Text text -> $"\"{text}\""
    | List items -> "[" + String.Join(", ", List.map value items) + "]"
    | Module spec -> call spec.Definition spec.Arguments
    | Kind definition -> call definition Map.empty
    | Function func -> func.Id
    | other -> failwith $"An example can't be written with {Value.print other}."

/// A call of the factory: its name, and its arguments.
and private parts (definition: Definition) (given: Map<string, Value>) : string * string list =
    let group = groupOf definition
    let arguments = CSharpArguments.ofDefinition definition

    let written (argument: CSharpArguments.Argument) said =
        match argument.Type.TrimEnd '?', said with
        | "Sizes", List [ one ] -> value one
        | _ -> value said

    let must = arguments |> List.filter (fun argument -> argument.Default.IsNone)

    let isPlaced =
        List.contains group [ "Layers"; "Blocks" ]
        && must.Length < 4
        && must |> List.forall (fun argument -> given.ContainsKey argument.Parameter.Name)

    let parts =
        match arguments, Catalog.pairs definition with
        | [ only ], _ when Catalog.isModules only.Parameter ->
            match given[only.Parameter.Name] with
            | List items -> List.map value items
            | _ -> failwith "A list of modules is a list."
        | _, Some(modules, texts) when given.ContainsKey texts.Name ->
            match given[modules.Name], given[texts.Name] with
            | List modules, List texts -> List.map2 (fun text spec -> $"({value text}, {value spec})") texts modules
            | _ -> failwith "A list of modules is a list."
        | _ ->
            [
                for argument in arguments do
                    match given.TryFind argument.Parameter.Name with
                    | Some said when isPlaced && argument.Default.IsNone -> written argument said
                    | Some said -> $"{argument.Name}: {written argument said}"
                    | None -> ()
            ]

    $"{group}.{definition.Id}", parts

and private call definition given =
    let name, arguments = parts definition given
    name + "(" + String.Join(", ", arguments) + ")"

let private sizes (input: ExampleInput) = String.Join(", ", input.Sizes)
let private joined (items: string list) = String.Join(", ", items)

let private options (shown: Shown) =
    if not shown.IsInferred then
        "\"cpu\""
    elif shown.IsNamed then
        "new() { Device = \"cpu\", NamedShapes = inputs.ToDictionary(input => input.Key, input => input.Value.shape) }"
    else
        let shapes = joined [ for input in shown.Inputs -> $"[{sizes input}]" ]
        $"new() {{ Device = \"cpu\", InputShapes = [{shapes}] }}"

let private print value = $"Console.WriteLine({value});"
let private printAll numbers = print $"string.Join(\", \", {numbers}.Select(x => $\"{{x:F4}}\"))"

let private syntax =
    { new Syntax() with
        member _.Twice = [ "var twice = new TensorFunction(\"twice\", x => x + x);" ]

        member _.Let(name, isOwned, expression) =
            let used = if isOwned then "using var" else "var"
            $"{used} {name} = {expression};"

        member _.Make(name, definition, given) =
            let factory, arguments = parts definition given
            let short = $"var {name} = {call definition given};"

            if short.Length <= width then
                [ short ]
            else
                [
                    $"var {name} = {factory}("
                    for i, argument in List.indexed arguments do
                        "    " + argument + (if i < arguments.Length - 1 then "," else ");")
                ]

        member _.Random input =
            match input.Below with
            | Some most -> $"torch.randint(0, {most}, [{sizes input}], torch.int64)"
            | None when input.Sizes.Length > 4 -> $"torch.randn([{sizes input}])"
            | None -> $"torch.randn({sizes input})"

        member _.Given rows =
            match rows with
            | [ one ] -> $"torch.tensor(new[] {{ {joined one} }})"
            | rows ->
                let each = joined [ for row in rows -> $"{{ {joined row} }}" ]
                $"torch.tensor(new[,] {{ {each} }})"

        member _.Reshaped(tensor, sizes) = $"{tensor}.reshape({joined (List.map string sizes)})"

        member _.Named inputs =
            [
                "var inputs = new Dictionary<string, torch.Tensor>"
                "{"
                for key, input in inputs do
                    $"    [\"{key}\"] = {input},"
                "};"
            ]

        member _.Several inputs =
            [
                "torch.Tensor[] inputs ="
                "["
                for input in inputs do
                    $"    {input},"
                "];"
            ]

        member _.Build(name, shown) =
            let types =
                if isPlain shown then
                    ""
                else
                    "<" + joined (types ("torch.Tensor[]", "Dictionary<string, torch.Tensor>") shown) + ">"

            let short = $"using var net = {name}.Build{types}({options shown});"

            if short.Length <= width then
                [ short ]
            else
                [ $"using var net = {name}.Build{types}("; $"    {options shown});" ]

        member _.Array items = $"[{joined items}]"
        member _.Call arguments = $"net.call({joined arguments})"
        member _.PrintModule name = print name
        member _.PrintShape name = [ print $"new Shape({name}.shape)" ]
        member _.PrintShapes name = [ $"foreach (var tensor in {name})"; "    " + print "new Shape(tensor.shape)" ]

        member _.PrintNamedShapes name =
            [
                $"foreach (var (key, tensor) in {name}.OrderBy(pair => pair.Key, StringComparer.Ordinal))"
                "    " + print "$\"{key} {new Shape(tensor.shape)}\""
            ]

        member _.PrintNumber expression = print $"$\"{{{expression}.item<double>():F4}}\""
        member _.PrintNumbers expression = printAll $"{expression}.data<double>()"
        member _.Compute name = $"{name}.Compute(outputs, targets)"
        member _.PrintRates(name, count) = printAll $"{name}.LearningRates(0.1, {count})"
        member _.PrintRatesFollowing(name, metric) = printAll $"{name}.LearningRates(0.1, [{joined metric}])"

        member _.Train(name, isGroup) =
            let optimizer = if isGroup then $"Optimizers.Adam(paramGroups: [{name}])" else name

            [
                "var inputs = torch.linspace(-1, 1, 32).unsqueeze(1);"
                $"var application = Applications.Regressor(Layers.Linear(1, 1), optimizer: {optimizer});"
                "using var trained = application.Fit(new Dataset(inputs, inputs + inputs));"
                print "trained.History.Series(\"train_loss\")[^1] < trained.History.Series(\"train_loss\")[0]"
            ]

        member _.True = "True"
    }

/// The lines of the program, with what it prints. `name` is what it calls the module.
let program = program syntax
