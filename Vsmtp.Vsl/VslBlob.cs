namespace Vsmtp.Vsl;

/// <summary>The bytes of a blob value; immutable, a change makes a new one.</summary>
public sealed class VslBlob(ReadOnlyMemory<byte> bytes) : ValueContent(ValueKind.Blob)
{
    public ReadOnlyMemory<byte> Bytes { get; } = bytes;
}
