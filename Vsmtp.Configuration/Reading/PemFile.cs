using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Vsmtp.Configuration.Reading;

/// <summary>Looks whether a PEM file (RFC 7468) holds what a key of the configuration says. Never shows what it holds.</summary>
internal static class PemFile
{
    private const int MaxBytes = 1024 * 1024;

    /// <summary>What is wrong with a file of certificates; null: nothing.</summary>
    public static string? FaultOfCertificate(string path) => Try(path, text =>
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPem(text);
        var isEmpty = certificates.Count == 0;
        foreach (var certificate in certificates)
        {
            certificate.Dispose();
        }

        return isEmpty ? "has no certificate in it" : null;
    });

    /// <summary>What is wrong with a file that must hold an RSA or EC key; null: nothing.</summary>
    public static string? FaultOfPrivateKey(string path) =>
        Try(path, text => IsRsaKey(text) || IsEcKey(text) ? null
            : IsEncrypted(text) ? "has an encrypted private key in it, and there is nobody to ask for its password"
            : "has no RSA or EC private key in it");

    /// <summary>What is wrong with a file that must hold an RSA key; null: nothing.</summary>
    public static string? FaultOfRsaKey(string path) => Try(path, text => IsRsaKey(text) ? null : "has no RSA private key in it");

    /// <summary>Whether the key is that of the first certificate; both files have been found good.</summary>
    public static bool IsPair(string certificatePath, string keyPath)
    {
        try
        {
            using var pair = X509Certificate2.CreateFromPemFile(certificatePath, keyPath);
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>PKCS #8, or the older form with a header.</summary>
    private static bool IsEncrypted(string text) => text.Contains("ENCRYPTED", StringComparison.Ordinal);

    private static bool IsRsaKey(string text)
    {
        using var key = RSA.Create();
        return Imports(key, text) && HasPrivatePart(() => key.ExportParameters(includePrivateParameters: true).D);
    }

    private static bool IsEcKey(string text)
    {
        using var key = ECDsa.Create();
        return Imports(key, text) && HasPrivatePart(() => key.ExportParameters(includePrivateParameters: true).D);
    }

    private static bool Imports(AsymmetricAlgorithm key, string text)
    {
        try
        {
            key.ImportFromPem(text);
            return true;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return false;
        }
    }

    private static bool HasPrivatePart(Func<byte[]?> read)
    {
        try
        {
            var part = read();
            CryptographicOperations.ZeroMemory(part);
            return part is not null;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static string? Try(string path, Func<string, string?> look)
    {
        try
        {
            return new FileInfo(path).Length > MaxBytes ? "is too large to be a PEM file" : look(File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "cannot be read: " + e.Message;
        }
        catch (CryptographicException)
        {
            return "is no valid PEM file";
        }
    }
}
