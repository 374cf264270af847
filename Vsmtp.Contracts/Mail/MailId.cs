using System.Buffers;
using System.Security.Cryptography;

namespace Vsmtp.Contracts.Mail;

/// <summary>Names one mail and is the key of its grain: <c>m-PP-</c>, the partition of its store, and 26 characters in order of time.</summary>
/// <remarks>
/// Crockford's base 32 in lower case, 48 bits of milliseconds and 80 random bits, as ULID has them. No hexadecimal number
/// begins with <c>m</c>, so no storage takes two keys for one (spec/orleans-api.md, "Behaviour that bites").
/// </remarks>
public static class MailId
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int TextLength = 31;
    private static readonly SearchValues<char> Letters = SearchValues.Create(Alphabet);

    /// <summary>A new id in the only partition so far.</summary>
    public static string Create(TimeProvider time)
    {
        Span<byte> random = stackalloc byte[10];
        RandomNumberGenerator.Fill(random);
        return string.Create(TextLength, (time.GetUtcNow().ToUnixTimeMilliseconds(), Convert.ToHexString(random)), static (text, parts) =>
        {
            "m-00-".CopyTo(text);
            var milliseconds = parts.Item1;
            for (var i = 14; i >= 5; i--, milliseconds >>= 5) text[i] = Alphabet[(int)(milliseconds & 31)];
            var bits = UInt128.Parse(parts.Item2, System.Globalization.NumberStyles.HexNumber);
            for (var i = 30; i >= 15; i--, bits >>= 5) text[i] = Alphabet[(int)(uint)(bits & 31)];
        });
    }

    /// <summary>Whether a text from outside has the form of an id; it may still name no mail.</summary>
    public static bool IsWellFormed(string text) =>
        text.Length == TextLength && text.StartsWith("m-", StringComparison.Ordinal) && text[4] == '-'
        && !text.AsSpan(5).ContainsAnyExcept(Letters) && !text.AsSpan(2, 2).ContainsAnyExcept(Letters);
}
