using System.Net;
using Vsmtp.Contracts.Mail;
using Vsmtp.Delivery.Work;
using Vsmtp.Mail.Addresses;
using Vsmtp.Mail.Transfer;
using Vsmtp.Smtp.Client;

namespace Vsmtp.Delivery.Routing;

/// <summary>Chooses the route of a recipient from its transport and the site's settings.</summary>
internal sealed class RouteTable(DeliveryOptions options)
{
    public Route Find(MailRecipient recipient) => recipient.Transport switch
    {
        TransportKind.Deliver when options.RelayHost is null => FindDomain(recipient.Address),
        TransportKind.Deliver => FindRelay(options.RelayHost),
        TransportKind.Forward => FindSmtp(recipient.Target ?? "", "the target of forward"),
        TransportKind.Maildir => new Route.Maildir(),
        TransportKind.Mbox => new Route.Mbox(),
        TransportKind.None => new Route.Nowhere(Refusal.ForGood("5.7.1", "the rules turned delivery to this recipient off")),
        _ => throw new InvalidOperationException($"Unknown transport {recipient.Transport}."),
    };

    /// <summary>Named by its address, or as localhost: what goes there crosses no wire.</summary>
    public static bool IsThisMachine(string host) =>
        IPAddress.TryParse(host, out var address) ? IPAddress.IsLoopback(address) : host.Equals("localhost", StringComparison.OrdinalIgnoreCase);

    /// <summary>In clear, unless the mail of some may not leave so.</summary>
    private Route FindRelay(string relay)
    {
        var route = FindSmtp(relay, "server.delivery.relayhost");
        return route is Route.Smtp smtp && !options.SecuredSenders.IsEmpty && !IsThisMachine(smtp.Destination.Host)
            ? smtp with { Tls = new SmtpTls(TlsLevel.May) }
            : route;
    }

    private static Route FindDomain(string address) => MailAddress.TryParse(address, out var read)
        ? new Route.Domain(read.Domain)
        : new Route.Nowhere(Refusal.ForGood("5.1.3", "5.1.3 it is no mail address"));

    /// <summary>Deferred, not failed: an operator can put it right, and the mail is not to blame.</summary>
    private static Route FindSmtp(string text, string what)
    {
        if (ForwardUrl.TryParse(text, out var url, out var fault))
        {
            return new Route.Smtp(
                new SmtpDestination(url.Host, url.Port), url.Protocol, new SmtpTls(url.Tls) { IsFirst = url.IsTlsFirst },
                url.Credentials is var (user, password) ? new SmtpCredentials(user, password) : null);
        }

        if (text.Contains(ForwardUrl.Mark, StringComparison.Ordinal))
        {
            return new Route.Nowhere(Refusal.ForNow("4.3.5", $"'{ForwardUrl.WithoutSecrets(text)}', {what}: {fault}"));
        }

        return SmtpDestination.TryParse(text, out var destination)
            ? new Route.Smtp(destination, TransferProtocol.Smtp, SmtpTls.None, Credentials: null)
            : new Route.Nowhere(Refusal.ForNow("4.3.5", $"'{text}', {what}, is neither host, address nor address:port"));
    }
}
