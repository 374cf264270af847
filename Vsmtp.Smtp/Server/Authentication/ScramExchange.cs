using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Vsmtp.Smtp.Server.Authentication;

/// <summary>
/// SCRAM-SHA-256 (RFC 5802, RFC 7677), without channel binding: the password stays with the client, and we prove that we know it too.
/// </summary>
/// <param name="nonce">Ours, of printable ASCII without commas.</param>
internal sealed class ScramExchange(string nonce) : SaslExchange
{
    /// <summary>Clients send some 24; what is far longer only makes us work.</summary>
    private const int MaxNonceChars = 256;

    private Gs2Header? _header;
    private string _name = "";
    private string _nonce = "";
    private string _clientFirst = "";
    private string _serverFirst = "";
    private ScramVerifier? _verifier;
    private bool _isProven;

    public static string MakeNonce() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(18));

    public override SaslStep Respond(ReadOnlySpan<byte> response)
    {
        // RFC 5802 §5: what SMTP has no room for in its 235 is a challenge, to which the client says nothing more.
        if (_isProven) return response.IsEmpty ? new SaslStep.Succeed(_name) : SaslStep.Fail;
        if (!SaslNames.TryDecode(response, out var text)) return SaslStep.Fail;
        return _verifier is null ? First(text) : Final(text);
    }

    public override SaslStep Answer(SaslAnswer answer)
    {
        if (answer is SaslAnswer.Unavailable) return SaslStep.GiveUp;
        if (answer is not SaslAnswer.Verifier { Value: var verifier }) return SaslStep.Fail;
        _verifier = verifier;
        _serverFirst = string.Create(CultureInfo.InvariantCulture, $"r={_nonce},s={Convert.ToBase64String(verifier.Salt)},i={verifier.Iterations}");
        return new SaslStep.Challenge(Encoding.UTF8.GetBytes(_serverFirst));
    }

    /// <summary><c>client-first-message</c>: <c>n,,n=name,r=nonce</c> and extensions, of which <c>m=</c> is none that may be passed over.</summary>
    private SaslStep First(string text)
    {
        if (_header is not null || !Gs2Header.TryTake(text, out var header, out var bare)) return SaslStep.Fail;
        if (bare.Split(',') is not [['n', '=', .. var escaped], ['r', '=', .. var clientNonce], .. var extensions]) return SaslStep.Fail;
        if (!Gs2Header.TryUnescape(escaped, out var unescaped) || !SaslNames.TryPrepare(unescaped, out var name)
            || !SaslNames.IsSame(header.ActAs, name)
            || clientNonce.Length is 0 or > MaxNonceChars || clientNonce.AsSpan().ContainsAnyExceptInRange('!', '~')
            || !extensions.All(IsExtension))
        {
            return SaslStep.Fail;
        }

        (_header, _name, _clientFirst, _nonce) = (header, name, bare, clientNonce + nonce);
        return new SaslStep.Ask(new SaslCredentials.VerifierQuery(SaslMechanism.ScramSha256, name));
    }

    /// <summary><c>client-final-message</c>: <c>c=header,r=nonce,p=proof</c>, extensions before the proof.</summary>
    private SaslStep Final(string text)
    {
        var verifier = _verifier!;
        var end = text.LastIndexOf(",p=", StringComparison.Ordinal);
        if (end < 0 || text[..end].Split(',') is not [['c', '=', .. var binding], ['r', '=', .. var heard], .. var extensions]) return SaslStep.Fail;
        if (binding != Convert.ToBase64String(Encoding.UTF8.GetBytes(_header!.Text)) || heard != _nonce || !extensions.All(IsExtension)
            || !TryReadProof(text[(end + 3)..], out var proof))
        {
            return SaslStep.Fail;
        }

        var agreed = Encoding.UTF8.GetBytes($"{_clientFirst},{_serverFirst},{text[..end]}");
        // ClientKey = ClientProof XOR HMAC(StoredKey, AuthMessage), and H(ClientKey) is what we keep (RFC 5802 §3).
        var clientKey = HMACSHA256.HashData(verifier.StoredKey, agreed);
        for (var i = 0; i < clientKey.Length; i++) clientKey[i] ^= proof[i];
        var isRight = CryptographicOperations.FixedTimeEquals(SHA256.HashData(clientKey), verifier.StoredKey);
        CryptographicOperations.ZeroMemory(clientKey);
        if (!isRight) return SaslStep.Fail;
        _isProven = true;
        return new SaslStep.Challenge(Encoding.UTF8.GetBytes($"v={Convert.ToBase64String(HMACSHA256.HashData(verifier.ServerKey, agreed))}"));
    }

    private static bool IsExtension(string text) => text.Length > 2 && char.IsAsciiLetter(text[0]) && text[0] != 'm' && text[1] == '=';

    private static bool TryReadProof(string text, [NotNullWhen(true)] out byte[]? proof)
    {
        proof = new byte[SHA256.HashSizeInBytes];
        return text.Length <= 64 && Convert.TryFromBase64String(text, proof, out var length) && length == proof.Length;
    }
}
