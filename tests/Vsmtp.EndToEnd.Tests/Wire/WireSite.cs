using System.Net;
using Vsmtp.EndToEnd.Tests.Secured;
using Vsmtp.EndToEnd.Tests.Support;
using Vsmtp.Smtp.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Wire;

/// <summary>Where a client can come in, or a service come back.</summary>
public enum Door
{
    Client,
    Submission,
    StartTls,
    TlsFirst,
    Receiver,
}

/// <summary>A server with every kind of door, to whose clients errors cost nothing. All mails go to the service, which keeps them.</summary>
public sealed class WireSite : RunningSite
{
    private const string Name = "mx.example.com";

    private readonly SiteCertificates _certificates;
    private readonly int[] _ports = FreePorts.Take(2);

    public WireSite()
        : base(OneDelegation, """return_deadline: "1h",""", timeout: "60s", extraToml: $"""
            [server.smtp.error]
            soft_count = -1
            hard_count = -1
            delay = "1s"
            [server.tls]
            security_level = "May"
            protocol_version = "^TLSv1.2"
            handshake_timeout = "30s"
            certificate = "{Name}.crt"
            private_key = "{Name}.key"
            """)
    {
        _certificates = new SiteCertificates(Site.Folder);
        _certificates.Write(Name);
        Server.Settings.Add($"server.interfaces.addr_submission=[\"127.0.0.1:{_ports[0]}\"]");
        Server.Settings.Add($"server.interfaces.addr_submissions=[\"127.0.0.1:{_ports[1]}\"]");
    }

    /// <summary>A client that was greeted and has introduced itself.</summary>
    internal async Task<TlsClient> OpenAsync(Door door)
    {
        var port = door switch { Door.Submission => _ports[0], Door.TlsFirst => _ports[1], Door.Receiver => Site.ReceiverPort, _ => Site.ClientPort };
        var client = await TlsClient.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
        if (door == Door.TlsFirst) await client.SecureAsync();
        Assert.StartsWith("220", await client.ReadReplyAsync());
        if (door == Door.StartTls)
        {
            Assert.StartsWith("220", await client.AskAsync("STARTTLS"));
            await client.SecureAsync();
        }

        Assert.StartsWith("250", await client.AskAsync("EHLO client.example.org"));
        return client;
    }

    /// <summary>Waits for so many mails to have come to the service.</summary>
    internal async Task<ReceivedMail[]> DelegatedAsync(int count)
    {
        await Patience.UntilAsync(() => Service.Mails.Count >= count, $"{count} mails at the service", () => $"{Service.Mails.Count}");
        return [.. Service.Mails];
    }

    public override async ValueTask DisposeAsync()
    {
        _certificates.Dispose();
        await base.DisposeAsync();
    }
}
