namespace Deeplay.Torch

open System.Text.RegularExpressions
open Deeplay.Core
open Deeplay.Library
open TorchSharp

/// What an application compares with targets, as it is known before building.
[<NoEquality; NoComparison>]
type internal Supervision =
    {
        Model: Node
        Loss: Node
        /// What the model gives.
        Outputs: Shape
        /// What becomes of labels before the loss sees them.
        Labels: Labels
        /// The metrics of each stage, by the names they are logged under.
        Metrics: Map<string, (string * Node) list>
    }

/// What an application is made of, as it is known before building.
[<NoEquality; NoComparison>]
type internal Outline =
    {
        Root: Node
        /// By their names.
        Optimizers: (string * Node) list
        /// By the names of the optimizers whose step size changes the children that say how.
        Schedules: (string * Node) list
        /// None of an application of one's own, which says itself how it learns.
        Supervision: Supervision option
    }

module internal Outline =
    /// In which metrics are measured.
    let stages = [ "train"; "val"; "test" ]

    let wrongKind (node: Node) problem = Fail.with' (WrongStructure(node.Tag, node.Definition.Id, problem))

    /// Who is named where inputs do not fit: the model that is compared with targets, else the whole.
    let model (root: Node) : Node =
        if root.Definition.Is Applications.definition then
            Tree.find (Tag.ofNames [ "model" ]) root
        else
            root

    let private labels (root: Node) : Labels =
        let is (kinds: Definition list) = kinds |> List.exists (fun kind -> root.Definition.Is kind)

        if is [ Classifier.binaryDefinition; Classifier.multiLabelDefinition ] then
            AsNumbers
        elif is [ Classifier.definition ] && root.Arguments.TryGet Classifier.makeTargetsOneHot = Some true then
            match root.Arguments.TryGet Classifier.numClasses with
            | Some classes -> OneHot(int64 classes)
            | None ->
                let hint = "One-hot targets need the number of classes."
                Fail.with' (Missing(Tag.root, root.Definition.Id, "num_classes", hint))
        else
            AsTheyAre

    // A number of classes that the model does not have: some would never be predicted, or never meant.
    let private checkClasses (root: Node) labels (loss: Node) (model: Node) (outputs: Shape) =
        let isOfClasses =
            labels <> AsTheyAre
            || loss.Definition.Is Losses.crossEntropyDefinition
            || loss.Definition.Is Losses.nllDefinition

        match outputs with
        | Ranked(_ :: given :: _) when isOfClasses && root.Definition.Is Classifier.definition ->
            match root.Arguments.TryGet Classifier.numClasses, Dim.tryValue given with
            | Some classes, Some given when int64 classes <> given ->
                let expected = $"to give {string classes} numbers, one for each class of num_classes"
                Fail.with' (WrongShape(model.Tag, model.Definition.Id, expected, string outputs))
            | _ -> ()
        | _ -> ()

    // `MulticlassF1Score` is logged as `f1_score`, unless it has a name of its own.
    let private logged (metric: Node) =
        let own =
            if metric.Definition.Signature.Has Metrics.name.Name then
                metric.Arguments.Get Metrics.name
            else
                None

        let ofKind (id: string) =
            let id = Regex.Replace(id, "^(Binary|Multiclass|Multilabel)(?=.)|(?<=.)Metric$", "")
            Regex.Replace(id, "(?<=[a-z0-9])(?=[A-Z])", "_").ToLowerInvariant()

        own |> Option.defaultWith (fun () -> ofKind metric.Definition.Id)

    let private metrics (collection: Node) : (string * Node) list =
        let named = [ for metric in collection.Children -> logged metric.Own, metric.Own ]

        match named |> List.countBy fst |> List.tryFind (fun (_, count) -> count > 1) with
        | Some(name, _) ->
            wrongKind
                collection
                $"several of its metrics are logged as '{name}': give all but one a 'name' of their own."
        | None -> named

    let private supervision (root: Node) (outputs: Carried list) : Supervision =
        let child name = Tree.find (Tag.ofNames [ name ]) root
        let optimizer, loss = child "optimizer", child "loss"

        if not (optimizer.Definition.Is Optimizers.definition) then
            wrongKind optimizer "it is no optimizer."

        if loss.Definition.Is Optimizers.definition then wrongKind loss "it is an optimizer, and no loss."

        let outputs =
            match outputs with
            | [ Carried.Tensor shape ] -> shape
            | _ -> Unranked

        let labels = labels root
        checkClasses root labels loss (child "model") outputs

        {
            Model = child "model"
            Loss = loss
            Outputs = outputs
            Labels = labels
            Metrics = Map.ofList [ for stage in stages -> stage, metrics (child $"{stage}_metrics") ]
        }

    // Where the children's kinds say so, they are known before anything is made.
    /// The outline of a tree, with what comes out of it.
    let ofTree (root: Node) (outputs: Carried list) : Outline =
        if not (root.Definition.Is Applications.trainable) then
            let expected = "an application, such as a Classifier or a Regressor"
            Fail.with' (Malformed("application", expected, root.Definition.Id))

        let isSupervised = root.Definition.Is Applications.definition
        let supervision = if isSupervised then Some(supervision root outputs) else None

        let optimizers =
            [
                for child in root.Children do
                    if not child.IsAlias && child.Own.Definition.Is Optimizers.definition then child.Name, child.Own
            ]

        if optimizers.IsEmpty then
            let problem = "none of its children is an optimizer, without which nothing is learned."
            Fail.with' (WrongStructure(Tag.root, root.Definition.Id, problem))

        {
            Root = root
            Optimizers = optimizers
            Schedules = Scheduling.ofTree root (List.map fst optimizers)
            Supervision = supervision
        }

    /// The child of a built module under a name.
    let child (parent: torch.nn.Module) (name: string) : torch.nn.Module =
        parent.named_children ()
        |> Seq.pick (fun struct (known, m) -> if known = name then Some m else None)

    let private measuredBy (built: torch.nn.Module) (name: string, node: Node) : Measured =
        match built with
        | :? MetricModule as metric -> { Name = name; Place = Place.at node.Tag node; Metric = metric }
        | _ -> wrongKind node "it is no metric."

    /// The metrics of a stage in a built application.
    let measured (built: torch.nn.Module) (stage: string) (metrics: (string * Node) list) : Measured list =
        let collection = child built $"{stage}_metrics"
        metrics |> List.map (fun (name, node) -> measuredBy (child collection node.Tag.Name) (name, node))

    /// A metric by itself, as it would be among the test metrics of an application.
    let alone (lowerings: Lowerings) (metric: ModuleSpec) (application: ModuleSpec) : Measured =
        let set (key: Param) value spec = Selection.ofSpec spec |> Change.configure None key.Name value |> _.Spec

        let root =
            application
            |> set Applications.metrics (List [])
            |> set Applications.testMetrics (List [ Value.Module metric ])
            |> Construct.root

        match metrics (Tree.find (Tag.ofNames [ "test_metrics" ]) root) with
        | [ _, node as named ] ->
            let built, _ = Lower.tree lowerings (new Logs()) node
            Failures.orDispose built (fun () -> measuredBy built named)
        | _ -> Fail.with' (Malformed("measure", "one metric", "none"))
