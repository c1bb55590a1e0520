namespace Deeplay.Core

/// What can be found by name when a spec is read: definitions, actions, functions. A value that is passed along;
/// nothing gets into it by being loaded.
[<NoComparison>]
type Registry =
    {
        Definitions: Map<string, Definition>
        Actions: Map<string, ActionDefinition>
        Functions: Map<string, NamedFunction>
    }

[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Registry =
    /// Knows nothing.
    let empty = { Definitions = Map.empty; Actions = Map.empty; Functions = Map.empty }

    let private addNew what (id: string) value map =
        match Map.tryFind id map with
        | Some known when not (obj.ReferenceEquals(known, value)) ->
            Fail.with' (WrongStructure(Tag.root, "registry", $"there is another {what} '{id}' already."))
        | _ -> Map.add id value map

    /// The registry with one more definition. Two definitions of one id are an error.
    let add (definition: Definition) registry =
        { registry with Definitions = addNew "definition" definition.Id definition registry.Definitions }

    /// The registry with one more action, to be found by hooks.
    let addAction (action: ActionDefinition) registry =
        { registry with Actions = addNew "action" action.Id action registry.Actions }

    /// The registry with one more function over tensors.
    let addFunction (f: NamedFunction) registry =
        { registry with Functions = addNew "function" f.Id f registry.Functions }

    /// What either knows.
    let union (a: Registry) (b: Registry) =
        let a = Seq.fold (fun r d -> add d r) a b.Definitions.Values
        let a = Seq.fold (fun r d -> addAction d r) a b.Actions.Values
        Seq.fold (fun r f -> addFunction f r) a b.Functions.Values
