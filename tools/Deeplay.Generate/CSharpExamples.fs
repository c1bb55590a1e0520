/// The examples of definitions as programs of C#.
module Deeplay.Generate.CSharpExamples

open System
open Deeplay.Core
open Deeplay.Generate.Examples

let private width = 100

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

let private make name (shown: Shown) =
    let factory, arguments = parts shown.Definition shown.Arguments
    let short = $"var {name} = {call shown.Definition shown.Arguments};"

    if short.Length <= width then
        [ short ]
    else
        [
            $"var {name} = {factory}("
            for i, argument in List.indexed arguments do
                "    " + argument + (if i < arguments.Length - 1 then "," else ");")
        ]

let private sizes (input: ExampleInput) = String.Join(", ", input.Sizes)

let private random (input: ExampleInput) =
    match input.Below with
    | Some most -> $"torch.randint(0, {most}, [{sizes input}], torch.int64)"
    | None when input.Sizes.Length > 4 -> $"torch.randn([{sizes input}])"
    | None -> $"torch.randn({sizes input})"

let private build name (shown: Shown) =
    let types =
        if isPlain shown then
            ""
        else
            "<" + String.Join(", ", types ("torch.Tensor[]", "Dictionary<string, torch.Tensor>") shown) + ">"

    let options =
        if not shown.IsInferred then
            "\"cpu\""
        elif shown.IsNamed then
            "new() { Device = \"cpu\", NamedShapes = inputs.ToDictionary(input => input.Key, input => input.Value.shape) }"
        else
            let shapes = String.Join(", ", [ for input in shown.Inputs -> $"[{sizes input}]" ])
            $"new() {{ Device = \"cpu\", InputShapes = [{shapes}] }}"

    let short = $"using var net = {name}.Build{types}({options});"

    if short.Length <= width then
        [ short ]
    else
        [ $"using var net = {name}.Build{types}("; $"    {options});" ]

// The inputs, where they don't stand in the call itself, and the call.
let private called (shown: Shown) =
    let given = shown.Inputs |> List.map random
    let joined = String.Join(", ", given)
    let used = if gives shown = Each 1 then "using var" else "var"
    let call inputs = $"{used} output = net.call({inputs});"

    match takes shown with
    | Dictionary ->
        [
            "var inputs = new Dictionary<string, torch.Tensor>"
            "{"
            for input in shown.Inputs do
                $"    [\"{input.Key.Value}\"] = {random input},"
            "};"
        ],
        call "inputs"
    | Array when (call $"[{joined}]").Length <= width -> [], call $"[{joined}]"
    | Array ->
        [
            "torch.Tensor[] inputs ="
            "["
            for input in given do
                $"    {input},"
            "];"
        ],
        call "inputs"
    | Each _ -> [], call joined

let private print (shown: Shown) =
    match gives shown with
    | Each _ -> [ "Console.WriteLine(new Shape(output.shape));" ]
    | Dictionary ->
        [
            "foreach (var (key, tensor) in output.OrderBy(pair => pair.Key, StringComparer.Ordinal))"
            "    Console.WriteLine($\"{key} {new Shape(tensor.shape)}\");"
        ]
    | Array -> [ "foreach (var tensor in output)"; "    Console.WriteLine(new Shape(tensor.shape));" ]

/// The lines of the program, with what it prints. `name` is what it calls the module.
let program name (shown: Shown) : string list =
    [
        if takesTwice shown then "var twice = new TensorFunction(\"twice\", x => x + x);"

        yield! make name shown

        match shown.Outputs with
        | [] -> $"Console.WriteLine({name});"
        | _ ->
            let inputs, call = called shown
            yield! inputs
            yield! build name shown
            call
            yield! print shown

        for text in printed shown do
            $"// → {text}"
    ]
