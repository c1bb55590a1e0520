namespace Deeplay.Torch

open TorchSharp

/// What becomes of the memory that a step of training frees.
module internal FreedMemory =
    // glibc hands freed memory back to the system as soon as there is more than twice the largest block that was ever freed.
    // A step frees all its activations: without more they are handed back and asked for again at each step, page by page,
    // which took a quarter of the time of a small convolutional network. A freed block of 31 MiB (those above 32 MiB do not
    // count) has up to 62 MiB kept for the next step. Nothing is written to it, so that it takes no memory itself; other
    // allocators pass over it.
    let private kept = lazy (torch.empty([| 31L <<< 20 |], dtype = torch.uint8, device = torch.CPU).Dispose())

    /// From here on the memory of a step stays for the next one.
    let keep () = kept.Force()
