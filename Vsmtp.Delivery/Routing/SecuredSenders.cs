using System.Collections.Immutable;

namespace Vsmtp.Delivery.Routing;

/// <summary>Whose mail does not leave in clear.</summary>
/// <param name="domains">As <see cref="DeliveryOptions.SecuredSenders"/>.</param>
internal sealed class SecuredSenders(ImmutableHashSet<string> domains)
{
    /// <param name="sender">A reverse path without brackets; the null path is nobody's.</param>
    public bool Include(string sender) => domains.Contains(sender[(sender.LastIndexOf('@') + 1)..]);
}
