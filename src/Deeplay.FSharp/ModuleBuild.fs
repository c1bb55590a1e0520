namespace Deeplay.FSharp

open Deeplay.Core
open Deeplay.Torch
open TorchSharp

/// Members of `Module` that lead to torch modules, and to texts and back.
[<AutoOpen>]
module ModuleBuild =
    type Module with

        /// The torch module of a spec, in the form that is asked for:
        /// `Module.buildAs<torch.nn.Module<Tensor, Tensor, Tensor>> options spec`; `torch.nn.Module` is any. Where there
        /// are named tensors, more than three inputs, or several outputs, it takes or gives `NamedTensors` or arrays.
        /// Another form than the spec's is an error.
        static member buildAs<'Built when 'Built :> torch.nn.Module>
            (options: BuildOptions)
            (spec: ModuleSpec)
            : 'Built =
            Build.runAs<'Built> (fun _ -> "ask Module.buildAs for the form that it has") options spec

        /// The torch module of a spec with one input and one output:
        /// `Module.buildWith { Build.defaults with Inputs = [ [ 1L; 28L; 28L ] ] } spec`.
        static member buildWith
            (options: BuildOptions)
            (spec: ModuleSpec)
            : torch.nn.Module<torch.Tensor, torch.Tensor> =
            Module.buildAs<torch.nn.Module<torch.Tensor, torch.Tensor>> options spec

        /// The torch module of a spec with one input and one output, on a device: `cpu`, `cuda`, `cuda:1`, or `best`.
        /// The spec stays what it was; building it again gives a module with parameters of its own.
        static member build (device: string) (spec: ModuleSpec) : torch.nn.Module<torch.Tensor, torch.Tensor> =
            Module.buildWith { Build.defaults with Device = device } spec

        /// Plain layers in the place of those of `Block.lora`, `Block.weightNorm` and `Block.spectralNorm`: the spec without
        /// them, and a module of it, whose weights make it do what the built one does, up to rounding. For LoRA they are
        /// W + (alpha / rank) · B·A. That there is none of them, or that the module was built of another spec, is an error.
        static member merge
            (options: BuildOptions)
            (built: torch.nn.Module)
            (spec: ModuleSpec)
            : ModuleSpec * torch.nn.Module =
            Merging.run options spec built

        /// The spec with its tape as JSON. A spec that holds a function or an object without a name can't be saved: the
        /// error names it.
        static member toJson(spec: ModuleSpec) : string = Fail.unwrap (Codec.encode spec)

        /// The spec that a JSON text describes, where the registry knows all that it names. Reading runs no code; what
        /// is wrong with the text is an error that names the place in it.
        static member ofJsonWith (registry: Registry) (json: string) : ModuleSpec =
            if isNull json then Fail.with' (Malformed("JSON", "a text", "null"))

            Fail.unwrap (Codec.decode registry json)

        /// The spec that a JSON text describes, of what is in the library. For definitions of your own there is
        /// `Module.ofJsonWith (Registry.add definition Registries.standard)`.
        static member ofJson(json: string) : ModuleSpec = Module.ofJsonWith Registries.standard json
