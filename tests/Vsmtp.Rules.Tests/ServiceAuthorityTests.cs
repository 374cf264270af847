using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Vsmtp.Mail.Transfer;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Tests;

/// <summary><c>tls_ca</c> of a service: the certificates are a part of the rule set.</summary>
public sealed class ServiceAuthorityTests
{
    private const string CaFile = "/etc/vsmtp/ca.pem";

    private readonly Site _site = new();

    private static string Rules(string tls, string path = CaFile) =>
        $"service scan smtp = #{{ delegator: #{{ address: \"h:1\" }}, receiver: \"127.0.0.1:10025\", proof: [\"X-S\"], tls: \"{tls}\", tls_ca: \"{path}\" }};\n#{{}}";

    [Fact]
    public async Task The_certificates_go_with_the_rules_to_where_the_file_is_not()
    {
        var folder = Directory.CreateTempSubdirectory();
        var file = Path.Combine(folder.FullName, "ca.pem");
        var pem = Certificate().ExportCertificatePem();
        await File.WriteAllTextAsync(file, pem, Site.Token);
        var main = Path.Combine(folder.FullName, "main.vsl");
        await File.WriteAllTextAsync(main, Rules("verify", file), Site.Token);

        var onDisk = (await RuleSetLoader.LoadAsync(main, _site.Options, Site.Token)).Set!;
        folder.Delete(recursive: true);
        var stored = (await RuleSetLoader.LoadAsync(onDisk.MainPath, onDisk.Files, _site.Options, Site.Token)).Set!;

        Assert.Equal(pem, onDisk.Files[file]);
        Assert.Equal((onDisk.Hash, TlsLevel.Verify, pem), (stored.Hash, stored.Services["scan"].Tls, stored.Services["scan"].TlsAuthorities));
    }

    [Fact]
    public async Task Other_certificates_are_another_set()
    {
        var one = await _site.LoadGoodAsync(Rules("verify"), (CaFile, Certificate().ExportCertificatePem()));
        var other = await _site.LoadGoodAsync(Rules("verify"), (CaFile, Certificate().ExportCertificatePem()));

        Assert.NotEqual(one.Hash, other.Hash);
    }

    [Theory]
    [InlineData("", "there is no certificate in it")]
    [InlineData("hello\n", "there is no certificate in it")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "it is no valid PEM file")]
    public async Task A_file_without_certificates_is_an_error(string pem, string fault)
    {
        var errors = await _site.FindAsync(DiagnosticSeverity.Error, Rules("verify"), (CaFile, pem));

        Assert.Equal($"main.vsl:1:1: error: `tls_ca` of service `scan`: `{CaFile}`: {fault}", Assert.Single(errors));
    }

    [Fact]
    public async Task A_private_key_does_not_get_into_the_store()
    {
        using var key = ECDsa.Create();
        var pem = $"{Certificate().ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n";
        var errors = await _site.FindAsync(DiagnosticSeverity.Error, Rules("verify"), (CaFile, pem));

        Assert.Contains("there is a private key in it", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("may")]
    [InlineData("encrypt")]
    public async Task Where_nothing_is_verified_it_is_warned_of(string tls)
    {
        var warnings = await _site.FindAsync(DiagnosticSeverity.Warning, Rules(tls), (CaFile, Certificate().ExportCertificatePem()));

        Assert.Equal("main.vsl:1:1: warning: `tls_ca` of service `scan` has no effect: its `tls` is not \"verify\"", Assert.Single(warnings));
    }

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest("CN=a", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
