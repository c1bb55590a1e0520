namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// What autoencoders of images with a vector in the middle have in common: an image of `input_size` is halved so many times.
type internal AutoEncoderKeys(channels: int list, halvings: int list -> int, loss: Definition * string, lr: float) =
    let flatten = Spec.create Flatten.definition Map.empty
    let spec (definition: Definition) settings = Spec.create definition (BlockChain.given settings)

    member val inputSize =
        Param.ints "input_size"
        |> Param.withCheck "two positive ints" (fun sizes -> sizes.Length = 2 && List.forall ((<) 0) sizes)
        |> Param.withDefault [ 28; 28 ]
        |> Param.withDocumentation "The height and the width of an image."

    member val channels =
        Param.list (Param.int "channels" |> Param.atLeast 1)
        |> Param.withCheck "a list of one positive int or more" (fun widths ->
            not widths.IsEmpty && List.forall ((<) 0) widths)
        |> Param.withDefault channels
        |> Param.withDocumentation "The channels of the encoder's blocks; the decoder's are the same backwards."

    member val encoder =
        Key.optionalSpec
            "encoder"
            "From an image to a vector; convolutions that halve the image, where null, of which the last has the most channels."

    member val decoder =
        Key.optionalSpec
            "decoder"
            "From a vector, as long as the last channels of an image halved so many times, to an image; convolutions where null."

    member val reconstructionLoss =
        Param.spec "reconstruction_loss"
        |> Param.withDefault (spec (fst loss) [ "reduction", Text(snd loss) ])
        |> Param.withDocumentation "Compares what is decoded with the targets: the images as they should come out."

    member val latentDim = Key.positive "latent_dim" "The size of the vector in the middle."

    member val optimizer =
        Param.spec "optimizer"
        |> Param.withDefault (spec Optimizers.adamDefinition [ "lr", Float lr ])
        |> Param.withDocumentation "Makes the steps."

    // The sizes of an image after the encoder, channels first.
    member private keys.Reduced(arguments: Arguments) : int list =
        let channels = arguments.Get keys.channels
        let factor = pown 2 (halvings channels)
        List.last channels :: [ for size in arguments.Get keys.inputSize -> size / factor ]

    // The default encoder, of these hidden channels.
    member private keys.Encoder(arguments: Arguments, hidden: int list) : ModuleSpec =
        spec
            ConvolutionalEncoder2d.definition
            [
                "in_channels", Int 1L
                "hidden_channels", List [ for width in hidden -> Int(int64 width) ]
                "out_channels", Int(int64 (List.last (arguments.Get keys.channels)))
                "postprocess", Module flatten
            ]

    // The default decoder, of these hidden channels.
    member private keys.Decoder(arguments: Arguments, hidden: int list) : ModuleSpec =
        let reduced = List [ for size in keys.Reduced arguments -> Int(int64 size) ]

        spec
            ConvolutionalDecoder2d.definition
            [
                "in_channels", Int(int64 (List.last (arguments.Get keys.channels)))
                "hidden_channels", List [ for width in hidden -> Int(int64 width) ]
                "out_channels", Int 1L
                "out_activation", Module(Spec.create Sigmoid.definition Map.empty)
                "preprocess", Module(spec Unflatten.definition [ "dim", Int 1L; "unflattened_size", reduced ])
            ]

    // A linear layer between two sizes; the first follows from what comes in where it is None.
    member private _.Linear(input: int option, output: int) : ModuleSpec =
        [
            "in_features", input |> Option.map (int64 >> Int) |> Option.defaultValue Unset
            "out_features", Int(int64 output)
        ]
        |> spec Linear.definition

    // How long the encoder's vector is; None where somebody else's encoder says it.
    member private keys.Flat(arguments: Arguments) : int option =
        match arguments.Get keys.encoder with
        | None -> Some(List.reduce (*) (keys.Reduced arguments))
        | Some _ -> None

    // Attaches what every autoencoder has behind its parts.
    member private keys.Training(arguments: Arguments) : Init<unit> =
        init {
            let! _ = child "reconstruction_loss" (arguments.Get keys.reconstructionLoss)
            let! _ = child "optimizer" (arguments.Get keys.optimizer)

            match arguments.Get Applications.lrScheduler with
            | Some schedule ->
                let! _ = child "lr_scheduler" schedule
                ()
            | None -> ()
        }

    /// Attaches the parts: an encoder of these hidden channels and a decoder of the same backwards, where nobody else's are
    /// given; between them linear layers of the names `narrow`, each to the vector in the middle, and `fc_dec` from there. What
    /// is made here `edit` changes, the encoder by the first and the decoder by the second. Gives the encoder, the layers of
    /// `narrow`, `fc_dec` and the decoder.
    member keys.Parts
        (
            arguments: Arguments,
            hidden: int list,
            narrow: string list,
            edit: (Handle -> Init<unit>) * (Handle -> Init<unit>)
        ) : Init<Handle * Handle list * Handle * Handle> =
        let latent, flat = arguments.Get keys.latentDim, keys.Flat arguments

        let part name own make edit : Init<Handle> =
            init {
                let! part = child name (own |> Option.defaultWith make)
                if own.IsNone then do! edit part
                return part
            }

        init {
            let! encoder =
                part "encoder" (arguments.Get keys.encoder) (fun () -> keys.Encoder(arguments, hidden)) (fst edit)

            let! narrow = fun builder -> [ for name in narrow -> child name (keys.Linear(flat, latent)) builder ]
            let length = List.reduce (*) (keys.Reduced arguments)
            let! widen = child "fc_dec" (keys.Linear(Some latent, length))
            let backwards () = keys.Decoder(arguments, List.rev hidden)
            let! decoder = part "decoder" (arguments.Get keys.decoder) backwards (snd edit)
            do! keys.Training arguments
            return encoder, narrow, widen, decoder
        }

    /// An image that can't be halved so often would come out smaller than it is.
    member keys.Check(arguments: Arguments) : (Param * string) list =
        match arguments.TryGet keys.channels, arguments.TryGet keys.inputSize with
        | Some channels, Some size ->
            let factor = pown 2 (halvings channels)

            [
                if List.exists (fun size -> size % factor <> 0) size then
                    keys.inputSize,
                    $"sizes that can be divided by {string factor}, as {string channels.Length} channels halve them"
            ]
        | _ -> []
