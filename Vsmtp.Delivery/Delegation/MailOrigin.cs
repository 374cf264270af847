using System.Net;
using Vsmtp.Contracts.Mail;
using Vsmtp.Mail.Addresses;
using Vsmtp.Smtp.Commands;

namespace Vsmtp.Delivery.Delegation;

/// <summary>
/// What a service is told with XFORWARD: the client's end of the connection over which the mail came to us, and our id of it; where a server
/// before ours has told us more, what it has told, as Postfix does.
/// </summary>
internal static class MailOrigin
{
    /// <summary>The client's host name is not known: nobody looks it up.</summary>
    public static XForwardAttributes Of(string mailId, MailEnvelope envelope)
    {
        if (envelope.ToldOrigin is { } told) return Of(told) with { Identity = told.Identity ?? mailId };
        var client = IPEndPoint.TryParse(envelope.ClientAddress, out var end) ? end : null;
        return new XForwardAttributes
        {
            Address = client?.Address,
            Port = client?.Port,
            Protocol = envelope.Protocol,
            Helo = HeloOf(envelope),
            Identity = mailId,
            IsLocal = client is null,
        };
    }

    private static XForwardAttributes Of(ToldOrigin told) => new()
    {
        Name = told.Name,
        Address = IPAddress.TryParse(told.Address, out var address) ? address : null,
        Port = told.Port,
        Protocol = told.Protocol,
        Helo = told.Helo,
        IsLocal = told.IsLocal,
    };

    /// <summary>The envelope has a literal without its brackets.</summary>
    private static string? HeloOf(MailEnvelope envelope) =>
        envelope.Helo.Length == 0 ? null
        : AddressLiteral.TryParse($"[{envelope.Helo}]", out var ipv4) ? AddressLiteral.Format(ipv4)
        : AddressLiteral.TryParse($"[IPv6:{envelope.Helo}]", out var ipv6) ? AddressLiteral.Format(ipv6)
        : envelope.Helo;
}
