using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Vsmtp.Mail.Text;

/// <summary>The encoding of ESMTP parameter values: <c>+3D</c> for <c>=</c> (RFC 3461 §4).</summary>
public static class XText
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Encodes the UTF-8 octets of <paramref name="text"/>; the result is ASCII without blanks.</summary>
    public static string Encode(string text)
    {
        var encoded = new StringBuilder(text.Length);
        foreach (var octet in Encoding.UTF8.GetBytes(text))
        {
            if (octet is > 0x20 and < 0x7F and not ((byte)'+' or (byte)'=')) encoded.Append((char)octet);
            else encoded.Append(CultureInfo.InvariantCulture, $"+{octet:X2}");
        }

        return encoded.ToString();
    }

    /// <summary>Undoes <see cref="Encode"/>. False for characters that xtext has not, or octets that are no UTF-8.</summary>
    public static bool TryDecode(ReadOnlySpan<char> encoded, [NotNullWhen(true)] out string? text)
    {
        text = null;
        var octets = new byte[encoded.Length];
        var count = 0;
        for (var i = 0; i < encoded.Length; i++)
        {
            var c = encoded[i];
            if (c is <= ' ' or >= '\x7F' or '=') return false;
            if (c != '+')
            {
                octets[count++] = (byte)c;
                continue;
            }

            // RFC 3461 §4 wants upper case; what others send in lower case means nothing else.
            if (i + 2 >= encoded.Length) return false;
            if (!byte.TryParse(encoded.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier, null, out octets[count++])) return false;
            i += 2;
        }

        try
        {
            text = StrictUtf8.GetString(octets, 0, count);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
