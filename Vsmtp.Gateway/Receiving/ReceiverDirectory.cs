using System.Collections.Immutable;
using System.Net;
using Vsmtp.Mail.Delegation;
using Vsmtp.Rules;

namespace Vsmtp.Gateway.Receiving;

/// <summary>Which of our listeners are receivers, and of which services: those of the present rule set and of every set that a mail sleeps under.</summary>
internal sealed class ReceiverDirectory(RuleSetCatalog ruleSets)
{
    /// <summary>The services that bring mails back to this address of ours; empty: it is for clients.</summary>
    public ImmutableArray<SmtpServiceSettings> ServicesAt(IPEndPoint local) =>
        [.. ruleSets.Services.Where(service => IsAt(service, local))];

    private static bool IsAt(SmtpServiceSettings service, IPEndPoint local) =>
        IPEndPoint.TryParse(service.Receiver, out var receiver) && receiver.Port == local.Port
        && (receiver.Address.Equals(local.Address) || receiver.Address.Equals(IPAddress.Any) || receiver.Address.Equals(IPAddress.IPv6Any));
}
