using System.Net;
using Vsmtp.Smtp.Commands;

namespace Vsmtp.Smtp.Server;

/// <summary>One connection, as its policy sees it.</summary>
/// <param name="id">Names the connection in logs.</param>
/// <param name="client">Where it comes from.</param>
/// <param name="server">Where it came in.</param>
/// <param name="connectedAt">When.</param>
public sealed class SmtpSessionInfo(string id, IPEndPoint client, IPEndPoint server, DateTimeOffset connectedAt)
{
    private bool _isSpokenFor;

    public string Id { get; } = id;

    /// <summary>Where the client is; after XCLIENT, whom the peer speaks for.</summary>
    public IPEndPoint Client { get; private set; } = client;

    /// <summary>Where the client came in.</summary>
    public IPEndPoint Server { get; private set; } = server;

    /// <summary>
    /// The peer is an SMTP proxy of the site: it may say, once, who the client is (Postfix XCLIENT_README). What comes then may be the client's own
    /// words. Default: false.
    /// </summary>
    public bool MaySpeakForOthers { get => field && !_isSpokenFor; init; }

    /// <summary>The peer may say for the logs where a mail first came from (Postfix XFORWARD_README). Default: false.</summary>
    public bool MayTellOrigin { get => field && !_isSpokenFor; init; }

    public DateTimeOffset ConnectedAt { get; } = connectedAt;

    /// <summary>The name of the last HELO or EHLO that was accepted; null before, and after STARTTLS.</summary>
    public SmtpHelo? Helo { get; internal set; }

    /// <summary>What was agreed on with the client; null: the connection is in clear.</summary>
    public SmtpTlsFacts? Tls { get; internal set; }

    /// <summary>Who the client has shown to be; null: it has not, or not since STARTTLS.</summary>
    public SmtpIdentity? Identity { get; internal set; }

    public bool IsSecured => Tls is not null;

    /// <summary>
    /// For a policy that is about to wait for long: until what it gives is disposed, the session's token is cancelled when the client goes away,
    /// although nothing is read from it. Null where that is known anyway.
    /// </summary>
    public Func<IDisposable>? Watch { get; init; }

    /// <summary>Where the client came in stays as it is unless it is told.</summary>
    internal void SpeakFor(XClientAttributes told)
    {
        _isSpokenFor = true;
        Client = new IPEndPoint(Plain(told.Address)!, told.Port ?? 0);
        Server = new IPEndPoint(Plain(told.ServerAddress) ?? Server.Address, told.ServerPort ?? Server.Port);
    }

    private static IPAddress? Plain(IPAddress? address) => address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;

    public override string ToString() => Id;
}
