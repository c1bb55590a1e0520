namespace Deeplay.Torch

open Deeplay.Core
open Deeplay.Library
open TorchSharp

/// Dropout of whole channels. Where there is no batch, PyTorch takes the input as a batch of one; TorchSharp refuses it,
/// or takes the channels for a batch.
[<Sealed>]
type internal ChannelDropout(name: string, rank: int64, drop: Tensor -> bool -> Tensor) =
    inherit torch.nn.Module<torch.Tensor, torch.Tensor>(name)

    override this.forward input =
        if input.dim () = rank then
            drop input this.training
        else
            use batch = input.unsqueeze 0L
            use output = drop batch this.training
            output.squeeze 0L

module internal DropoutLowerings =
    // Of one and of three dimensions: their keys are the same.
    let private ofChannels rank (drop: Tensor * float * bool * bool -> Tensor) (a: Arguments) =
        let p, inplace = a.Get Dropout1d.p, a.Get Dropout1d.inplace
        new ChannelDropout(a.Kind, rank, (fun x training -> drop (x, p, training, inplace)))

    let table =
        [
            row Dropout.definition (fun a -> torch.nn.Dropout(a.Get Dropout.p, a.Get Dropout.inplace))
            row
                Dropout1d.definition
                (ofChannels 3L (fun (x, p, on, inplace) -> torch.nn.functional.dropout1d (x, p, on, inplace)))
            row Dropout2d.definition (fun a -> torch.nn.Dropout2d(a.Get Dropout2d.p, a.Get Dropout2d.inplace))
            row
                Dropout3d.definition
                (ofChannels 5L (fun (x, p, on, inplace) -> torch.nn.functional.dropout3d (x, p, on, inplace)))
            row AlphaDropout.definition (fun a ->
                torch.nn.AlphaDropout(a.Get AlphaDropout.p, a.Get AlphaDropout.inplace))
            row FeatureAlphaDropout.definition (fun a ->
                torch.nn.FeatureAlphaDropout(a.Get FeatureAlphaDropout.p, a.Get FeatureAlphaDropout.inplace))
        ]
