using System.Collections.Frozen;
using Vsmtp.Dns;

namespace Vsmtp.Delivery.Exchanges;

/// <summary>Whom to ask about a domain: the site's resolver, or one that the domain has of its own (<c>server.virtual."d".dns</c>).</summary>
/// <param name="site">For all others.</param>
/// <param name="own">By domain, in lower case.</param>
public sealed class DnsResolvers(IDnsResolver site, IReadOnlyDictionary<string, IDnsResolver>? own = null) : IAsyncDisposable
{
    private readonly FrozenDictionary<string, IDnsResolver> _own =
        (own ?? new Dictionary<string, IDnsResolver>()).ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    public IDnsResolver Of(string domain) => _own.GetValueOrDefault(domain, site);

    public async ValueTask DisposeAsync()
    {
        foreach (var resolver in _own.Values.Append(site).Distinct().OfType<IAsyncDisposable>())
        {
            await resolver.DisposeAsync().ConfigureAwait(false);
        }
    }
}
