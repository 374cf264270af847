using Vsmtp.Delivery.Work;
using Vsmtp.Mail.Transfer;
using Vsmtp.Smtp.Client;

namespace Vsmtp.Delivery.Routing;

/// <summary>How one recipient is to be served. Equal routes go together.</summary>
internal abstract record Route
{
    private Route()
    {
    }

    /// <summary>To a server that was named.</summary>
    public sealed record Smtp(SmtpDestination Destination, TransferProtocol Protocol, SmtpTls Tls, SmtpCredentials? Credentials) : Route;

    /// <summary>By the MX of a domain, or to an address literal.</summary>
    public sealed record Domain(string Name) : Route;

    public sealed record Maildir : Route;

    public sealed record Mbox : Route;

    /// <summary>Not now or not at all, and why.</summary>
    public sealed record Nowhere(Refusal Refusal) : Route;
}
