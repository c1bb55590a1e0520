namespace Deeplay.Torch

open Deeplay.Core
open Deeplay.Library
open TorchSharp

/// How a language model goes on with a text. Names and defaults are those of `generate` of Hugging Face's transformers.
type GenerationOptions =
    {
        /// How many tokens are added at most.
        MaxNewTokens: int
        /// Whether tokens are drawn by their probabilities; else the most probable one is taken each time.
        DoSample: bool
        /// What logits are divided by before one is drawn: below 1 for what is more probable, above for more variety.
        Temperature: float
        /// Among how many of the most probable tokens one is drawn; 0 for all.
        TopK: int
        /// Among the fewest most probable tokens whose probabilities add up to this, or more, one is drawn; 1 for all.
        TopP: float
        /// What is drawn follows from it.
        Seed: int64
        /// The token that ends a text; None for none.
        EosTokenId: int64 option
        /// The last tokens of the text that the model sees, where it can't see all; None for as many as its `max_length` says.
        ContextLength: int option
    }

/// Goes on with texts.
[<RequireQualifiedAccess>]
module Generation =
    /// 20 tokens, the most probable one each time; where they are drawn, among the 50 most probable.
    let defaults: GenerationOptions =
        {
            MaxNewTokens = 20
            DoSample = false
            Temperature = 1.0
            TopK = 50
            TopP = 1.0
            Seed = 0L
            EosTokenId = None
            ContextLength = None
        }

    /// The same with drawn tokens.
    let sampling: GenerationOptions = { defaults with DoSample = true }

    let private check (options: GenerationOptions) =
        let need isGood name expected (found: obj) =
            if not isGood then Fail.with' (Malformed($"generation, {name}", expected, string found))

        need (options.MaxNewTokens > 0) "max_new_tokens" "a number above 0" options.MaxNewTokens
        need (options.Temperature > 0.0) "temperature" "a number above 0" options.Temperature
        need (options.TopK >= 0) "top_k" "a number from 0" options.TopK
        need (options.TopP > 0.0 && options.TopP <= 1.0) "top_p" "a number above 0, up to 1" options.TopP
        let context = defaultArg options.ContextLength 1
        need (context > 0) "context_length" "a number above 0" context

        if not options.DoSample then
            let unused =
                [
                    if options.Temperature <> defaults.Temperature then "temperature"
                    if options.TopK <> defaults.TopK then "top_k"
                    if options.TopP <> defaults.TopP then "top_p"
                    if options.Seed <> defaults.Seed then "seed"
                ]

            if not unused.IsEmpty then
                let expected = "do_sample, without which nothing is drawn"
                Fail.with' (Malformed("generation", expected, Error.list unused))

    // What is out of the question gets no probability.
    let private without (logits: Tensor) (mask: Tensor) =
        use none = Numbers.real -infinity
        logits.masked_fill (mask, none)

    /// What logits (N, V) are drawn by: by temperature, among the first `k`, among those of probability `p`, in this order. Sources:
    /// Fan et al., 2018, Hierarchical Neural Story Generation; Holtzman et al., 2020, The Curious Case of Neural Text Degeneration;
    /// transformers, generation/logits_process.py.
    let internal warp (options: GenerationOptions) (logits: Tensor) : Tensor =
        use temperature = Numbers.real options.Temperature
        let scores = logits.div temperature

        let scores =
            if options.TopK = 0 || int64 options.TopK >= scores.shape[1] then
                scores
            else
                let struct (best, _) = scores.topk (options.TopK, 1)
                without scores (scores.lt (best.narrow (1L, int64 options.TopK - 1L, 1L)))

        if options.TopP = 1.0 then
            scores
        else
            let struct (sorted, order) = scores.sort (1L, true)
            let probabilities = sorted.softmax 1L
            // Those before it are enough already: never so of the first.
            use enough = Numbers.real options.TopP
            let beyond = (Numbers.add (probabilities.cumsum 1L) (probabilities.neg ())).ge enough
            without scores (torch.zeros_like(beyond).scatter(1L, order, beyond))

    // How many tokens the model can see.
    let private contextOf (options: GenerationOptions) (application: Application) =
        let model = Outline.model application.Outline.Root

        match options.ContextLength with
        | Some length -> int64 length
        | None when
            model.Definition.Is CausalLanguageModel.definition
            && model.Arguments.Get CausalLanguageModel.positions <> "rotary"
            ->
            int64 (model.Arguments.Get CausalLanguageModel.maxLength)
        | None -> System.Int64.MaxValue

    /// Goes on with texts (N, L) of tokens, each from its end: gives (N, L + the tokens that are added) on the CPU. It is over when
    /// each text has its end; behind that a text has `EosTokenId` alone. The model, a child `model` of the application, gives logits
    /// (N, L, V).
    let generate (options: GenerationOptions) (prompts: torch.Tensor) (application: Application) : torch.Tensor =
        check options

        if not (torch.is_integral prompts) || prompts.dim () <> 2L || prompts.NumberOfElements = 0L then
            let found = $"{Shown.dtype prompts.dtype} {Shape.known prompts.shape}"
            Fail.with' (Malformed("generation", "texts of at least one token index each, (N, L)", found))

        let context = contextOf options application

        application.Modes.Evaluate(fun () ->
            use scope = torch.NewDisposeScope()
            use generator = new torch.Generator(uint64 options.Seed)
            let mutable texts = prompts.``to``(torch.int64).cpu().clone()
            let mutable isOver = torch.zeros (prompts.shape[0], dtype = torch.bool)
            let mutable left = options.MaxNewTokens

            while left > 0 do
                use step = torch.NewDisposeScope()
                let length = texts.shape[1]
                let seen = min context length
                let input = texts.narrow(1L, length - seen, seen).``to`` application.Device
                let logits = application.Parts.Call("model", Inputs.one input)
                // Drawn on the CPU, by the same numbers on all devices.
                let last = logits.select(1L, -1L).cpu().``to`` torch.float64

                let next =
                    if options.DoSample then
                        torch.multinomial((warp options last).softmax 1L, 1L, generator = generator).squeeze 1L
                    else
                        last.argmax 1L

                let next =
                    match options.EosTokenId with
                    | Some eos ->
                        use eos = Numbers.whole eos
                        let next = next.masked_fill (isOver, eos)
                        isOver <- step.MoveToOuter(isOver.logical_or (next.eq eos))
                        next
                    | None -> next

                texts <- step.MoveToOuter(torch.cat ([| texts; next.unsqueeze 1L |], 1L))
                left <- if Numbers.read (isOver.all ()) <> 0.0 then 0 else left - 1

            scope.MoveToOuter texts)

    /// Goes on with a text: gives it with what is added.
    let text
        (options: GenerationOptions)
        (vocabulary: Vocabulary)
        (prompt: string)
        (application: Application)
        : string =
        use _scope = torch.NewDisposeScope()
        let tokens = vocabulary.Encode(prompt).unsqueeze 0L
        vocabulary.Decode((generate options tokens application).squeeze 0L)
