global using Xunit;

// The engine draws all random numbers from one generator.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
