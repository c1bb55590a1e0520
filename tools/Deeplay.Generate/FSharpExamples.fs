/// The examples of definitions as programs of F#.
module Deeplay.Generate.FSharpExamples

open System
open Deeplay.Core
open Deeplay.Generate.Examples
open Deeplay.Generate.ExamplePrograms

/// A call with its arguments, and what it is piped into.
type private Made = { Function: string; Arguments: string list; Pipes: string list }

let private line (made: Made) = String.Join(" |> ", String.Join(" ", made.Function :: made.Arguments) :: made.Pipes)

let private lines name (made: Made) =
    let short = $"let {name} = {line made}"

    if short.Length <= width then
        [ short ]
    else
        let call = String.Join(" ", made.Function :: made.Arguments)

        [
            $"let {name} ="
            if call.Length <= width then
                "    " + call
            else
                "    " + made.Function

                for argument in made.Arguments do
                    "        " + argument
            for pipe in made.Pipes do
                "    |> " + pipe
        ]

// A module that needs more than a call stands above, under the name of what it is for.
let rec private value (above: ResizeArray<string>) name (kind: Type) (given: Value) : string =
    let isOption = kind.IsGenericType && kind.GetGenericTypeDefinition() = typedefof<_ option>
    let inner () = kind.GetGenericArguments()[0]

    match given with
    | Null when isOption -> "None"
    | other when isOption ->
        let text = value above name (inner ()) other
        if text.StartsWith '(' then $"(Some{text})" else $"(Some {text})"
    | Bool true -> "true"
    | Bool false -> "false"
    | Int size when kind = typeof<int list> -> $"[ {size} ]"
    | Int size when kind = typeof<float> -> decimal (float size)
    | Int size -> if size < 0L then $"(%d{size})" else string size
    | Float size -> if size < 0.0 then $"({decimal size})" else decimal size
    | Text text -> $"\"{text}\""
    | List items ->
        let item = if kind.IsGenericType then inner () else typeof<obj>
        "[ " + String.Join("; ", items |> List.map (listed above item)) + " ]"
    | Module spec ->
        match make above spec.Definition spec.Arguments with
        | { Arguments = []; Pipes = [] } as made -> made.Function
        | { Pipes = [] } as made -> $"({line made})"
        | made ->
            above.AddRange(lines name made)
            name
    | Kind definition -> line (make above definition Map.empty)
    | Function func -> func.Id
    | other -> failwith $"An example can't be written with {Value.print other}."

// In a list nothing needs parentheses but pipes.
and private listed above kind (given: Value) =
    match given with
    | Module spec ->
        let made = make above spec.Definition spec.Arguments
        if made.Pipes.IsEmpty then line made else $"({line made})"
    | other -> value above "" kind other

/// The call of the factory, and what is configured besides.
and private make above (definition: Definition) (given: Map<string, Value>) : Made =
    let group = groupOf definition
    let positional = Catalog.positional definition
    let isGiven (p: Parameter) = given.ContainsKey p.Name || (not p.IsInferred && p.Default <> Unset)
    let isLazy = positional |> List.exists (fun p -> p.IsInferred && not (isGiven p))
    let placed = if isLazy then positional |> List.filter (fun p -> not p.IsInferred) else positional

    let name =
        let plain = Names.inGroup group definition.Id
        if isLazy then "lazy" + string (Char.ToUpperInvariant plain[0]) + plain[1..] else plain

    let said (key: Catalog.Key) given = value above key.Name key.Type given

    let argument (p: Parameter) =
        match p.Type, given.TryFind p.Name |> Option.defaultValue p.Default with
        | (IntOrInts | OrNull IntOrInts), (List [ Int size ] | Int size) -> string size
        | _, given -> said (Catalog.key definition p) given

    let arguments, taken =
        match Catalog.pairs definition with
        | Some(modules, texts) when given.ContainsKey texts.Name ->
            match given[modules.Name], given[texts.Name] with
            | List specs, List names ->
                let pair name spec = $"{listed above typeof<string> name}, {listed above typeof<ModuleSpec> spec}"
                [ "[ " + String.Join("; ", List.map2 pair names specs) + " ]" ], [ modules.Name; texts.Name ]
            | _ -> failwith $"The {modules.Name} of {definition.Id} are a list."
        | _ -> List.map argument placed, [ for p in placed -> p.Name ]

    {
        Function = $"{group}.{name}"
        Arguments = arguments
        Pipes =
            [
                for p in definition.Signature.Parameters do
                    match given.TryFind p.Name with
                    | Some given when not (List.contains p.Name taken) ->
                        let key = Catalog.key definition p
                        let path = key.Path.Split '.' |> Array.rev |> Array.truncate 2 |> Array.rev |> String.concat "."
                        $"Module.configure {path} {said key given}"
                    | _ -> ()
            ]
    }

let private sizes (input: ExampleInput) = [ for size in input.Sizes -> $"{size}L" ]

// The options of a build by all but a device.
let private options (shown: Shown) =
    let shapes =
        if not shown.IsInferred then
            []
        elif shown.IsNamed then
            [ "Named = [ for input in inputs -> input.Key, List.ofArray input.Value.shape ]" ]
        else
            let all = [ for input in shown.Inputs -> "[ " + String.Join("; ", sizes input) + " ]" ]
            [ "Inputs = [ " + String.Join("; ", all) + " ]" ]

    let fields = "Device = \"cpu\"" :: shapes
    let short = $"let options = {{ Build.defaults with " + String.Join("; ", fields) + " }"

    if short.Length <= width then
        [ short ]
    else
        [
            "let options ="
            "    { Build.defaults with"
            for field in fields do
                "        " + field
            "    }"
        ]

let private block (first: string) (items: string list) (last: string) =
    [
        first
        for item in items do
            "        " + item
        last
    ]

let private joined (items: string list) = String.Join("; ", items)

let private printRates rates = $"printfn \"%%s\" ({rates} |> List.map (sprintf \"%%.4f\") |> String.concat \", \")"

let private syntax =
    { new Syntax() with
        member _.Twice =
            [
                "let twice: NamedFunction ="
                "    { Id = \"twice\"; Documentation = \"\"; Body = fun inputs -> inputs.Head + inputs.Head }"
                ""
            ]

        member _.Let(name, _, expression) = $"let {name} = {expression}"

        member _.Make(name, definition, given) =
            let above = ResizeArray()
            let made = make above definition given
            List.ofSeq above @ lines name made

        member _.Random input =
            let all = joined (sizes input)

            match input.Below with
            | Some most -> $"torch.randint (0L, {most}L, [| {all} |], torch.int64)"
            | None when input.Sizes.Length > 4 -> $"torch.randn [| {all} |]"
            | None -> "torch.randn (" + String.Join(", ", sizes input) + ")"

        member _.Given rows =
            match rows with
            | [ one ] -> $"torch.tensor [| {joined one} |]"
            | rows ->
                let each = joined [ for row in rows -> $"[ {joined row} ]" ]
                $"torch.tensor (array2D [ {each} ])"

        member _.Reshaped(tensor, sizes) =
            let sizes = [ for size in sizes -> $"{size}L" ]
            $"({tensor}).reshape (" + String.Join(", ", sizes) + ")"

        member _.Named inputs =
            block "let inputs =\n    NamedTensors(dict [" [ for key, input in inputs -> $"\"{key}\", {input}" ] "    ])"

        member _.Several inputs = block "let inputs =\n    [|" inputs "    |]"

        member _.Build(name, shown) =
            if isPlain shown && not shown.IsInferred then
                [ $"let net = {name} |> Module.build \"cpu\"" ]
            else
                let types = String.Join(", ", types ("torch.Tensor[]", "NamedTensors") shown)

                let built =
                    if isPlain shown then
                        "Module.buildWith options"
                    else
                        $"Module.buildAs<torch.nn.Module<{types}>> options"

                options shown @ lines "net" { Function = name; Arguments = []; Pipes = [ built ] }

        member _.Array items = $"[| {joined items} |]"

        member _.Call arguments =
            match arguments with
            | [ one ] when one = "inputs" || one.StartsWith "[|" -> $"net.call {one}"
            | several -> "net.call (" + String.Join(", ", several) + ")"

        member _.PrintModule name = $"printfn $\"{{{name}}}\""
        member _.PrintShape name = [ $"printfn \"%%O\" (Shape.known {name}.shape)" ]

        member _.PrintShapes name = [ $"for tensor in {name} do"; "    printfn \"%O\" (Shape.known tensor.shape)" ]

        member _.PrintNamedShapes name =
            [
                $"for pair in {name} |> Seq.sortBy _.Key do"
                "    printfn \"%s %O\" pair.Key (Shape.known pair.Value.shape)"
            ]

        member _.PrintNumber expression = $"printfn \"%%.4f\" (({expression}).item<float> ())"

        member _.PrintNumbers expression =
            $"let numbers = [ for x in ({expression}).data<float> () -> sprintf \"%%.4f\" x ]\n"
            + "printfn \"%s\" (String.concat \", \" numbers)"

        member _.Compute name = $"{name} |> Metric.compute outputs targets"

        member this.PrintRates(name, count) = printRates $"{name} |> Schedule.rates 0.1 {count}"

        member this.PrintRatesFollowing(name, metric) =
            printRates $"{name} |> Schedule.following 0.1 [ {joined metric} ]"

        member _.Train(name, isGroup) =
            let change = if isGroup then $"Module.configure \"param_groups\" [ {name} ]" else $"Module.replace {name}"

            [
                "let inputs = torch.linspace(-1.0, 1.0, 32L).unsqueeze 1L"
                $"let application = Layers.linear 1 1 |> Applications.regressor |> Module.select \"optimizer\" ({change})"
                "let losses = (application |> Application.fit Fit.defaults (new Dataset(inputs, inputs + inputs))).History.Series \"train_loss\""
                "printfn \"%b\" (List.last losses < losses.Head)"
            ]

        member _.True = "true"
    }

/// The lines of the program, with what it prints. `name` is what it calls the module.
let program = program syntax
