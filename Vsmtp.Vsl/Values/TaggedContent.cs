namespace Vsmtp.Vsl.Values;

/// <summary>The content of a value on which a script has hung a number.</summary>
/// <param name="inner">The content without it; null for unit.</param>
internal sealed class TaggedContent(ValueKind kind, object? inner, int tag) : ValueContent(kind)
{
    public object? Inner { get; } = inner;

    public int Tag { get; } = tag;
}
