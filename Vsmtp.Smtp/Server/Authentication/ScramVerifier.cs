using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Vsmtp.Smtp.Server.Authentication;

/// <summary>What a server keeps of a password for SCRAM-SHA-256: with it a password can be checked, and not found but by trying.</summary>
/// <remarks>Its text is <c>SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey</c>, the last three in base64 (RFC 5803 §2).</remarks>
public sealed class ScramVerifier
{
    /// <summary>RFC 7677 §4 asks for 4096 at least, and for 15,000 where clients bear it.</summary>
    public const int DefaultIterations = 20_000;

    /// <summary>RFC 7677 §4.</summary>
    public const int FewestIterations = 4096;

    /// <summary>More than that is an attack on the clients, or on us.</summary>
    public const int MostIterations = 10_000_000;

    public const int SaltBytes = 16;

    /// <summary>Derived from for the time that it takes, and compared with nothing.</summary>
    private const string NoPassword = "nobody's";

    private const string Prefix = "SCRAM-SHA-256$";
    private const int KeyBytes = SHA256.HashSizeInBytes;
    private const int MostSaltBytes = 256;

    internal ScramVerifier(int iterations, byte[] salt, byte[] storedKey, byte[] serverKey) =>
        (Iterations, Salt, StoredKey, ServerKey) = (iterations, salt, storedKey, serverKey);

    public int Iterations { get; }

    internal byte[] Salt { get; }

    internal byte[] StoredKey { get; }

    internal byte[] ServerKey { get; }

    /// <summary>Of a password, with a new salt.</summary>
    /// <returns>Null: no such password can be typed (RFC 4013), or it is empty.</returns>
    public static ScramVerifier? Of(string password, int iterations = DefaultIterations) =>
        Of(password, RandomNumberGenerator.GetBytes(SaltBytes), iterations);

    /// <inheritdoc cref="Of(string, int)"/>
    public static ScramVerifier? Of(string password, byte[] salt, int iterations = DefaultIterations)
    {
        if (!SaslPrep.TryPrepare(password, out var prepared) || prepared.Length == 0) return null;
        var octets = Encoding.UTF8.GetBytes(prepared);
        var salted = Rfc2898DeriveBytes.Pbkdf2(octets, salt, iterations, HashAlgorithmName.SHA256, KeyBytes);
        var clientKey = HMACSHA256.HashData(salted, "Client Key"u8);
        try
        {
            return new ScramVerifier(iterations, salt, SHA256.HashData(clientKey), HMACSHA256.HashData(salted, "Server Key"u8));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(octets);
            CryptographicOperations.ZeroMemory(salted);
            CryptographicOperations.ZeroMemory(clientKey);
        }
    }

    /// <summary>One that no password fits, for a name that nobody has: the salt is always the same for the same name.</summary>
    /// <param name="secret">Without it the salt cannot be told from a real one.</param>
    public static ScramVerifier MadeUpFor(string name, byte[] secret, int iterations = DefaultIterations) => new(
        iterations, SaltFor(name, secret), RandomNumberGenerator.GetBytes(KeyBytes), RandomNumberGenerator.GetBytes(KeyBytes));

    public static bool TryParse(string text, [NotNullWhen(true)] out ScramVerifier? verifier)
    {
        verifier = null;
        if (!text.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        if (text[Prefix.Length..].Split('$') is not [var first, var last] || first.Split(':') is not [var count, var salt]
            || last.Split(':') is not [var storedKey, var serverKey])
        {
            return false;
        }

        if (!int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var iterations)
            || iterations is < FewestIterations or > MostIterations
            || !TryReadOctets(salt, out var saltOctets) || saltOctets.Length > MostSaltBytes
            || !TryReadOctets(storedKey, out var stored) || stored.Length != KeyBytes
            || !TryReadOctets(serverKey, out var server) || server.Length != KeyBytes)
        {
            return false;
        }

        verifier = new ScramVerifier(iterations, saltOctets, stored, server);
        return true;
    }

    /// <summary>Takes as long whether it fits or not.</summary>
    public bool Fits(string password) =>
        Of(password, Salt, Iterations) is { } given && CryptographicOperations.FixedTimeEquals(given.StoredKey, StoredKey);

    /// <summary>One of a password, with this one's salt and iterations. Takes as long where there is no password.</summary>
    /// <param name="password">Null: there is none.</param>
    /// <returns>This one itself where there is none, or none that can be typed (RFC 4013).</returns>
    public ScramVerifier For(string? password)
    {
        if (password is not null && Of(password, Salt, Iterations) is { } derived) return derived;
        _ = Of(NoPassword, Salt, Iterations);
        return this;
    }

    /// <summary>The form that files have. Not <see cref="ToString"/>, for that ends in logs.</summary>
    public string ToText() => string.Create(CultureInfo.InvariantCulture,
        $"{Prefix}{Iterations}:{Convert.ToBase64String(Salt)}${Convert.ToBase64String(StoredKey)}:{Convert.ToBase64String(ServerKey)}");

    public override string ToString() => "SCRAM-SHA-256 verifier";

    /// <summary>A salt that is always the same for the same name, and looks like any other.</summary>
    private static byte[] SaltFor(string name, byte[] secret) => HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(name))[..SaltBytes];

    private static bool TryReadOctets(string text, out byte[] octets)
    {
        octets = new byte[text.Length];
        var isGood = Convert.TryFromBase64String(text, octets, out var length) && length > 0;
        octets = octets[..(isGood ? length : 0)];
        return isGood;
    }
}
