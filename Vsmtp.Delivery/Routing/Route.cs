using Vsmtp.Delivery.Work;
using Vsmtp.Smtp.Client;

namespace Vsmtp.Delivery.Routing;

/// <summary>How one recipient is to be served. Equal routes go together.</summary>
internal abstract record Route
{
    private Route()
    {
    }

    public sealed record Smtp(SmtpDestination Destination) : Route;

    /// <summary>By the MX of a domain, or to an address literal.</summary>
    public sealed record Domain(string Name) : Route;

    public sealed record Maildir : Route;

    /// <summary>Not now or not at all, and why.</summary>
    public sealed record Nowhere(Refusal Refusal) : Route;
}
