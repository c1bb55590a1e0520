global using Xunit;

// Torch draws all random numbers from one generator.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
