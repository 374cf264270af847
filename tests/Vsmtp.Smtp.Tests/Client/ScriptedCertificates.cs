using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Vsmtp.Smtp.Tests.Client;

/// <summary>A private authority, made for one test, and certificates of it.</summary>
public sealed class ScriptedCertificates : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly List<X509Certificate2> _made = [];
    private readonly X509Certificate2 _authority;

    public ScriptedCertificates()
    {
        var request = new CertificateRequest("CN=An authority of a test", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(2));
    }

    /// <summary>The authority's certificate, for a client that is to trust it.</summary>
    public string Pem => _authority.ExportCertificatePem();

    /// <summary>A server's certificate with its key.</summary>
    /// <param name="names">Host names and addresses that it is good for.</param>
    public X509Certificate2 Make(params string[] names) => Make(DateTimeOffset.UtcNow.AddDays(1), names);

    public X509Certificate2 MakeExpired(params string[] names) => Make(DateTimeOffset.UtcNow.AddHours(-1), names);

    /// <summary>One that has its name where nobody looks any more: in the subject alone.</summary>
    public X509Certificate2 MakeOfCommonName(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        using var signed = request.Create(_authority, DateTimeOffset.UtcNow.AddHours(-12), DateTimeOffset.UtcNow.AddDays(1), RandomNumberGenerator.GetBytes(8));
        return Keep(signed.CopyWithPrivateKey(key));
    }

    /// <summary>One that nobody stands behind but itself.</summary>
    public X509Certificate2 MakeSelfSigned(params string[] names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Keep(Request(key, names).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1)));
    }

    public void Dispose()
    {
        foreach (var certificate in _made) certificate.Dispose();
        _authority.Dispose();
        _key.Dispose();
    }

    private X509Certificate2 Make(DateTimeOffset end, string[] names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var signed = Request(key, names).Create(_authority, DateTimeOffset.UtcNow.AddHours(-12), end, RandomNumberGenerator.GetBytes(8));
        return Keep(signed.CopyWithPrivateKey(key));
    }

    private static CertificateRequest Request(ECDsa key, string[] names)
    {
        var request = new CertificateRequest("CN=A server of a test", key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var address)) alternatives.AddIpAddress(address);
            else alternatives.AddDnsName(name);
        }

        if (names.Length > 0) request.CertificateExtensions.Add(alternatives.Build());
        return request;
    }

    private X509Certificate2 Keep(X509Certificate2 certificate)
    {
        _made.Add(certificate);
        return certificate;
    }
}
