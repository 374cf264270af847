using System.Net;
using Vsmtp.EndToEnd.Tests.Support;
using Vsmtp.Smtp.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Secured;

/// <summary>A site with a certificate of its own, and one for <c>d.example.org</c>.</summary>
public sealed class TlsSite : RunningSite
{
    internal const string Usual = """
        security_level = "May"
        protocol_version = "^TLSv1.2"
        handshake_timeout = "30s"
        """;

    private const string Root = "mx.example.com";
    private const string Virtual = "d.example.org";

    private readonly int[] _ports = FreePorts.Take(2);

    public TlsSite()
        : this("#{}")
    {
    }

    /// <param name="keys">Of [server.tls], all but those of the files.</param>
    /// <param name="more">Of the configuration.</param>
    internal TlsSite(string rules, string keys = Usual, string more = "")
        : base(rules, extraToml: $"""
            [server.tls]
            {keys}
            certificate = "{Root}.crt"
            private_key = "{Root}.key"
            [server.virtual."{Virtual}".tls]
            protocol_version = "^TLSv1.2"
            certificate = "{Virtual}.crt"
            private_key = "{Virtual}.key"
            [server.virtual."plain.example.org"]
            {more}
            """)
    {
        Certificates = new SiteCertificates(Site.Folder);
        RootSerial = Certificates.Write(Root);
        Certificates.Write(Virtual);
        Server.Settings.Add($"server.interfaces.addr_submission=[\"127.0.0.1:{SubmissionPort}\"]");
        Server.Settings.Add($"server.interfaces.addr_submissions=[\"127.0.0.1:{SubmissionsPort}\"]");
    }

    internal SiteCertificates Certificates { get; }

    /// <summary>Of the certificate for clients that ask for no name, as the site was made.</summary>
    public string RootSerial { get; }

    /// <summary>Where users bring mails in, with STARTTLS.</summary>
    public int SubmissionPort => _ports[0];

    /// <summary>The same, where TLS comes first.</summary>
    public int SubmissionsPort => _ports[1];

    internal static async Task<TlsSite> StartAsync(string rules = "#{}", string keys = Usual, string more = "", params string[] settings)
    {
        var site = new TlsSite(rules, keys, more);
        site.Server.Settings.AddRange(settings);
        try
        {
            await site.InitializeAsync();
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    /// <summary>A client that is greeted, and has said STARTTLS and nothing else.</summary>
    /// <param name="port">0: where clients come.</param>
    internal async Task<TlsClient> OpenAsync(string name = "", int port = 0)
    {
        var client = await TlsClient.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port == 0 ? Site.ClientPort : port));
        Assert.StartsWith("220", await client.ReadReplyAsync(), StringComparison.Ordinal);
        Assert.Equal("220 2.0.0 TLS go ahead", await client.AskAsync("STARTTLS"));
        await client.SecureAsync(name);
        return client;
    }

    /// <summary>A client that is greeted where TLS comes first.</summary>
    internal async Task<TlsClient> OpenTlsFirstAsync()
    {
        var client = await TlsClient.ConnectAsync(new IPEndPoint(IPAddress.Loopback, SubmissionsPort));
        await client.SecureAsync();
        Assert.StartsWith("220", await client.ReadReplyAsync(), StringComparison.Ordinal);
        return client;
    }

    /// <summary>What <c>openssl s_client</c> prints of a session in which it says QUIT.</summary>
    /// <param name="port">0: where clients come, with STARTTLS. Else TLS comes first.</param>
    public Task<string> OpenSslAsync(int port = 0, params string[] options) => OpenSsl.SpeakAsync("QUIT\n", [
        "-connect", $"127.0.0.1:{(port == 0 ? Site.ClientPort : port)}", .. port == 0 ? new[] { "-starttls", "smtp" } : [],
        "-ign_eof", "-crlf", .. options]);

    public async Task ReloadAsync(string answer)
    {
        int Count() => Server.Said.Split(Environment.NewLine).Count(line => line.Contains(answer, StringComparison.Ordinal));
        var before = Count();
        Server.HangUp();
        await Patience.UntilAsync(() => Count() > before, $"the server says '{answer}'", () => Server.Said);
    }

    public override async ValueTask DisposeAsync()
    {
        Certificates.Dispose();
        await base.DisposeAsync();
    }
}
