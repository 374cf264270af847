using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Vsmtp.Smtp.Server.Authentication;

/// <summary>CRAM-MD5 (RFC 2195 §2): the client answers a word that comes but once with a digest of it under its password.</summary>
internal sealed class CramMd5Exchange(string challenge) : SaslExchange
{
    private static readonly SearchValues<byte> Hex = SearchValues.Create("0123456789abcdef"u8);

    private readonly byte[] _digest = new byte[MD5.HashSizeInBytes];
    private string _name = "";

    /// <summary>RFC 2195 §2: random digits, a time stamp and our name, in the form of a message id.</summary>
    public static string MakeChallenge(string domain) => string.Create(CultureInfo.InvariantCulture,
        $"<{RandomNumberGenerator.GetHexString(32, lowercase: true)}.{DateTimeOffset.UtcNow.ToUnixTimeSeconds()}@{domain}>");

    public override SaslStep Begin() => new SaslStep.Challenge(Encoding.UTF8.GetBytes(challenge));

    public override SaslStep Respond(ReadOnlySpan<byte> response)
    {
        // A name may have blanks in it, a digest has none.
        var blank = response.LastIndexOf((byte)' ');
        if (blank < 0 || response.Length - blank - 1 != _digest.Length * 2 || !IsLowerHex(response[(blank + 1)..])
            || !SaslNames.TryPrepare(response[..blank], out var name))
        {
            return SaslStep.Fail;
        }

        Convert.FromHexString(response[(blank + 1)..], _digest, out _, out _);
        _name = name;
        return new SaslStep.Ask(new SaslCredentials.Query(SaslMechanism.CramMd5, name));
    }

    public override SaslStep Answer(SaslAnswer answer)
    {
        if (answer is SaslAnswer.Unavailable) return SaslStep.GiveUp;
        // The work for a name that nobody has is the same.
        var password = (answer as SaslAnswer.Password)?.Text;
        var isRight = CryptographicOperations.FixedTimeEquals(Digest(password ?? "", challenge), _digest);
        return isRight && password is { Length: > 0 } ? new SaslStep.Succeed(_name) : SaslStep.Fail;
    }

    [SuppressMessage("Security", "CA5351", Justification = "RFC 2195 has no other; it is off unless a site wants it.")]
    private static byte[] Digest(string password, string challenge) =>
        HMACMD5.HashData(Encoding.UTF8.GetBytes(password), Encoding.UTF8.GetBytes(challenge));

    /// <summary>RFC 2195 §2: in lower case.</summary>
    private static bool IsLowerHex(ReadOnlySpan<byte> octets) => !octets.ContainsAnyExcept(Hex);
}
