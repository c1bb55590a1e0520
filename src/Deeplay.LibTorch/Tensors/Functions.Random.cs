using System;
using System.Collections.Generic;
using TorchSharp.Interop;

namespace TorchSharp;

// Functions of tensors: random numbers in place.

public static partial class torch
{
    public static Tensor bernoulli(Tensor input, Generator? generator = null) => input.bernoulli(generator);

    public static Tensor binomial(Tensor count, Tensor probs, Generator? generator = null) =>
        count.binomial(probs, generator);

    public static Tensor multinomial(
        Tensor input,
        long num_samples,
        bool replacement = false,
        Generator? generator = null
    ) => input.multinomial(num_samples, replacement, generator);

    public static Tensor poisson(Tensor input, Generator? generator = null) => input.poisson(generator);
}
