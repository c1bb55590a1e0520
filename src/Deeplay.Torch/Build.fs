namespace Deeplay.Torch

open System.Collections.Generic
open Deeplay.Core
open TorchSharp

/// How a spec is built.
[<NoEquality; NoComparison>]
type BuildOptions =
    {
        /// Where the parameters live.
        Device: torch.Device
        /// The shapes of the inputs, batch included, where widths must be inferred from them.
        Inputs: int64 list list
        /// Whether settings that nothing reads are accepted. They are an error otherwise.
        AllowUnused: bool
        Lowerings: Lowerings
    }

/// Building: from a spec to torch modules.
[<RequireQualifiedAccess>]
module Build =
    // From the leaves upwards, so that what contains a module sees it as its own hooks left it.
    let rec private beforeBuild (node: Node) : Node =
        List.fold Stages.beforeBuild (Nodes.mapBelow beforeBuild node) node.Hooks

    // Hooks of later stages run once for each module, whatever number of tags it has.
    let private afterBuild logs (root: Node) (built: IReadOnlyDictionary<Node, torch.nn.Module>) =
        for tag, node, isAlias in Tree.walk root do
            if not isAlias then
                Logged.install logs node built[node]

                for hook in node.Hooks do
                    Stages.afterBuild tag built[node] hook

    let private planFor (inputs: Carried list) allowUnused (spec: ModuleSpec) : Node =
        let root = Construct.root spec

        if not allowUnused then
            Unused.error root |> Option.iter Fail.with'

        let root = beforeBuild root

        match inputs with
        | [] -> Fail.unwrap (Infer.withoutInput root)
        | inputs -> (Fail.unwrap (Infer.carry inputs root)).Root

    let private plain (inputs: int64 list list) =
        inputs |> List.map (Shape.known >> Carried.Tensor)

    /// The tree that a build lowers: constructed, changed by its before-build hooks, with every width that can be
    /// inferred from inputs of these shapes.
    let plan (inputs: int64 list list) allowUnused (spec: ModuleSpec) : Node =
        planFor (plain inputs) allowUnused spec

    /// Parameters and buffers made inside somebody's dispose scope would go with it; a model stays until it is
    /// disposed itself.
    let private detach (built: torch.nn.Module) =
        if not (isNull torch.CurrentDisposeScope) then
            for p in built.parameters () do
                p.DetachFromDisposeScope() |> ignore

            for b in built.buffers () do
                b.DetachFromDisposeScope() |> ignore

    let private lower (logs: Logs) (options: BuildOptions) (root: Node) : torch.nn.Module =
        Native.load ()
        let built, modules = Lower.tree options.Lowerings logs root

        try
            afterBuild logs root modules

            if options.Device.``type`` <> DeviceType.CPU then
                built.``to`` (options.Device) |> ignore

            detach built
            built
        with _ ->
            built.Dispose()
            reraise ()

    /// `run`, with what the model logs kept where the caller can read it.
    let runLogged (logs: Logs) (options: BuildOptions) (spec: ModuleSpec) : torch.nn.Module =
        lower logs options (plan options.Inputs options.AllowUnused spec)

    /// The torch module of a spec. The spec stays what it was, and building it again gives a module with parameters of
    /// its own.
    let run (options: BuildOptions) (spec: ModuleSpec) : torch.nn.Module = runLogged (new Logs()) options spec

    /// `runLogged` for a module that takes named tensors: widths are inferred from tensors of these shapes (batch
    /// included) under these keys.
    let runNamed
        (inputs: (string * int64 list) list)
        (logs: Logs)
        (options: BuildOptions)
        (spec: ModuleSpec)
        =
        let named =
            inputs |> List.map (fun (key, shape) -> key, Shape.known shape) |> Map.ofList

        lower logs options (planFor [ Carried.Tensors named ] options.AllowUnused spec)
