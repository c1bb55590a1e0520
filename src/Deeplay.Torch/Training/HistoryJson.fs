namespace Deeplay.Torch

/// A history as JSON and back.
[<RequireQualifiedAccess>]
module internal HistoryJson =
    /// The history as a JSON text.
    let write (history: History) : string = JsonText.write history.Epochs

    /// The history that a JSON text describes.
    let read path (json: string) : History =
        let isWhole = List.forall (fun (epoch: EpochRecord) -> not (isNull (box epoch) || isNull (box epoch.Metrics)))

        { Epochs = JsonText.read path "epochs with epoch, step and metrics" isWhole json }
