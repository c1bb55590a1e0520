namespace Deeplay.Torch

open TorchSharp

/// Dropout.
module internal DropoutLayers =
    open Row

    let table =
        [
            row "Dropout" (fun a -> torch.nn.Dropout(Read.float a "p", Read.bool a "inplace"))
            row "Dropout1d" (fun a -> torch.nn.Dropout1d(Read.float a "p", Read.bool a "inplace"))
            row "Dropout2d" (fun a -> torch.nn.Dropout2d(Read.float a "p", Read.bool a "inplace"))
            row "Dropout3d" (fun a -> torch.nn.Dropout3d(Read.float a "p", Read.bool a "inplace"))
            row "AlphaDropout" (fun a -> torch.nn.AlphaDropout(Read.float a "p", Read.bool a "inplace"))
            row "FeatureAlphaDropout" (fun a ->
                torch.nn.FeatureAlphaDropout(Read.float a "p", Read.bool a "inplace"))
        ]
