using System;
using System.Collections.Generic;
using TorchSharp.Interop;

namespace TorchSharp;

// Tensors: random numbers in place. Each calls the ATen operator of its name.

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor bernoulli(Generator? generator = null) => Aten.Call("bernoulli", this, generator);

        public Tensor bernoulli_(Tensor p, Generator? generator = null)
        {
            Aten.Do("bernoulli_.Tensor", this, p, generator);
            return this;
        }

        public Tensor bernoulli_(double p = 0.5, Generator? generator = null)
        {
            Aten.Do("bernoulli_.float", this, p, generator);
            return this;
        }

        public Tensor binomial(Tensor prob, Generator? generator = null) =>
            Aten.Call("binomial", this, prob, generator);

        public Tensor cauchy_(double median = 0, double sigma = 1, Generator? generator = null)
        {
            Aten.Do("cauchy_", this, median, sigma, generator);
            return this;
        }

        public Tensor exponential_(double lambda = 1, Generator? generator = null)
        {
            Aten.Do("exponential_", this, lambda, generator);
            return this;
        }

        public Tensor geometric_(double p, Generator? generator = null)
        {
            Aten.Do("geometric_", this, p, generator);
            return this;
        }

        public Tensor log_normal_(double mean = 0, double std = 1, Generator? generator = null)
        {
            Aten.Do("log_normal_", this, mean, std, generator);
            return this;
        }

        public Tensor multinomial(long num_samples, bool replacement = false, Generator? generator = null) =>
            Aten.Call("multinomial", this, num_samples, replacement, generator);

        public Tensor normal_(double mean = 0, double std = 1, Generator? generator = null)
        {
            Aten.Do("normal_", this, mean, std, generator);
            return this;
        }

        public Tensor poisson(Generator? generator = null) => Aten.Call("poisson", this, generator);

        public Tensor uniform_(double from, double to, Generator? generator = null)
        {
            Aten.Do("uniform_", this, from, to, generator);
            return this;
        }
    }
}
