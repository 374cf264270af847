namespace Vsmtp.Vsl;

/// <summary>What a <see cref="Value"/> refers to, if it is neither unit nor a string.</summary>
public abstract class ValueContent
{
    private protected ValueContent(ValueKind kind) => ContentKind = kind;

    /// <summary>The kind of every value with this content.</summary>
    internal ValueKind ContentKind { get; }
}
