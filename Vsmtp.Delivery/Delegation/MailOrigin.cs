using System.Net;
using Vsmtp.Contracts.Mail;
using Vsmtp.Mail.Addresses;
using Vsmtp.Smtp.Commands;

namespace Vsmtp.Delivery.Delegation;

/// <summary>What a service is told with XFORWARD: the client's end of the connection over which the mail came to us, and our id of it.</summary>
internal static class MailOrigin
{
    /// <summary>The client's host name is not known: nobody looks it up.</summary>
    public static XForwardAttributes Of(string mailId, MailEnvelope envelope)
    {
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

    /// <summary>The envelope has a literal without its brackets.</summary>
    private static string? HeloOf(MailEnvelope envelope) =>
        envelope.Helo.Length == 0 ? null
        : AddressLiteral.TryParse($"[{envelope.Helo}]", out var ipv4) ? AddressLiteral.Format(ipv4)
        : AddressLiteral.TryParse($"[IPv6:{envelope.Helo}]", out var ipv6) ? AddressLiteral.Format(ipv6)
        : envelope.Helo;
}
