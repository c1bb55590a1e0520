namespace Deeplay.Torch

/// How the weights of a module are read: `{ StateDict.loading with Strict = false }`.
type StateDictLoad =
    {
        /// How names of the file become the module's, one rule after another.
        Names: NameRule list
        /// Whether a tensor that is missing in the file or left over, or a rule that speaks of none, is an error. What has another
        /// shape always is, as in PyTorch.
        Strict: bool
    }

/// How the weights of a module are written: `{ StateDict.saving with MaxShardSize = Some 5_000_000_000L }`.
type StateDictSave =
    {
        /// How names of the module become the file's, one rule after another.
        Names: NameRule list
        /// How many bytes of tensors a file may have; where they are more, there are several, `model-00001-of-00003.safetensors` and so
        /// on, with the index `model.safetensors.index.json`, as Hugging Face has them. None for a single file.
        MaxShardSize: int64 option
    }
