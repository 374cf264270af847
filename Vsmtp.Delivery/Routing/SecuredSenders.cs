using System.Collections.Immutable;
using Vsmtp.Dns.Names;

namespace Vsmtp.Delivery.Routing;

/// <summary>Whose mail does not leave in clear.</summary>
/// <param name="domains">As <see cref="DeliveryOptions.SecuredSenders"/>.</param>
internal sealed class SecuredSenders(ImmutableHashSet<string> domains)
{
    /// <param name="sender">A reverse path without brackets, its domain in whatever alphabet; the null path is nobody's.</param>
    public bool Include(string sender)
    {
        if (domains.IsEmpty) return false;
        var domain = sender[(sender.LastIndexOf('@') + 1)..];
        return domains.Contains(DnsName.TryParse(domain, out var name) ? name.ToString() : domain);
    }
}
