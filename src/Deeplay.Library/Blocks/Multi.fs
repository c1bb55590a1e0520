namespace Deeplay.FSharp

open Deeplay.Core

/// Several blocks in the place of one.
[<RequireQualifiedAccess>]
module internal Multi =
    let private record tag change spec =
        Spec.record
            {
                Targets = [ tag ]
                Change = change
                Group = None
                Location = None
            }
            spec

    let private settings (arguments: Arguments) =
        Seq.zip arguments.Signature.Names arguments.Values
        |> Seq.filter (fun (_, value) -> value <> Unset)
        |> Map.ofSeq

    /// Records on `spec` what makes its part at `tag`, which is `plain` by itself, what it was made into: `wanted`.
    /// `adjust` has the last word on a value, by the name of its parameter.
    let rec private follow adjust (tag: Tag) (wanted: Node) (plain: Node) (spec: ModuleSpec) : ModuleSpec =
        if not (obj.ReferenceEquals(wanted.Definition, plain.Definition)) then
            match wanted.Definition.Body with
            | Primitive _ ->
                record tag (Become(wanted.Definition, Map.map adjust (settings wanted.Arguments))) spec
            | Composite _ -> record tag (Replace wanted.Gift.Spec) spec
        else
            let configured =
                wanted.Definition.Signature.Names
                |> List.filter (fun name -> wanted.Arguments[name] <> plain.Arguments[name])
                |> List.fold
                    (fun spec name -> record tag (Configure(name, adjust name wanted.Arguments[name])) spec)
                    spec

            let below = plain.Children.Names |> Set.ofList

            wanted.Children
            |> Seq.fold
                (fun spec child ->
                    match child with
                    | Child.Own(name, _, node) when below.Contains name ->
                        follow adjust (Tag.child name tag) node (Tree.find (Tag.ofNames [ name ]) plain) spec
                    | _ -> spec)
                configured

    /// The widths of a block before and behind it, by the names of its parameters.
    let private widths =
        [ "in_features", "out_features"; "in_channels", "out_channels" ]

    /// The width that the second block and those after it take: what the first one gives.
    let private narrow (arguments: Map<string, Value>) =
        widths
        |> List.fold
            (fun (arguments: Map<string, Value>) (input, output) ->
                match arguments.TryFind output with
                | Some width when arguments.ContainsKey input -> arguments.Add(input, width)
                | _ -> arguments)
            arguments

    /// What the second block and those after it have for a width that is the first one's input: a normalization that
    /// stood before the layer, or a way past it, now meets what the block before gives.
    let private widen (arguments: Map<string, Value>) : string -> Value -> Value =
        let change =
            widths
            |> List.tryPick (fun (input, output) ->
                match arguments.TryFind input, arguments.TryFind output with
                | Some a, Some b when a <> b -> Some(a, b)
                | _ -> None)

        fun name value ->
            match change, name with
            | Some(input, output),
              ("in_features" | "in_channels" | "num_features" | "num_channels" | "normalized_shape") when
                value = input
                ->
                output
            | _ -> value

    let private withArguments adjust (spec: ModuleSpec) : ModuleSpec =
        { spec with
            Arguments = Map.map adjust spec.Arguments
            Cache = TreeCache None
        }

    /// Blocks that have by themselves the children that the block under construction has at this moment: those its
    /// `init` makes, as they are configured, and those that edits have put in.
    let private copies (builder: Builder) (arguments: Map<string, Value>) : ModuleSpec * ModuleSpec =
        let made = Construct.root (Spec.create builder.Definition arguments)
        let own = made.Children.Names
        let names = builder.Children

        let ordered (arguments: Map<string, Value>) =
            if own = names then
                arguments
            else
                arguments.Add("order", List(names |> List.map Text))

        let append name layer =
            record
                Tag.root
                (Hooked
                    {
                        Action = builder.Definition.Methods["append"]
                        Arguments = Map.ofList [ "layer", Module layer; "name", Text name ]
                    })

        let asIs _ value = value
        let widened = widen arguments

        names
        |> List.fold
            (fun (first, next) name ->
                let tag = Tag.ofNames [ name ]
                let node = builder.Look tag

                if node.Gift.Owner = Derived builder.Tag && List.contains name own then
                    let plain = Tree.find tag made
                    follow asIs tag node plain first, follow widened tag node plain next
                else
                    let alone = node.Gift.Spec

                    let layer adjust =
                        follow adjust Tag.root node (Construct.root alone)

                    append name (layer asIs alone) first,
                    append name (layer widened (withArguments widened alone)) next)
            (Spec.create builder.Definition (ordered arguments),
             Spec.create builder.Definition (ordered (narrow arguments)))

    let private count =
        Common.positive "n"
        |> Param.withDocumentation "How many blocks there are to be."

    /// `multi(n)`: the block becomes a chain of `n` such blocks, named `blocks`. Each is as the block was just before.
    let action =
        Action.afterInit "multi" [ count ] (fun arguments builder ->
            let first, next = copies builder (settings builder.Arguments)

            let blocks =
                List.init (arguments.Get count) (fun i -> Module(if i = 0 then first else next))

            for name in builder.Children do
                builder.Remove name

            builder.Attach(
                "blocks",
                Spec.create Sequential.definition (Map.ofList [ Sequential.layers.Name, List blocks ]),
                Last
            ))
        |> Action.withDocumentation "Makes the block a chain of such blocks."
