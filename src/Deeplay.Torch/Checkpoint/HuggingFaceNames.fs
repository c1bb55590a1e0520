namespace Deeplay.Torch

/// How Hugging Face's transformers names the weights of models of the library: rules for reading a state dict of theirs.
///
///     StateDict.loadWith { StateDict.loading with Names = HuggingFaceNames.gpt2 } "model.safetensors" model
[<RequireQualifiedAccess>]
module HuggingFaceNames =
    /// The names of a `GPT2LMHeadModel` of any size, for a `CausalLanguageModel`; those of a `GPT2Model` are read too.
    // Source: transformers, models/gpt2/modeling_gpt2.py: the children of GPT2LMHeadModel, GPT2Model, GPT2Block, GPT2Attention and
    // GPT2MLP; pytorch_utils.py: a Conv1D keeps its weight as (in, out). One of them makes queries, keys and values.
    let gpt2: NameRule list =
        let outside = @"^(?:transformer\.)?"

        let inBlock name becomes = ReplaceRegex($@"{outside}h\.(\d+)\.{name}\.", $"blocks.$1.{becomes}.")

        [
            // The head is the table of the tokens; masks of what is to come are no parameters.
            DropNamesIfAny "lm_head.weight"
            DropNamesIfAny "*.attn.bias"
            DropNamesIfAny "*.attn.masked_bias"
            TransposePattern "*.c_attn.weight"
            TransposePattern "*.c_proj.weight"
            TransposePattern "*.c_fc.weight"
            UnsqueezePattern("*wpe.weight", 0)
            SplitPattern("*.c_attn.*", 0, [ "*.q_proj.*"; "*.k_proj.*"; "*.v_proj.*" ])
            ReplaceRegex($@"{outside}wte\.weight$", "embedding")
            ReplaceRegex($@"{outside}wpe\.weight$", "positional_embedder.embs")
            ReplaceRegex($@"{outside}ln_f\.", "normalization.")
            inBlock "ln_1" "multihead.normalization"
            inBlock @"attn\.([qkv]_proj)" "multihead.layer.$2"
            inBlock @"attn\.c_proj" "multihead.layer.out_proj"
            inBlock "ln_2" "feed_forward.normalization"
            inBlock @"mlp\.c_fc" "feed_forward.layer.up"
            inBlock @"mlp\.c_proj" "feed_forward.layer.down"
        ]
