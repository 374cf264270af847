namespace Vsmtp.Smtp.Commands;

/// <summary>BODY (RFC 6152 §2).</summary>
public enum BodyKind
{
    SevenBit,
    EightBitMime,
}
