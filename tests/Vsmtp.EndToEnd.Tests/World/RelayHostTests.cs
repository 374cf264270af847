using System.Text;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.World;

/// <summary>All mail goes to a real Postfix that wants a password, which its Dovecot knows, and shows a certificate for localhost.</summary>
public sealed class RelayHostTests : IAsyncLifetime
{
    private const string User = "john@sender.example";
    private const string Password = "s3cr3t/of a relay";

    private readonly int[] _ports = FreePorts.Take(2);
    private SaslDaemon _sasl = null!;
    private Postfix _postfix = null!;
    private ScriptedServer _behind = null!;
    private TestSite _site = null!;

    public async ValueTask InitializeAsync()
    {
        Postfix.RequireInstalled();
        SaslDaemon.RequireInstalled();
        _site = new TestSite();
        _behind = new ScriptedServer(_ports[1]);
        _sasl = await SaslDaemon.StartAsync(User, Password);
        _postfix = await Postfix.StartAsync("localhost", [$"127.0.0.1:{_ports[0]}"], $"""
            mynetworks =
            smtpd_sasl_auth_enable = yes
            smtpd_sasl_type = dovecot
            smtpd_sasl_path = {_sasl.Socket}
            smtpd_sasl_authenticated_header = yes
            smtpd_tls_auth_only = yes
            smtpd_relay_restrictions = permit_sasl_authenticated, reject
            smtpd_recipient_restrictions = permit_sasl_authenticated, reject
            default_transport = smtp:[127.0.0.1]:{_ports[1]}
            """, withCertificate: true);
    }

    public async ValueTask DisposeAsync()
    {
        if (_postfix is not null) await _postfix.DisposeAsync();
        if (_sasl is not null) await _sasl.DisposeAsync();
        if (_behind is not null) await _behind.DisposeAsync();
        _site?.Dispose();
    }

    private async Task<ServerProcess> StartAsync(string host, string password, string tls)
    {
        var url = $"smtp://{Uri.EscapeDataString(User)}:{Uri.EscapeDataString(password)}@{host}:{_ports[0]}?tls={tls}";
        var text = await File.ReadAllTextAsync(_site.ConfigFile);
        _site.Write("vsmtp.toml", text
            .Replace($"relayhost = \"127.0.0.1:{_site.RelayPort}\"", $"relayhost = \"{url}\"", StringComparison.Ordinal)
            .Replace("level = [\"info\"]", "level = [\"trace\"]", StringComparison.Ordinal));
        var server = new ServerProcess(_site) { Variables = { ["SSL_CERT_FILE"] = _postfix.CertificateFile } };
        await server.StartAsync();
        return server;
    }

    private Task<string> SendAsync() => RawSmtp.SendOneAsync(_site.ClientPort, Messages.Clean(), User, ["jane@far.example"]);

    [Fact]
    public async Task Postfix_proves_its_name_believes_the_password_and_takes_the_mail()
    {
        await using var server = await StartAsync("localhost", Password, "verify");
        var delivered = await server.WaitForAsync(await SendAsync(), "delivered");
        Assert.Contains($"localhost:{_ports[0]}", Assert.Single(delivered.Recipients).Result, StringComparison.Ordinal);
        await Patience.UntilAsync(() => !_behind.Mails.IsEmpty, "the mail behind Postfix", () => _postfix.Log);
        var trace = Assert.Single(_behind.Mails).Header("Received")!;
        Assert.Matches(@"\(using TLSv1\.[23] with cipher ", trace);
        Assert.Contains($"(Authenticated sender: {User})", trace, StringComparison.Ordinal);
        Assert.Contains("sasl_method=PLAIN", _postfix.Log, StringComparison.Ordinal);
        await AssertNowhereAsync(server, delivered.Mail.Id, Password);
    }

    [Fact]
    public async Task A_relay_host_whose_certificate_is_for_another_name_gets_neither_mail_nor_password()
    {
        await using var server = await StartAsync("127.0.0.1", Password, "verify");
        var deferred = await server.WaitForAsync(await SendAsync(), "deferred");
        Assert.Contains(
            $"127.0.0.1:{_ports[0]}: TLS failed: its certificate does not prove its name: RemoteCertificateNameMismatch", deferred.Mail.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("sasl_", _postfix.Log, StringComparison.Ordinal);
        Assert.Empty(_behind.Mails);
    }

    [Fact]
    public async Task A_wrong_password_holds_mail_up_with_the_answer_and_is_shown_nowhere()
    {
        const string wrong = "anoth3r/of a relay";
        await using var server = await StartAsync("localhost", wrong, "required");
        var deferred = await server.WaitForAsync(await SendAsync(), "deferred");
        Assert.Contains("name and password were refused with 535", deferred.Mail.Reason, StringComparison.Ordinal);
        Assert.Contains("SASL PLAIN authentication failed", _postfix.Log, StringComparison.Ordinal);
        await AssertNowhereAsync(server, deferred.Mail.Id, wrong);
    }

    /// <summary>Not in what the program says, shows and keeps.</summary>
    private async Task AssertNowhereAsync(ServerProcess server, string id, string password)
    {
        var shown = new List<string> { server.Said };
        foreach (var command in new string[][] { ["check"], ["queue", "show", id], ["queue", "show", id, "--json"], ["queue", "list", "--json"] })
        {
            var (_, output, error) = await ServerProcess.RunAsync([.. command, "-c", _site.ConfigFile]);
            shown.Add(output + error);
        }

        Assert.Equal(0, await server.StopAsync());
        var kept = Directory.EnumerateFiles(_site.Folder, "*", SearchOption.AllDirectories).Where(file => file != _site.ConfigFile).ToArray();
        Assert.Contains(kept, file => file.EndsWith("vsmtp.db", StringComparison.Ordinal));
        Assert.Contains(kept, file => Path.GetFileName(file).StartsWith("vsmtp2", StringComparison.Ordinal) && new FileInfo(file).Length > 0);
        shown.AddRange(kept.Select(file => Encoding.Latin1.GetString(File.ReadAllBytes(file))));
        string[] forms = [password, Uri.EscapeDataString(password), Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{User}\0{password}"))];
        Assert.All(shown, text => Assert.All(forms, form => Assert.DoesNotContain(form, text, StringComparison.Ordinal)));
    }
}
