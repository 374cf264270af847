using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Vsmtp.EndToEnd.Tests.Authentication;

/// <summary>The client's half of SCRAM-SHA-256 (RFC 5802 §3, RFC 7677), of one attempt.</summary>
internal sealed class ScramClient(string user, string password)
{
    private readonly string _first = $"n={user},r={Convert.ToHexString(RandomNumberGenerator.GetBytes(12))}";

    /// <summary>Base64 of the client-first-message.</summary>
    public string First => AuthSite.Base64($"n,,{_first}");

    /// <summary>Base64 of the client-final-message.</summary>
    /// <param name="challenge">The server's 334 to <see cref="First"/>.</param>
    public string FinalFor(string challenge)
    {
        var serverFirst = Encoding.UTF8.GetString(Convert.FromBase64String(challenge[4..]));
        var parts = serverFirst.Split(',').ToDictionary(part => part[0], part => part[2..]);
        var salted = Rfc2898DeriveBytes.Pbkdf2(
            password, Convert.FromBase64String(parts['s']), int.Parse(parts['i'], CultureInfo.InvariantCulture), HashAlgorithmName.SHA256, outputLength: 32);
        var key = HMACSHA256.HashData(salted, "Client Key"u8);
        var bare = $"c=biws,r={parts['r']}";
        var signature = HMACSHA256.HashData(SHA256.HashData(key), Encoding.UTF8.GetBytes($"{_first},{serverFirst},{bare}"));
        return AuthSite.Base64($"{bare},p={Convert.ToBase64String([.. key.Zip(signature, (a, b) => (byte)(a ^ b))])}");
    }
}
