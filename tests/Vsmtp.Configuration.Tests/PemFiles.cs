using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Vsmtp.Configuration.Tests;

/// <summary>A folder with certificates and keys of its own, deleted at the end.</summary>
public sealed class PemFiles : IDisposable
{
    public PemFiles()
    {
        using var rsa = RSA.Create(2048);
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Write("rsa.crt", Certificate(new CertificateRequest("CN=mta.example.org", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)));
        Write("rsa.key", rsa.ExportPkcs8PrivateKeyPem());
        Write("rsa1.key", rsa.ExportRSAPrivateKeyPem());
        Write("locked.key", rsa.ExportEncryptedPkcs8PrivateKeyPem(
            "secret", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1)));
        Write("rsa.pub", rsa.ExportSubjectPublicKeyInfoPem());
        Write("ec.crt", Certificate(new CertificateRequest("CN=mta.example.org", ec, HashAlgorithmName.SHA256)));
        Write("ec.key", ec.ExportECPrivateKeyPem());
        Write("empty.pem", "");
        Write("broken.crt", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("vsmtp-pem-").FullName;

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>Reads a text whose relative paths start in the folder.</summary>
    public ConfigurationResult Read(string toml) =>
        ConfigurationReader.ReadText(toml, Path.Combine(Folder, "vsmtp.toml"), [], _ => null);

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(Folder, name), text);

    private static string Certificate(CertificateRequest request)
    {
        var now = DateTimeOffset.UtcNow;
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return certificate.ExportCertificatePem();
    }
}
