namespace Deeplay.Torch

open Deeplay.Core
open Deeplay.Library
open TorchSharp

/// From a spec to an application.
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Application =
    // How the forward pass takes its inputs, if there is one, and these in its order, under its names.
    let private arrange (root: Node) (shapes: InputShape list) : InputForm option * InputShape list =
        match root.Graph with
        | None -> None, shapes
        | Some _ ->
            let form = InputForm.ofTree root
            let given = shapes |> List.map (fun shape -> shape.Name) |> List.filter ((<>) "")
            // An application of one's own may have inputs for its training alone.
            let isSupervised = root.Definition.Is Applications.definition
            let given = if isSupervised then InputForm.meant form given else InputForm.concerned form given
            let names = InputForm.order (Outline.model root) form given shapes.Length

            let arranged =
                if given.IsEmpty then
                    List.map2 (fun name (shape: InputShape) -> { shape with Name = name }) names shapes
                else
                    names |> List.map (fun name -> shapes |> List.find (fun (shape: InputShape) -> shape.Name = name))

            Some form, arranged

    // The shapes of a batch, and the dtypes that are known of it.
    let private forBatch (form: InputForm option) (shapes: InputShape list) (options: BuildOptions) =
        let batch (input: InputShape) = 2L :: input.Shape
        let named = [ for input in shapes -> input.Name, batch input ]
        let types = shapes |> List.choose (fun input -> input.DType |> Option.map (fun dtype -> input.Name, dtype))
        let none = { options with Inputs = []; Named = []; InputDTypes = []; NamedDTypes = [] }

        match form with
        | None -> none
        | Some(ByPlace _) when types.Length < shapes.Length -> { none with Inputs = List.map snd named }
        | Some(ByPlace _) -> { none with Inputs = List.map snd named; InputDTypes = List.map snd types }
        | Some(ByKey _) -> { none with Named = named; NamedDTypes = types }

    // Of several inputs an error of shapes says which there are.
    let private outline (options: BuildOptions) (shapes: InputShape list) (spec: ModuleSpec) =
        let root = Construct.root spec
        if root.Definition.Is Applications.definition then Network.checkOutputs (Outline.model root)
        let form, shapes = arrange root shapes
        let options = forBatch form shapes options

        match Fail.catch (fun () -> Build.outline options spec) with
        | Ok(root, outputs) -> form, shapes, options, root, outputs
        | Error errors ->
            let isShape error =
                match error with
                | WrongShape _ -> true
                | _ -> false

            if shapes.Length > 1 && List.forall isShape errors then
                let model = Outline.model root
                let found = shapes |> List.map InputShape.print |> Error.list

                Fail.withAll (
                    errors @ [ WrongShape(model.Tag, model.Definition.Id, "inputs of shapes that fit", found) ]
                )
            else
                Fail.withAll errors

    /// The tree that a build for these inputs builds, before anything is made.
    let internal foresee (options: BuildOptions) (shapes: InputShape list) (spec: ModuleSpec) : Node =
        let _, _, _, root, _ = outline options shapes spec
        root

    /// Builds an application for inputs of these shapes.
    let internal ofShapes (options: BuildOptions) (shapes: InputShape list) (spec: ModuleSpec) : Application =
        let logs = options.Logs |> Option.defaultWith (fun () -> new Logs())
        let form, shapes, options, root, outputs = outline { options with Logs = Some logs } shapes spec
        let outline = Outline.ofTree root outputs
        let built = Build.ofTree options root

        Failures.orDispose built (fun () ->
            let modes = Modes built

            let supervised =
                match outline.Supervision, form with
                | Some supervision, Some form -> Some(Supervised.ofBuilt form shapes built modes supervision)
                | _ -> None

            let forward =
                match supervised, form, Network.tryOfBuilt built with
                | Some supervised, _, _ -> Some supervised.Outputs
                | None, Some form, Some network ->
                    let inputs = ModelInputs(root, form, shapes, [], (fun _ -> true))
                    Some(inputs.Arrange >> network)
                | _ -> None

            let parameters = [ for struct (name, parameter) in built.named_parameters () -> name, parameter ]

            let optimizers =
                [
                    for name, _ in outline.Optimizers ->
                        name, (Outline.child built name :?> OptimizerMaker).Create(root, parameters)
                ]

            let metrics =
                match outline.Supervision with
                | Some supervision -> supervision.Metrics |> Map.map (Outline.measured built)
                | None -> Map.empty

            let paces =
                [
                    for name, node in outline.Schedules ->
                        let optimizer = List.find (fst >> (=) name) optimizers |> snd
                        name, Pace.create root node (Outline.child built node.Tag.Name) optimizer
                ]

            new Application(
                spec,
                shapes,
                forward,
                built,
                modes,
                outline,
                supervised,
                optimizers,
                metrics,
                paces,
                options,
                logs
            ))

    /// Builds an application for inputs of this shape (without the batch). A loss that is none, or an optimizer that the
    /// parameters don't fit, is an error that names it, and leaves nothing behind.
    let build (options: BuildOptions) (inputShape: int64 list) (spec: ModuleSpec) : Application =
        ofShapes options [ InputShape.create "" inputShape ] spec

    /// The same for the inputs of a dataset.
    let buildFor (options: BuildOptions) (data: Dataset) (spec: ModuleSpec) : Application =
        ofShapes options (InputShape.ofInputs data.Some.Inputs) spec

    /// The same for what the options say of several inputs, or of named ones, batch included:
    /// `{ Build.defaults with Named = [ "tokens", [ 8L; 16L ]; "mask", [ 8L; 16L ] ] }`.
    let buildWith (options: BuildOptions) (spec: ModuleSpec) : Application =
        let check (shape: int64 list) =
            if shape.IsEmpty then
                Fail.with' (Malformed("build", "shapes of inputs with the batch in front", "one of no dimension"))

        List.iter check (options.Inputs @ List.map snd options.Named)
        Build.checkDTypes options
        let placed = options.Inputs |> List.map (List.tail >> InputShape.create "")
        let placed = placed |> List.mapi (fun i shape -> { shape with DType = List.tryItem i options.InputDTypes })

        let named =
            InputShape.ofNamed options.Named
            |> List.map (fun shape -> { shape with DType = Map.tryFind shape.Name (Map.ofList options.NamedDTypes) })

        ofShapes options (placed @ named) spec
