using System.Collections.Immutable;
using System.Net;
using Vsmtp.Smtp.Replies;
using Vsmtp.Smtp.Server;

namespace Vsmtp.Gateway;

/// <summary>What the gateway is told about the site.</summary>
public sealed record GatewayOptions
{
    /// <summary>Where it listens: for clients, and for services that bring mails back.</summary>
    public ImmutableArray<IPEndPoint> Listeners { get; init; } = [];

    /// <summary>Whose connections begin with a PROXY protocol header, and are closed without one. Default: nobody's.</summary>
    public ImmutableArray<IPNetwork> Balancers { get; init; } = [];

    /// <summary>SMTP proxies of the site, which may say by XCLIENT for whom they speak. Default: none.</summary>
    public ImmutableArray<IPNetwork> XClientPeers { get; init; } = [];

    /// <summary>SMTP servers before ours, which may say by XFORWARD for the logs where a mail came from. Default: none.</summary>
    public ImmutableArray<IPNetwork> XForwardPeers { get; init; } = [];

    /// <summary>
    /// For the whole header of a balancer to come. It has it at hand when it connects, so that this is only for lost segments to be
    /// sent again, which take 3 s (PROXY protocol, section 2). Default: 5 s.
    /// </summary>
    public TimeSpan ProxyHeaderTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Connections of balancers at once whose header is yet to come; one more is closed. Counted for client listeners and for
    /// receivers apart, and apart from sessions, so that a balancer that says nothing shuts out nobody else. Default: 1000.
    /// </summary>
    public int MaxProxyHeadersAwaited { get; init; } = 1000;

    /// <summary>For clients.</summary>
    public SmtpServerOptions Smtp { get; init; } = new();

    /// <summary>Client connections at once; the next one is answered 421. Null: no bound. Default: 1000.</summary>
    public int? MaxClients { get; init; } = 1000;

    /// <summary>Connections of services at once, apart from clients so that these cannot shut services out. Default: 1000.</summary>
    public int MaxServices { get; init; } = 1000;

    /// <summary>What a connection too many is told, before it is closed (RFC 5321 §3.8).</summary>
    public SmtpReply TooManyConnections { get; init; } = SmtpReplies.TooManyConnections;

    /// <summary>How much larger than a client's a returned mail may be: services add headers and wrap mails. Default: 4 MiB.</summary>
    public long ReturnSlackBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Largest header section of a returned mail: what clients may have and what rules and services add. Below
    /// <see cref="Mail.Headers.HeaderBlock.MaxStoredBytes"/>. Default: 768 KiB.</summary>
    public int MaxReturnedHeaderBytes { get; init; } = 768 * 1024;

    /// <summary>Recipients of a returned mail, unless a client's may have more; rules make no envelope longer. Default: 10,000.</summary>
    public int MaxReturnedRecipients { get; init; } = 10_000;

    /// <summary>
    /// How long a mail, or a return, is offered again to a grain that gives no answer, before the outcome counts as unknown: longer than
    /// it takes a cluster to know that a silo is dead. Default: 15 s.
    /// </summary>
    public TimeSpan AnswerPatience { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Between two tries. Default: 500 ms.</summary>
    public TimeSpan AnswerPause { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long the store is then asked whether it has the mail, while a client waits 10 minutes (RFC 5321 §4.5.3.2.6). Default: 1 min.</summary>
    public TimeSpan SettleTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The process in histories: host name and number.</summary>
    public string Node { get; init; } = $"{Environment.MachineName}/{Environment.ProcessId}";
}
