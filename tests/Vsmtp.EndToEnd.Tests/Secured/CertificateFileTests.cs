using System.Security.Cryptography;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Secured;

/// <summary>Certificates that change while the server runs, and those that no client could be served with.</summary>
public sealed class CertificateFileTests
{
    [Fact]
    public async Task At_SIGHUP_new_handshakes_have_the_new_certificate_and_sessions_go_on()
    {
        await using var site = await TlsSite.StartAsync();
        using var live = await site.OpenAsync();
        Assert.Equal(site.RootSerial, live.Shown);
        await live.AskAsync("EHLO a.example");

        var next = site.Certificates.Write("mx.example.com");
        await site.ReloadAsync("reloaded certificates");

        await live.SendMailAsync("Subject: live\r\n\r\nx\r\n");
        Assert.StartsWith("221", await live.AskAsync("QUIT"), StringComparison.Ordinal);
        using var later = await site.OpenAsync();
        Assert.Equal(next, later.Shown);
    }

    [Fact]
    public async Task A_file_that_is_broken_at_SIGHUP_leaves_the_certificate_of_before_and_is_told_of_and_others_are_reloaded()
    {
        await using var site = await TlsSite.StartAsync();
        site.Site.Write("mx.example.com.key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        var next = site.Certificates.Write("d.example.org");
        await site.ReloadAsync("error: not all certificates are reloaded; those of before stay in force in their place");
        Assert.Contains(Path.Combine(site.Site.Folder, "mx.example.com.key"), site.Server.Said, StringComparison.Ordinal);
        Assert.Matches(@"vsmtp\.toml:\d+:\d+: error: server\.tls: ", site.Server.Said);

        using (var client = await site.OpenAsync()) Assert.Equal(site.RootSerial, client.Shown);
        using (var client = await site.OpenAsync("d.example.org")) Assert.Equal(next, client.Shown);

        File.Delete(Path.Combine(site.Site.Folder, "mx.example.com.crt"));
        await site.ReloadAsync("error: not all certificates are reloaded");
        using (var client = await site.OpenAsync()) Assert.Equal(site.RootSerial, client.Shown);

        var mended = site.Certificates.Write("mx.example.com");
        await site.ReloadAsync("reloaded certificates");
        using (var client = await site.OpenAsync()) Assert.Equal(mended, client.Shown);
    }

    [Fact]
    public async Task A_key_of_another_certificate_and_an_encrypted_one_are_refused_at_the_start_with_their_place()
    {
        await using var site = new TlsSite();
        File.Copy(Path.Combine(site.Site.Folder, "d.example.org.key"), Path.Combine(site.Site.Folder, "mx.example.com.key"), overwrite: true);
        using (var key = RSA.Create(2048))
        {
            site.Site.Write("d.example.org.key", key.ExportEncryptedPkcs8PrivateKeyPem(
                "secret", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1)));
        }

        var (code, _, error) = await site.RunAsync("check");
        Assert.Equal(1, code);
        Assert.Matches(@"vsmtp\.toml:\d+:\d+: error: server\.tls\.private_key is not the key of server\.tls\.certificate", error);
        Assert.Matches(
            @"vsmtp\.toml:\d+:\d+: error: server\.virtual\.""d\.example\.org""\.tls\.private_key names a file that has an encrypted private key", error);
        var (started, _, said) = await site.RunAsync("serve");
        Assert.Equal(1, started);
        Assert.Contains("is not the key of", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Suites_that_no_certificate_of_the_site_can_serve_are_refused_at_the_start()
    {
        await using var site = new TlsSite("#{}", keys: $"""
            {TlsSite.Usual}
            cipher_suite = ["TLS_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"]
            """);
        var (code, _, error) = await site.RunAsync("check");
        Assert.Equal(1, code);
        Assert.Matches(@"vsmtp\.toml:\d+:\d+: error: server\.tls: no client can be served with TLSv1\.2 and \S+mx\.example\.com\.crt: ", error);

        site.Certificates.WriteCurve("mx.example.com");
        site.Certificates.WriteCurve("d.example.org");
        Assert.Equal(0, (await site.RunAsync("check")).Code);
    }

    [Fact]
    public async Task A_certificate_that_has_expired_is_warned_of()
    {
        await using var site = new TlsSite();
        site.Certificates.Write("d.example.org", days: -0.1);
        var (code, _, error) = await site.RunAsync("check");
        Assert.Equal(0, code);
        Assert.Matches(@"vsmtp\.toml:\d+:\d+: warning: server\.virtual\.""d\.example\.org""\.tls: \S+d\.example\.org\.crt has expired on 20", error);
        Assert.DoesNotContain("mx.example.com.crt has expired", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_certificate_nothing_listens_where_TLS_comes_first()
    {
        await using var site = await RunningSite.StartAsync("#{}");
        await site.Server.StopAsync();
        var port = FreePorts.Take(1)[0];
        site.Server.Settings.Add($"server.interfaces.addr_submissions=[\"127.0.0.1:{port}\"]");
        await site.Server.StartAsync();
        Assert.Contains(
            "server.interfaces.addr_submissions needs [server.tls]: without it no connection succeeds", site.Server.Said, StringComparison.Ordinal);
        Assert.DoesNotContain($"listening on 127.0.0.1:{port}", site.Server.Said, StringComparison.Ordinal);
    }
}
