namespace LlamaHost.Native.Tests;

/// <summary>Tests that look at something of the whole process: no other runs beside them.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class AloneCollection;
