using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Vsmtp.Smtp.Server.Authentication;

/// <summary>Names as clients give them.</summary>
internal static class SaslNames
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static bool TryDecode(ReadOnlySpan<byte> octets, [NotNullWhen(true)] out string? text)
    {
        try
        {
            text = Strict.GetString(octets);
            return true;
        }
        catch (DecoderFallbackException)
        {
            text = null;
            return false;
        }
    }

    /// <summary>A name that somebody can have: prepared, not empty, at most <see cref="SaslCredentials.MaxNameBytes"/> long.</summary>
    public static bool TryPrepare(string text, [NotNullWhen(true)] out string? name) =>
        SaslPrep.TryPrepare(text, out name) && name.Length > 0 && Encoding.UTF8.GetByteCount(name) <= SaslCredentials.MaxNameBytes;

    public static bool TryPrepare(ReadOnlySpan<byte> octets, [NotNullWhen(true)] out string? name)
    {
        name = null;
        return TryDecode(octets, out var text) && TryPrepare(text, out name);
    }

    /// <summary>Nobody acts for another here: who is named as the one to act as must be the one who authenticates (RFC 4616 §2).</summary>
    public static bool IsSame(string actAs, string name) => actAs.Length == 0 || (TryPrepare(actAs, out var prepared) && prepared == name);
}
