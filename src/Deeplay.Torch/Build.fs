namespace Deeplay.Torch

open System
open System.Collections.Generic
open Deeplay.Core
open TorchSharp

/// How a spec is built: `{ Build.defaults with Device = "cpu" }`.
[<NoEquality; NoComparison>]
type BuildOptions =
    {
        /// Where the parameters live: `cpu`, `cuda`, `cuda:1`, or `best` for CUDA where there is one. Asking for CUDA
        /// where there is none is an error.
        Device: string
        /// The type of parameters and of numbers that norms keep: None for float32, as they are made. In `bfloat16` a model takes half
        /// of the memory, and its numbers have 8 bits: small steps of an optimizer are lost in them, and what it keeps is of that
        /// type too. TorchSharp has no autocast, so that all of a model is of one type.
        DType: torch.ScalarType option
        /// The shapes of the inputs, batch included, where widths must be inferred from them.
        Inputs: int64 list list
        /// The same for a module that takes named tensors: the shape of each, by its key.
        Named: (string * int64 list) list
        /// The types of these inputs, in their order, where a model is to be checked for them before it is built: an embedding takes whole
        /// numbers, most layers floating-point ones of whatever width. Nothing is known of them where empty.
        InputDTypes: torch.ScalarType list
        /// The same for named tensors, by their keys; nothing is known of those without.
        NamedDTypes: (string * torch.ScalarType) list
        /// Whether settings that nothing reads are accepted. They are an error otherwise.
        AllowUnused: bool
        /// How layers become torch modules.
        Lowerings: Lowerings
        /// Where what the model logs is kept, for the caller to read it.
        Logs: Logs option
    }

/// Building: from a spec to torch modules.
[<RequireQualifiedAccess>]
module Build =
    /// On the best device, with the library's layers; settings that nothing reads are an error.
    let defaults: BuildOptions =
        {
            Device = "best"
            DType = None
            Inputs = []
            Named = []
            InputDTypes = []
            NamedDTypes = []
            AllowUnused = false
            Lowerings = Lowering.standard
            Logs = None
        }

    // From the leaves upwards, so that what contains a module sees it as its own hooks left it.
    let rec private beforeBuild (node: Node) : Node =
        List.fold Stages.beforeBuild (Nodes.mapBelow beforeBuild node) node.Hooks

    let private seeTo id (given: Arguments) (built: obj) =
        match built with
        | :? torch.nn.Module as target when Reparametrized.isOne id -> Reparametrized.afterBuild id given target
        | _ -> Initializer.run id given built

    // Hooks of later stages run once for each module, whatever number of tags it has.
    let private afterBuild logs (root: Node) (built: IReadOnlyDictionary<Node, torch.nn.Module>) =
        let hasHooks = built.Keys |> Seq.exists (fun node -> not node.Hooks.IsEmpty)

        for tag, node, isAlias in (if hasHooks then Tree.walk root else Seq.empty) do
            if not isAlias then
                Logged.install logs node built[node]

                for hook in node.Hooks do
                    Stages.afterBuild seeTo tag built[node] hook

    let private kind = DTypes.ofTorch >> ElementKind.ofDType

    /// Stops where dtypes are told of inputs that have no shape.
    let internal checkDTypes (options: BuildOptions) : unit =
        let wrong expected (found: string) = Fail.with' (Malformed("build", expected, found))
        let count, types = options.Inputs.Length, options.InputDTypes.Length

        if types <> 0 && types <> count then
            wrong $"a dtype for each of {string count} shapes of inputs" $"{string types} dtypes"

        let keys = options.Named |> List.map fst

        for key, _ in options.NamedDTypes do
            if not (List.contains key keys) then
                wrong $"dtypes of named tensors that have a shape{Nearest.hint key keys}" $"one of '{key}'"

    // What is known of the inputs: their shapes, and which numbers they hold.
    let private inputsOf (options: BuildOptions) (spec: ModuleSpec) : Flowing list =
        checkDTypes options
        let kind = DTypes.ofTorch >> ElementKind.ofDType

        match options.Inputs, options.Named with
        | inputs, [] -> InferParts.foreseen (Shapes.ofInputs spec inputs) (List.map kind options.InputDTypes)
        | [], named ->
            let kinds = Map.ofList [ for key, dtype in options.NamedDTypes -> key, kind dtype ]
            [ Flowing.named (Shapes.ofNamed spec named) kinds ]
        | _ -> Fail.with' (Malformed("build", "shapes of inputs or of named ones", "both"))

    /// The tree that a build lowers, and what comes out of it where the inputs are known.
    let internal outline (options: BuildOptions) (spec: ModuleSpec) : Node * Carried list =
        let root = Construct.root spec

        if not options.AllowUnused then Unused.error root |> Option.iter Fail.with'

        let root = beforeBuild root

        match inputsOf options spec with
        | [] -> Fail.unwrap (Infer.withoutInput root), []
        | inputs ->
            let outcome, _ = Fail.unwrap (Infer.flow inputs root)
            outcome.Root, outcome.Outputs

    /// The tree that a build lowers: constructed, changed by its before-build hooks, with every width that can be
    /// inferred from inputs of these shapes.
    let plan (options: BuildOptions) (spec: ModuleSpec) : Node = fst (outline options spec)

    /// Parameters and buffers made inside somebody's dispose scope would go with it; a model stays until it is
    /// disposed itself.
    let private detach (built: torch.nn.Module) =
        if not (isNull torch.CurrentDisposeScope) then
            for tensor in Seq.append (Seq.cast<Tensor>(built.parameters ())) (built.buffers ()) do
                tensor.DetachFromDisposeScope() |> ignore

    /// The types that parameters may have.
    let internal dtypes = [ torch.float32; torch.float64; torch.bfloat16; torch.float16 ]

    let private cast (dtype: torch.ScalarType option) (root: Node) (built: torch.nn.Module) =
        match dtype with
        | Some dtype when dtype <> torch.float32 ->
            if not (List.contains dtype dtypes) then
                let expected = "float32, float64, bfloat16 or float16 as the type of parameters"
                Fail.with' (Malformed("build", expected, Shown.dtype dtype))

            Shown.orRefused root $"it can't be of type {Shown.dtype dtype}" (fun () -> built.``to`` dtype |> ignore)
        | _ -> ()

    let private move (device: torch.Device) (root: Node) (built: torch.nn.Module) =
        if device.``type`` <> DeviceType.CPU then
            Shown.orRefused root $"it can't be moved to {Device.name device}" (fun () -> built.``to`` device |> ignore)

    /// The torch module of a tree that `plan` gave.
    let internal ofTree (options: BuildOptions) (root: Node) : torch.nn.Module =
        let device = Device.parse options.Device
        let logs = options.Logs |> Option.defaultWith (fun () -> new Logs())
        let built, modules = Lower.tree options.Lowerings logs root

        Failures.orDispose built (fun () ->
            afterBuild logs root modules
            cast options.DType root built
            move device root built
            detach built
            built)

    /// The torch module of a spec. The spec stays what it was, and building it again gives a module with parameters of
    /// its own.
    let run (options: BuildOptions) (spec: ModuleSpec) : torch.nn.Module = plan options spec |> ofTree options

    // What a built module takes and gives: `<Tensor, Tensor>`; nothing where it can't be called.
    let rec private form (kind: Type) =
        let nameOf (part: Type) = if part = typeof<NamedTensors> then "Dictionary<string, Tensor>" else part.Name

        match kind with
        | null -> ""
        | _ when kind.IsGenericType && kind.Name.StartsWith("Module`", StringComparison.Ordinal) ->
            "<" + String.Join(", ", kind.GetGenericArguments() |> Array.map nameOf) + ">"
        | _ -> form kind.BaseType

    /// The same in the form that is asked for: `torch.nn.Module<Tensor, Tensor, Tensor>`, or `torch.nn.Module` for any.
    /// Another form than the spec's is an error that says which that is; `advice` says how to build what has it.
    let runAs<'Built when 'Built :> torch.nn.Module>
        (advice: string -> string)
        (options: BuildOptions)
        (spec: ModuleSpec)
        : 'Built =
        match run options spec with
        | :? 'Built as built -> built
        | other ->
            let found = form (other.GetType())
            other.Dispose()

            let why =
                if found = "" then
                    "it has no forward pass of its own"
                else
                    $"it is not a Module{form typeof<'Built>}, but a Module{found}"

            Fail.with' (WrongStructure(Tag.root, spec.Definition.Id, $"{why}: {advice found}."))
