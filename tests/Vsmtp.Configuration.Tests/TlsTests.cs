using System.Net.Security;
using Vsmtp.Configuration.Options;

namespace Vsmtp.Configuration.Tests;

public sealed class TlsTests(PemFiles files) : IClassFixture<PemFiles>
{
    [Fact]
    public void Root_and_virtual_certificates_are_read()
    {
        var configuration = Good("""
            [server.tls]
            security_level = "Encrypt"
            preempt_cipherlist = true
            handshake_timeout = "200ms"
            protocol_version = "^TLSv1.2"
            cipher_suite = ["TLS13_AES_256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"]
            certificate = "rsa.crt"
            private_key = "rsa.key"
            [server.virtual."x.org"]
            tls = { protocol_version = ["TLSv1.3"], certificate = "ec.crt", private_key = "ec.key" }
            dkim.private_key = "rsa1.key"
            dns.type = "google"
            [server.virtual."Y.org".tls]
            protocol_version = "0x0303"
            certificate = "rsa.crt"
            private_key = "rsa1.key"
            sender_security_level = { Dane = { port = 2525 } }
            [server.virtual."z.org"]
            [server.dkim]
            private_key = "rsa.key"
            """);
        var tls = configuration.Server.Tls!;
        Assert.IsType<TlsSecurityLevel.Encrypt>(tls.SecurityLevel);
        Assert.True(tls.PreemptCipherList);
        Assert.Equal(TimeSpan.FromMilliseconds(200), tls.HandshakeTimeout);
        Assert.Equal([TlsVersion.Tls12, TlsVersion.Tls13], tls.ProtocolVersion);
        Assert.Equal([TlsCipherSuite.TLS_AES_256_GCM_SHA384, TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256], tls.CipherSuite);
        Assert.Equal(Path.Combine(files.Folder, "rsa.crt"), tls.Certificate);
        var domains = configuration.Server.Virtual;
        Assert.Equal(["x.org", "Y.org", "z.org"], domains.Keys);
        Assert.Equal([TlsVersion.Tls13], domains["X.ORG"].Tls!.ProtocolVersion);
        Assert.IsType<TlsSecurityLevel.Encrypt>(domains["x.org"].Tls!.SenderSecurityLevel);
        Assert.Equal(DnsSource.Google, domains["x.org"].Dns!.Type);
        Assert.Equal(Path.Combine(files.Folder, "rsa1.key"), domains["x.org"].Dkim!.PrivateKey);
        Assert.Equal([TlsVersion.Tls12], domains["y.org"].Tls!.ProtocolVersion);
        Assert.Equal(new TlsSecurityLevel.Dane(2525), domains["y.org"].Tls!.SenderSecurityLevel);
        Assert.Null(domains["z.org"].Tls);
        Assert.Equal(
            ["server.virtual.\"x.org\".dkim", "server.virtual.\"Y.org\".tls.sender_security_level", "server.dkim"],
            configuration.NotYetInEffect.Select(k => k.Key));
    }

    [Theory]
    [InlineData("\">=TLSv1.2\"", new[] { TlsVersion.Tls12, TlsVersion.Tls13 })]
    [InlineData("\"^TLSv1.3\"", new[] { TlsVersion.Tls13 })]
    [InlineData("\"TLSv1.2\"", new[] { TlsVersion.Tls12 })]
    [InlineData("[\"TLSv1.3\", \"TLSv1.2\", \"0x0304\"]", new[] { TlsVersion.Tls12, TlsVersion.Tls13 })]
    public void A_protocol_version_is_one_a_range_or_a_list(string text, TlsVersion[] expected) =>
        Assert.Equal(expected, Good(Tls(version: text)).Server.Tls!.ProtocolVersion);

    [Theory]
    [InlineData("\"TLSv1.1\"")]
    [InlineData("\"SSLv3\"")]
    [InlineData("\"0x0302\"")]
    [InlineData("\"<=TLSv1.3\"")]
    [InlineData("[\">=TLSv1.2\"]")]
    [InlineData("12")]
    public void Another_protocol_version_is_an_error(string text) =>
        Assert.StartsWith("server.tls.protocol_version must be ", Error(Tls(version: text)), StringComparison.Ordinal);

    [Theory]
    [InlineData("[]", "server.tls.protocol_version must name at least one version")]
    public void No_protocol_version_is_an_error(string text, string expected) => Assert.Equal(expected, Error(Tls(version: text)));

    [Theory]
    [InlineData("rsa.crt", "ec.key", "server.tls.private_key is not the key of server.tls.certificate")]
    [InlineData("rsa.crt", "rsa.pub", "server.tls.private_key names a file that has no RSA or EC private key in it")]
    [InlineData("rsa.crt", "empty.pem", "server.tls.private_key names a file that has no RSA or EC private key in it")]
    [InlineData("rsa.crt", "locked.key", "server.tls.private_key names a file that has an encrypted private key in it")]
    [InlineData("rsa.crt", "nowhere.key", "server.tls.private_key names a file that cannot be read: ")]
    [InlineData("rsa.key", "rsa.key", "server.tls.certificate names a file that has no certificate in it")]
    [InlineData("broken.crt", "rsa.key", "server.tls.certificate names a file that is no valid PEM file")]
    [InlineData("empty.pem", "rsa.key", "server.tls.certificate names a file that has no certificate in it")]
    public void A_certificate_and_its_key_must_be_there_and_fit(string certificate, string key, string expected) =>
        Assert.StartsWith(expected, Error(Tls(certificate: certificate, key: key)), StringComparison.Ordinal);

    [Theory]
    [InlineData("\"Must\"", "server.tls.security_level must be \"May\", \"Encrypt\" or { Dane = { port = N } }, not \"Must\"")]
    [InlineData("{ Dane = { port = 0 } }", "server.tls.security_level.Dane.port must be from 1 to 65535, not 0")]
    [InlineData("{ Dane = {} }", "server.tls.security_level.Dane.port is missing")]
    [InlineData("{ }", "server.tls.security_level.Dane is missing")]
    public void Another_security_level_is_an_error(string level, string expected) =>
        Assert.StartsWith(expected, Error(Tls(level: level)), StringComparison.Ordinal);

    [Theory]
    [InlineData("\"TLSv1.2\"", "TLS_AES_128_GCM_SHA256",
        "5:16: server.tls.cipher_suite has no suite of TLSv1.2, which server.tls.protocol_version allows")]
    [InlineData("\"^TLSv1.2\"", "TLS_AES_128_GCM_SHA256",
        "5:16: server.tls.cipher_suite has no suite of TLSv1.2, which server.tls.protocol_version allows")]
    [InlineData("\"TLSv1.3\"", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        "5:16: server.tls.cipher_suite has no suite of TLSv1.3, which server.tls.protocol_version allows")]
    [InlineData("\"TLSv1.3\"", "TLS_AES_128_GCM_SHA256\", \"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        "5:16: server.tls.cipher_suite has TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, a suite of TLSv1.2, which no protocol_version allows")]
    [InlineData("\"TLSv1.3\"", "TLS_RSA_WITH_AES_128_CBC_SHA", "5:17: server.tls.cipher_suite must be one of TLS_AES_256_GCM_SHA384, ")]
    public void A_suite_that_no_version_has_and_a_version_without_a_suite_are_errors_with_their_place(string version, string suites, string expected)
    {
        var toml = $"[server.tls]\nsecurity_level = \"May\"\ncertificate = \"rsa.crt\"\nprivate_key = \"rsa.key\"\n"
            + $"cipher_suite = [\"{suites}\"]\nprotocol_version = {version}\n";
        var faults = files.Read(toml).Faults.Where(f => f.Severity == FaultSeverity.Error).Select(f => $"{f.Line}:{f.Column}: {f.Message}");
        Assert.Contains(faults, fault => fault.StartsWith(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void Suites_of_a_version_that_only_a_domain_has_are_good_and_a_version_of_a_domain_without_a_suite_is_not()
    {
        const string domain = "[server.virtual.\"x.org\".tls]\nprotocol_version = \"TLSv1.2\"\ncertificate = \"ec.crt\"\nprivate_key = \"ec.key\"\n";
        Good(Tls() + "cipher_suite = [\"TLS_AES_128_GCM_SHA256\", \"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256\"]\n" + domain);
        Assert.Equal(
            "server.virtual.\"x.org\".tls.protocol_version allows TLSv1.2, of which server.tls.cipher_suite has no suite",
            Error(Tls() + "cipher_suite = [\"TLS_AES_128_GCM_SHA256\"]\n" + domain));
    }

    [Theory]
    [InlineData("[server.tls]\nsecurity_level = { Dane = { port = 25 } }\n"
        + "protocol_version = \"TLSv1.3\"\ncertificate = \"rsa.crt\"\nprivate_key = \"rsa.key\"\n",
        "server.tls.security_level is not yet in effect")]
    [InlineData("[server.virtual.\"x.org\".tls]\nprotocol_version = \"TLSv1.3\"\ncertificate = \"rsa.crt\"\nprivate_key = \"rsa.key\"\n",
        "server.virtual.\"x.org\".tls.certificate is shown to nobody without [server.tls]")]
    [InlineData("[server.tls]\nsecurity_level = \"May\"\npreempt_cipherlist = false\n"
        + "protocol_version = \"TLSv1.3\"\ncertificate = \"rsa.crt\"\nprivate_key = \"rsa.key\"\n",
        "server.tls.preempt_cipherlist is false, and the server's order of cipher suites wins all the same: ")]
    public void What_has_no_effect_is_warned_of(string toml, string expected)
    {
        var result = files.Read(toml);
        var warnings = result.Faults.Select(fault => fault.Message).Concat(result.Configuration!.NotYetInEffect.Select(key => key.ToFault().Message));
        Assert.Contains(warnings, warning => warning.StartsWith(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void All_mandatory_keys_of_the_table_are_asked_for()
    {
        var errors = files.Read("[server.tls]").Faults.Where(f => f.Severity == FaultSeverity.Error).Select(f => f.Message);
        Assert.Equal(
            ["certificate", "private_key", "protocol_version", "security_level"],
            errors.Select(e => e[11..e.IndexOf(' ', StringComparison.Ordinal)]).Order());
    }

    [Theory]
    [InlineData("[server.dkim]\nprivate_key = \"ec.key\"", "server.dkim.private_key names a file that has no RSA private key in it")]
    [InlineData("[server.dkim]", "server.dkim.private_key is missing")]
    [InlineData("[server.virtual.\"x y\"]", "server.virtual.\"x y\" must have the name of a domain")]
    [InlineData("[server.virtual.\"x.org\"]\n[server.virtual.\"X.org\"]", "server.virtual.\"X.org\" is there twice, letter case apart")]
    [InlineData("[server.virtual.\"x.org\"]\ntsl = {}", "unknown key 'server.virtual.\"x.org\".tsl'; did you mean 'tls'?")]
    [InlineData("[server.virtual.\"x.org\".dns]\ntype = \"bing\"", "server.virtual.\"x.org\".dns.type must be \"system\" or \"google\" or \"cloudflare\" or \"custom\", not \"bing\"")]
    public void Signing_and_virtual_domains_are_checked(string toml, string expected) =>
        Assert.StartsWith(expected, Error(toml), StringComparison.Ordinal);

    [Fact]
    public void What_was_read_reads_back_the_same()
    {
        var toml = ConfigurationWriter.ToToml(Good(Tls() + """

            cipher_suite = ["TLS_AES_128_GCM_SHA256"]
            [server.virtual."x.org".tls]
            protocol_version = "TLSv1.3"
            certificate = "ec.crt"
            private_key = "ec.key"
            sender_security_level = { Dane = { port = 25 } }
            """));
        Assert.Equal(toml, ConfigurationWriter.ToToml(Good(toml)));
        Assert.Contains("[server.virtual.\"x.org\".tls.sender_security_level.Dane]\nport = 25\n", toml, StringComparison.Ordinal);
    }

    private static string Tls(
        string level = "\"May\"", string version = "\"TLSv1.3\"", string certificate = "rsa.crt", string key = "rsa.key") =>
        $"[server.tls]\nsecurity_level = {level}\nprotocol_version = {version}\ncertificate = \"{certificate}\"\nprivate_key = \"{key}\"\n";

    private VsmtpConfiguration Good(string toml)
    {
        var result = files.Read(toml);
        Assert.Empty(result.Faults.Where(f => f.Severity == FaultSeverity.Error).Select(f => f.ToString()));
        return result.Configuration!;
    }

    private string Error(string toml)
    {
        var result = files.Read(toml);
        Assert.Null(result.Configuration);
        return Assert.Single(result.Faults, f => f.Severity == FaultSeverity.Error).Message;
    }
}
