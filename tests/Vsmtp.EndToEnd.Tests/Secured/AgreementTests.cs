using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Secured;

/// <summary>What client and server agree on: certificate (SNI: RFC 6066), version (RFC 5246, RFC 8446, and none of RFC 8996), suite.</summary>
public sealed class AgreementTests(TlsSite site) : IClassFixture<TlsSite>
{
    [Theory]
    [InlineData("d.example.org", "d.example.org")]
    [InlineData("D.Example.ORG", "d.example.org")]
    [InlineData("plain.example.org", "mx.example.com")]
    [InlineData("mx.example.com", "mx.example.com")]
    [InlineData("nobody.example.net", "mx.example.com")]
    [InlineData(null, "mx.example.com")]
    public async Task A_client_is_shown_the_certificate_of_the_name_that_it_asks_for_with_its_chain(string? name, string shown)
    {
        string[] asks = name is null ? ["-noservername"] : ["-servername", name];
        foreach (var port in new[] { 0, site.SubmissionsPort })
        {
            // It knows the root alone: without what is between, it would not believe.
            string[] looks = ["-CAfile", site.Certificates.RootFile, "-verify_return_error", "-verify_hostname", shown];
            var said = await site.OpenSslAsync(port, [.. asks, .. looks]);
            Assert.Contains($"subject=CN = {shown}", said, StringComparison.Ordinal);
            Assert.Contains("Verify return code: 0 (ok)", said, StringComparison.Ordinal);
            Assert.Contains("221 2.0.0", said, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("-tls1_3", "-ciphersuites", "TLS_AES_256_GCM_SHA384")]
    [InlineData("-tls1_3", "-ciphersuites", "TLS_AES_128_GCM_SHA256")]
    [InlineData("-tls1_3", "-ciphersuites", "TLS_CHACHA20_POLY1305_SHA256")]
    [InlineData("-tls1_2", "-cipher", "ECDHE-RSA-AES256-GCM-SHA384")]
    [InlineData("-tls1_2", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256")]
    [InlineData("-tls1_2", "-cipher", "ECDHE-RSA-CHACHA20-POLY1305")]
    public async Task Each_suite_is_had_by_who_wants_it(string version, string option, string suite) =>
        Assert.Contains($"Cipher is {suite}", await site.OpenSslAsync(0, version, option, suite), StringComparison.Ordinal);

    [Theory]
    [InlineData("-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0")]
    [InlineData("-tls1", "-cipher", "DEFAULT@SECLEVEL=0")]
    [InlineData("-tls1_2", "-cipher", "ECDHE-RSA-AES128-SHA256")]
    [InlineData("-tls1_2", "-cipher", "AES128-GCM-SHA256")]
    public async Task What_is_not_configured_is_not_had(params string[] options)
    {
        var said = await site.OpenSslAsync(0, options);
        Assert.Contains("Cipher is (NONE)", said, StringComparison.Ordinal);
        Assert.Contains("alert", said, StringComparison.Ordinal);
        // The server lives, and tells a client's mistake in one line.
        Assert.Contains("221 2.0.0", await site.OpenSslAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_server_does_not_negotiate_anew_within_a_session()
    {
        var said = await OpenSsl.SpeakAsync("R\n", "-connect", $"127.0.0.1:{site.Site.ClientPort}", "-starttls", "smtp", "-tls1_2");
        Assert.Contains("RENEGOTIATING", said, StringComparison.Ordinal);
        Assert.Contains("error:", said, StringComparison.Ordinal);
        Assert.Contains("221 2.0.0", await site.OpenSslAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_servers_order_of_suites_wins()
    {
        const string clients = "TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384";
        Assert.Contains("Cipher is TLS_AES_256_GCM_SHA384", await AgreeAsync(site, clients), StringComparison.Ordinal);
        await using var other = await TlsSite.StartAsync(keys: $"""
            {TlsSite.Usual}
            cipher_suite = ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"]
            """);
        Assert.Contains("Cipher is TLS_AES_128_GCM_SHA256", await AgreeAsync(other, clients), StringComparison.Ordinal);
        Assert.Contains("Cipher is (NONE)", await AgreeAsync(other, "TLS_CHACHA20_POLY1305_SHA256"), StringComparison.Ordinal);
    }

    private static Task<string> AgreeAsync(TlsSite site, string suites) => site.OpenSslAsync(0, "-tls1_3", "-ciphersuites", suites);
}
