using System.Collections.Immutable;
using Vsmtp.Delivery.Work;

namespace Vsmtp.Delivery.Exchanges;

/// <summary>Who takes mail for a domain.</summary>
internal abstract record ExchangeList
{
    private ExchangeList()
    {
    }

    /// <param name="Names">Hosts, or an address as text, in the order in which they are to be tried; at least one.</param>
    public sealed record Hosts(ImmutableArray<string> Names) : ExchangeList;

    /// <summary>Nobody, or nobody could say.</summary>
    public sealed record None(Refusal Refusal) : ExchangeList;
}
