namespace Vsmtp.Vsl;

/// <summary>The bytes of a blob value; immutable, a change makes a new one.</summary>
public sealed class VslBlob(ReadOnlyMemory<byte> bytes)
{
    public ReadOnlyMemory<byte> Bytes { get; } = bytes;
}
