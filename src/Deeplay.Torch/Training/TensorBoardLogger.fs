namespace Deeplay.Torch

/// Writes what a run measures for TensorBoard, into `save_dir/name/version_N`: `tensorboard --logdir save_dir`. Names and defaults are
/// those of Lightning's TensorBoardLogger.
type TensorBoardLogger =
    {
        /// The folder of all logs, which is made where it is not there.
        SaveDir: string
        /// The folder in it; may be empty.
        Name: string
        /// The version, to which a run adds a file; None for a new one for each run.
        Version: int option
        /// After every how many steps the loss of the batch is written, as `train_loss_step`.
        LogEveryNSteps: int
    }

/// Logs for TensorBoard: the loss after every so many steps, and all that an epoch measured, with the number of the epoch, by the
/// step, which is counted from 0.
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module TensorBoardLogger =
    /// In this folder, a new version for each run.
    let into (directory: string) : TensorBoardLogger =
        { SaveDir = directory; Name = "lightning_logs"; Version = None; LogEveryNSteps = 50 }

    /// The callback of a logger. In which folder it wrote is in `Application.LogDirs`.
    let callback (rule: TensorBoardLogger) : Callback =
        LogRows.check "TensorBoardLogger" rule.SaveDir rule.Version rule.LogEveryNSteps

        Callback.create "TensorBoardLogger" (fun run ->
            let folder = LogRows.folder rule.SaveDir rule.Name rule.Version (fun _ -> true)
            let path = LogRows.within folder (fun () -> EventFile.create folder)

            LogRows.watch folder rule.LogEveryNSteps run (fun row ->
                EventFile.add path row.Step (row.Values @ [ "epoch", float row.Epoch ])))
