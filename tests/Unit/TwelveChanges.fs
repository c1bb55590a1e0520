/// Twelve changes, each of at most three lines that name no model. `ChangeTable` makes them of every model, and shows these
/// very lines.
module Deeplay.Tests.TwelveChanges

open Deeplay.Core
open Deeplay.FSharp

/// Changes those of these parameters that a model has.
let each names change (model: ModuleSpec) : ModuleSpec =
    let root = Module.construct model
    let set model (name: string) = model |> Module.configure name (change root.Arguments[name]: Value)
    names |> List.filter root.Definition.Signature.Has |> List.fold set model

/// A number, or each of several, times two.
let rec twice (value: Value) : Value =
    match value with
    | Int number -> Int(2L * number)
    | List numbers -> List(List.map twice numbers)
    | other -> other

/// A number times two, or several once more.
let again (value: Value) : Value =
    match value with
    | List numbers -> List(numbers @ numbers)
    | number -> twice number

let normalization (model: ModuleSpec) =
    model
    |> Module.trySelect ".../[BatchNorm2d], [InstanceNorm2d]" (Module.become (Layers.groupNorm 1))
    |> Module.trySelect "...[LayerNorm]" (Module.become (Module.create [] RMSNorm.definition))

let activation (model: ModuleSpec) =
    model |> Module.select ".../[ReLU], [LeakyReLU], [GELU]" (Module.become Layers.silu)

let attention (model: ModuleSpec) =
    let grouped = Module.create [ "num_kv_heads" => 1 ] GroupedQueryAttention.definition

    model
    |> Module.select ".../[MultiheadSelfAttention], [GroupedQueryAttention]" (Module.become grouped)

let positionalEncoding (model: ModuleSpec) =
    model
    |> Module.select "...[PositionalEmbedding]" (Module.configure PositionalEmbedding.initializer "sinusoidal")
    |> Module.select "...[PositionalEmbedding]" (Module.configure PositionalEmbedding.learnable false)

let lora (model: ModuleSpec) =
    let isDense _ (layer: Node) = not (layer.Definition.Signature.Has "groups") || layer.Arguments["groups"] = Int 1L

    model
    |> Module.frozen ()
    |> Module.select "...[has:lora]" (Module.where isDense (Block.lora (rank = 2)))

let dropout (model: ModuleSpec) =
    let isLayered _ (block: Node) = block.Children.Has "layer"

    model
    |> Module.select "...[has:activated][has:set_dropout]" (Module.where isLayered (Block.setDropout 0.1))

let strideToPooling (model: ModuleSpec) =
    let strided (_, layer: Node, _) = layer.Definition = Conv2d.definition && (Tree.print layer).Contains "stride=(2"
    let edit = Module.where (fun _ -> Tree.walk >> Seq.exists strided) (Block.strided 1 >> Block.pooled ())
    model |> Module.trySelect "blocks/*" edit |> Module.trySelect "*/blocks/*" edit

let biasOffBeforeNorms (model: ModuleSpec) =
    let isNormed _ (block: Node) = block.Children.Has "normalization" && block.Children.Has "layer"
    let change = Module.where isNormed (Module.configure "bias" false)
    model |> Module.select "...[has:bias][has:normalized]" change

let twiceTheWidth (model: ModuleSpec) =
    model |> each [ "hidden_features"; "hidden_dim"; "features"; "features_dim"; "channels" ] twice

let twiceTheDepth (model: ModuleSpec) =
    model
    |> each [ "hidden_features"; "num_layers"; "n_residual_blocks" ] again
    |> each [ "depths" ] twice

let spectralNorm (model: ModuleSpec) = model |> Module.select "...[has:spectral_norm]" (Block.spectralNorm ())

let frozenButTheHead (model: ModuleSpec) =
    model |> Module.frozen () |> Module.select ".../[has:lora]#-1" (Module.frozen false)
