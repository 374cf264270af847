using System.Collections.Immutable;
using System.Net;
using Vsmtp.Configuration.Options;
using Vsmtp.Smtp.Replies;

namespace Vsmtp.Gateway.Rates;

/// <summary>Holds clients, and the networks that they are in, to the rates of <c>[server.smtp.rates]</c>. Thread-safe; of this process.</summary>
internal sealed class ClientPaces(RateOptions options, TimeProvider time)
{
    /// <summary>In place of the greeting (RFC 5321 §3.8; RFC 3463 §3.8: X.7.0).</summary>
    public static SmtpReply TooManyConnections { get; } = new(421, "4.7.0", "Too many connections from you for now, come again later");

    public static SmtpReply TooManyMails { get; } = new(450, "4.7.1", "Too many mails from you for now, come again later");

    public static SmtpReply TooManyRecipients { get; } = new(450, "4.7.1", "Too many recipients from you for now, come again later");

    private readonly ImmutableArray<RateTable?> _connections = Tables(options, static rates => rates.Connections, time);
    private readonly ImmutableArray<RateTable?> _mails = Tables(options, static rates => rates.Mails, time);
    private readonly ImmutableArray<RateTable?> _recipients = Tables(options, static rates => rates.Recipients, time);

    public bool TryConnect(IPAddress client) => TryTake(_connections, client);

    public bool TryMail(IPAddress client) => TryTake(_mails, client);

    public bool TryRecipient(IPAddress client) => TryTake(_recipients, client);

    /// <summary>The client's first, the network's second: what a client is refused is not counted against its neighbours.</summary>
    private bool TryTake(ImmutableArray<RateTable?> tables, IPAddress client)
    {
        if (tables is [null, null]) return true;
        foreach (var range in options.Exempt)
        {
            if (range.Contains(client)) return true;
        }

        return tables[0]?.TryTake(ClientPlace.Of(client)) != false && tables[1]?.TryTake(ClientPlace.NetworkOf(client)) != false;
    }

    private static ImmutableArray<RateTable?> Tables(RateOptions options, Func<ClientRates, ClientRate?> of, TimeProvider time) =>
        [Table(of(options.Client), time), Table(of(options.Network), time)];

    private static RateTable? Table(ClientRate? rate, TimeProvider time) => rate is null ? null : new RateTable(rate.Count, rate.Per, time);
}
