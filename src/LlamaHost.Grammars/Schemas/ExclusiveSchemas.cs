using System.Collections;

namespace LlamaHost.Grammars.Schemas;

/// <summary>Schemas of which exactly one must hold: <c>oneOf</c>. Enforced as <c>anyOf</c> where no two of them can hold together.</summary>
internal sealed class ExclusiveSchemas(IReadOnlyList<Schema> schemas, string path) : IReadOnlyList<Schema>
{
    public string Path { get; } = path;

    public int Count => schemas.Count;

    public Schema this[int index] => schemas[index];

    public IEnumerator<Schema> GetEnumerator() => schemas.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
