namespace Deeplay.Torch

open Deeplay.FSharp
open TorchSharp

/// Dropout.
module internal DropoutLowerings =
    open Row

    let table =
        [
            row Dropout.definition (fun a -> torch.nn.Dropout(a.Get Dropout.p, a.Get Dropout.inplace))
            row Dropout1d.definition (fun a -> torch.nn.Dropout1d(a.Get Dropout1d.p, a.Get Dropout1d.inplace))
            row Dropout2d.definition (fun a -> torch.nn.Dropout2d(a.Get Dropout2d.p, a.Get Dropout2d.inplace))
            row Dropout3d.definition (fun a -> torch.nn.Dropout3d(a.Get Dropout3d.p, a.Get Dropout3d.inplace))
            row AlphaDropout.definition (fun a ->
                torch.nn.AlphaDropout(a.Get AlphaDropout.p, a.Get AlphaDropout.inplace))
            row FeatureAlphaDropout.definition (fun a ->
                torch.nn.FeatureAlphaDropout(a.Get FeatureAlphaDropout.p, a.Get FeatureAlphaDropout.inplace))
        ]
