namespace Deeplay.Torch

open Deeplay.Core
open Deeplay.Library
open TorchSharp

/// What an application is made of, as it is known before building.
[<NoEquality; NoComparison>]
type internal Outline =
    {
        Model: Node
        Loss: Node
        Optimizer: Node
        /// What the model gives.
        Outputs: Shape
        /// The number of classes, where the loss gets targets as one-hot vectors.
        OneHot: int64 option
    }

module internal Outline =
    let wrongKind (node: Node) problem = Fail.with' (WrongStructure(node.Tag, node.Definition.Id, problem))

    // Where the children's kinds say so, they are known before anything is made.
    /// The outline of a tree, with what comes out of it.
    let ofTree (root: Node) (outputs: Carried list) : Outline =
        if not (root.Definition.Is Applications.definition) then
            let expected = "an application, such as a Classifier or a Regressor"
            Fail.with' (Malformed("application", expected, root.Definition.Id))

        let child name = Tree.find (Tag.ofNames [ name ]) root
        let optimizer, loss = child "optimizer", child "loss"

        if not (optimizer.Definition.Is Optimizers.definition) then
            wrongKind optimizer "it is no optimizer."

        if loss.Definition.Is Optimizers.definition then wrongKind loss "it is an optimizer, and no loss."

        let oneHot =
            if
                root.Definition.Is Classifier.definition
                && root.Arguments.TryGet Classifier.makeTargetsOneHot = Some true
            then
                match root.Arguments.TryGet Classifier.numClasses with
                | Some classes -> Some(int64 classes)
                | None ->
                    let hint = "One-hot targets need the number of classes."
                    Fail.with' (Missing(Tag.root, root.Definition.Id, "num_classes", hint))
            else
                None

        {
            Model = child "model"
            Loss = loss
            Optimizer = optimizer
            OneHot = oneHot
            Outputs =
                match outputs with
                | [ Carried.Tensor shape ] -> shape
                | _ -> Unranked
        }
