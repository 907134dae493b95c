using Xunit.Sdk;
using Xunit.v3;

// What another test allocates at the same time would be counted too.
[assembly: Parallelization(Mode = ParallelMode.None)]
