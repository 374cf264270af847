using System.Collections.Immutable;
using Vsmtp.Delivery.Work;
using Vsmtp.Dns;
using Vsmtp.Mail.Addresses;

namespace Vsmtp.Delivery.Exchanges;

/// <summary>Finds who takes mail for a domain, and in which order they are to be tried (RFC 5321 §5.1).</summary>
/// <param name="ownName">This server's: mail that it would hand to itself goes round for ever.</param>
internal sealed class ExchangeFinder(IDnsResolver resolver, string ownName)
{
    /// <param name="domain">A name, or an address literal with its brackets.</param>
    public async Task<ExchangeList> FindAsync(string domain, CancellationToken cancellationToken)
    {
        if (AddressLiteral.TryParse(domain, out var address)) return new ExchangeList.Hosts([address.ToString()]);
        return await resolver.LookupMxAsync(domain, cancellationToken).ConfigureAwait(false) switch
        {
            MxLookup.Found found => OrderOf(domain, found.Exchanges),
            MxLookup.NoData => IsOwn(domain) ? Loop(domain) : new ExchangeList.Hosts([domain]),
            MxLookup.NullMx => None(Refusal.ForGood("5.1.10", $"{domain} takes no mail: it has a null MX (RFC 7505)")),
            MxLookup.NoSuchName => None(Refusal.ForGood("5.1.2", $"there is no domain {domain}")),
            MxLookup.FailedForNow failed => None(Refusal.ForNow("4.4.3", $"who takes mail for {domain} could not be looked up: {failed.Detail}")),
            var unknown => throw new InvalidOperationException($"Unknown answer {unknown}."),
        };
    }

    /// <summary>By preference, those of the same one mixed; where we are one of them, only those before us.</summary>
    private ExchangeList OrderOf(string domain, ImmutableArray<MailExchange> exchanges)
    {
        var own = exchanges.Where(exchange => IsOwn(exchange.Host.ToString())).Select(static exchange => (int?)exchange.Preference).Min();
        var names = exchanges
            .Where(exchange => own is null || exchange.Preference < own)
            .GroupBy(static exchange => exchange.Preference)
            .OrderBy(static group => group.Key)
            .SelectMany(static group => Mixed([.. group.Select(static exchange => exchange.Host.ToString())]))
            .ToImmutableArray();
        return names.IsEmpty ? Loop(domain) : new ExchangeList.Hosts(names);
    }

    private bool IsOwn(string host) => host.TrimEnd('.').Equals(ownName, StringComparison.OrdinalIgnoreCase);

    private static ExchangeList.None Loop(string domain) => None(Refusal.ForGood(
        "5.4.6", $"by DNS this server takes mail for {domain} itself, and its rules have no place for it: the mail would come back for ever"));

    private static ExchangeList.None None(Refusal refusal) => new(refusal);

    private static string[] Mixed(string[] hosts)
    {
        Random.Shared.Shuffle(hosts);
        return hosts;
    }
}
