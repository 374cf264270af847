using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Vsmtp.EndToEnd.Tests.Secured;

/// <summary>An authority, another below it, and servers' certificates of that one, as PEM files in a folder.</summary>
internal sealed class SiteCertificates : IDisposable
{
    private readonly string _folder;
    private readonly RSA _rootKey = RSA.Create(2048);
    private readonly RSA _middleKey = RSA.Create(2048);
    private readonly X509Certificate2 _root;
    private readonly X509Certificate2 _middle;

    /// <summary>Writes <c>root.pem</c>, which clients are to trust.</summary>
    public SiteCertificates(string folder)
    {
        _folder = folder;
        _root = Authority("Root of a test", _rootKey).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(3));
        using var middle = Authority("Middle of a test", _middleKey)
            .Create(_root, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(2), Serial());
        _middle = middle.CopyWithPrivateKey(_middleKey);
        File.WriteAllText(RootFile, _root.ExportCertificatePem());
    }

    public string RootFile => Path.Combine(_folder, "root.pem");

    /// <summary>Writes <c>NAME.crt</c>, with the chain behind the certificate, and <c>NAME.key</c>.</summary>
    /// <returns>Its serial number.</returns>
    /// <param name="days">How long it is good for; negative: it has expired.</param>
    public string Write(string name, double days = 1)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return Write(name, request, key.ExportPkcs8PrivateKeyPem(), days);
    }

    /// <summary>As <see cref="Write(string, double)"/>, with a key of an elliptic curve.</summary>
    public string WriteCurve(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Write(name, new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256), key.ExportPkcs8PrivateKeyPem(), days: 1);
    }

    public void Dispose()
    {
        _root.Dispose();
        _middle.Dispose();
        _rootKey.Dispose();
        _middleKey.Dispose();
    }

    private string Write(string name, CertificateRequest request, string key, double days)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        using var made = request.Create(
            _middle.SubjectName, X509SignatureGenerator.CreateForRSA(_middleKey, RSASignaturePadding.Pkcs1),
            DateTimeOffset.UtcNow.AddHours(-12), DateTimeOffset.UtcNow.AddDays(days), Serial());
        File.WriteAllText(Path.Combine(_folder, $"{name}.crt"), $"{made.ExportCertificatePem()}\n{_middle.ExportCertificatePem()}\n");
        File.WriteAllText(Path.Combine(_folder, $"{name}.key"), key);
        return made.SerialNumber;
    }

    private static CertificateRequest Authority(string name, RSA key)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request;
    }

    /// <summary>Its highest bit is not set: the number is positive as it stands.</summary>
    private static byte[] Serial() => [0x10, .. RandomNumberGenerator.GetBytes(8)];
}
