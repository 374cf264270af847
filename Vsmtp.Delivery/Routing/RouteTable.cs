using Vsmtp.Contracts.Mail;
using Vsmtp.Delivery.Work;
using Vsmtp.Mail.Addresses;
using Vsmtp.Mail.Transfer;
using Vsmtp.Smtp.Client;

namespace Vsmtp.Delivery.Routing;

/// <summary>Chooses the route of a recipient from its transport and the site's settings.</summary>
internal sealed class RouteTable(DeliveryOptions options, SecuredSenders secured)
{
    /// <param name="sender">The mail's reverse path.</param>
    public Route Find(MailRecipient recipient, string sender) => recipient.Transport switch
    {
        TransportKind.Deliver when options.RelayHost is { } relay => FindRelay(relay, sender),
        TransportKind.Deliver => FindDomain(recipient.Address),
        TransportKind.Forward => FindForward(recipient.Target ?? ""),
        TransportKind.Maildir => new Route.Maildir(),
        TransportKind.Mbox => new Route.Mbox(),
        TransportKind.None => new Route.Nowhere(Refusal.ForGood("5.7.1", "the rules turned delivery to this recipient off")),
        _ => throw new InvalidOperationException($"Unknown transport {recipient.Transport}."),
    };

    /// <summary>Mail that may not leave in clear has TLS tried, whatever the relay's URL says.</summary>
    private Route.Smtp FindRelay(ForwardUrl relay, string sender)
    {
        var route = Of(relay);
        return relay.Tls is TlsLevel.None && secured.Include(sender) && !ThisMachine.IsNamedBy(relay.Host)
            ? route with { Tls = route.Tls with { Level = TlsLevel.May } }
            : route;
    }

    private static Route FindDomain(string address) => MailAddress.TryParse(address, out var read)
        ? new Route.Domain(read.Domain)
        : new Route.Nowhere(Refusal.ForGood("5.1.3", "5.1.3 it is no mail address"));

    /// <summary>Deferred, not failed: an operator can put it right, and the mail is not to blame.</summary>
    private Route FindForward(string target)
    {
        if (ForwardUrl.TryParse(target, out var url, out var fault)) return Of(url);
        if (target.Contains(ForwardUrl.Mark, StringComparison.Ordinal))
        {
            return new Route.Nowhere(Refusal.ForNow("4.3.5", $"'{ForwardUrl.WithoutSecrets(target)}', the target of forward: {fault}"));
        }

        return SmtpDestination.TryParse(target, out var destination)
            ? new Route.Smtp(destination, TransferProtocol.Smtp, SmtpTls.None, Credentials: null)
            : new Route.Nowhere(Refusal.ForNow("4.3.5", $"'{target}', the target of forward, is neither host, address nor address:port"));
    }

    private Route.Smtp Of(ForwardUrl url) => new(
        new SmtpDestination(url.Host, url.Port), url.Protocol, new SmtpTls(url.Tls, options.WorldAuthorities) { IsFirst = url.IsTlsFirst },
        url.Credentials is var (user, password) ? new SmtpCredentials(user, password) : null);
}
