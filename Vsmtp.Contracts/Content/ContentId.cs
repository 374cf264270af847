namespace Vsmtp.Contracts.Content;

/// <summary>Which stored message bytes: what they are (length, SHA-256) and which staging of them.</summary>
/// <param name="Key">128 random bits in lower-case hexadecimal: two stagings of the same bytes are two contents, so that
/// collecting one never takes the other away (docs/design/002-store.md).</param>
/// <param name="Length">Octets.</param>
/// <param name="Sha256">Lower-case hexadecimal.</param>
/// <param name="Is8Bit">Whether an octet is above 127; null where nobody has looked.</param>
[GenerateSerializer, Immutable, Alias("vsmtp.content-id")]
public sealed record ContentId([property: Id(0)] string Key, [property: Id(1)] long Length, [property: Id(2)] string Sha256,
    [property: Id(3)] bool? Is8Bit = null)
{
    /// <summary>Contents up to this many octets travel with the mail and are written in the transaction of its state.</summary>
    public const int MaxInlineBytes = 64 * 1024;

    public override string ToString() => Key;
}
