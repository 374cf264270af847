using System.Collections.Immutable;
using System.Net;
using System.Text;
using Vsmtp.Dns.Messages;
using Vsmtp.Dns.Names;
using Vsmtp.Dns.Resolving;

namespace Vsmtp.Dns;

/// <summary>The questions that mail asks.</summary>
/// <remarks>
/// Names are as <see cref="DnsName.TryParse"/> takes them; one that DNS cannot carry is "no such name", since nobody can ever have it.
/// All throw <see cref="OperationCanceledException"/> as <see cref="IDnsResolver.QueryAsync"/> does, and nothing else.
/// </remarks>
public static class DnsLookups
{
    /// <summary>Records of any type.</summary>
    public static ValueTask<DnsAnswer> QueryAsync(
        this IDnsResolver resolver, string name, DnsType type, CancellationToken cancellationToken = default) =>
        DnsName.TryParse(name, out var parsed)
            ? resolver.QueryAsync(parsed, type, cancellationToken) : new ValueTask<DnsAnswer>(new DnsAnswer.NoSuchName());

    /// <summary>The addresses of a host, in the order of <see cref="IDnsResolver.AddressOrder"/>.</summary>
    /// <param name="host">A name, or an address as text, which is its own answer whatever the order says.</param>
    /// <remarks>
    /// If one family cannot be looked up for now, the other's addresses are the answer; "no data" takes both to have none.
    /// </remarks>
    public static ValueTask<DnsLookup<IPAddress>> LookupAddressesAsync(
        this IDnsResolver resolver, string host, CancellationToken cancellationToken = default) =>
        AddressLookup.RunAsync(resolver, host, cancellationToken);

    /// <summary>Who takes mail for a domain (RFC 5321 §5.1).</summary>
    public static async ValueTask<MxLookup> LookupMxAsync(
        this IDnsResolver resolver, string domain, CancellationToken cancellationToken = default)
    {
        var answer = await resolver.QueryAsync(domain, DnsType.Mx, cancellationToken).ConfigureAwait(false);
        MxLookup lookup = answer switch
        {
            DnsAnswer.Records records => OfMx(records),
            DnsAnswer.FailedForNow failed => new MxLookup.FailedForNow(failed.Detail),
            DnsAnswer.NoSuchName => new MxLookup.NoSuchName(),
            _ => new MxLookup.NoData(),
        };
        return lookup with { IsAuthenticated = answer.IsAuthenticated };
    }

    /// <summary>
    /// The texts of a name, one for each record: its strings joined without spaces (RFC 7208 §3.3, RFC 6376 §3.6.2.2), read as UTF-8.
    /// </summary>
    public static async ValueTask<DnsLookup<string>> LookupTxtAsync(
        this IDnsResolver resolver, string name, CancellationToken cancellationToken = default)
    {
        var answer = await resolver.QueryAsync(name, DnsType.Txt, cancellationToken).ConfigureAwait(false);
        return Shape(answer, record => JoinStrings((DnsRecord.Txt)record));
    }

    /// <summary>The names of an address (RFC 1035 §3.5), which anyone can claim: they are not checked forwards.</summary>
    public static async ValueTask<DnsLookup<DnsName>> LookupPtrAsync(
        this IDnsResolver resolver, IPAddress address, CancellationToken cancellationToken = default)
    {
        var answer = await resolver.QueryAsync(ReverseName.Of(address), DnsType.Ptr, cancellationToken).ConfigureAwait(false);
        return Shape(answer, record => ((DnsRecord.Ptr)record).Target);
    }

    /// <summary>The certificates that a TLS server on TCP may show (RFC 6698 §3, for SMTP RFC 7672 §2.2.3).</summary>
    /// <param name="port">1 to 65535.</param>
    /// <remarks>They mean nothing unless <see cref="DnsLookup{T}.IsAuthenticated"/>.</remarks>
    public static async ValueTask<DnsLookup<DnsRecord.Tlsa>> LookupTlsaAsync(
        this IDnsResolver resolver, string host, int port, CancellationToken cancellationToken = default)
    {
        if (!DnsName.TryParse(host, out var name) || !name.TryPrepend(DnsName.Parse($"_{port}._tcp"), out var service))
        {
            return new DnsLookup<DnsRecord.Tlsa>.NoSuchName();
        }

        var answer = await resolver.QueryAsync(service, DnsType.Tlsa, cancellationToken).ConfigureAwait(false);
        return Shape(answer, record => (DnsRecord.Tlsa)record);
    }

    internal static DnsLookup<T> Shape<T>(DnsAnswer answer, Func<DnsRecord, T> shape)
    {
        DnsLookup<T> lookup = answer switch
        {
            DnsAnswer.Records records => new DnsLookup<T>.Found([.. records.Values.Select(shape)], records.Ttl),
            DnsAnswer.FailedForNow failed => new DnsLookup<T>.FailedForNow(failed.Detail),
            DnsAnswer.NoSuchName => new DnsLookup<T>.NoSuchName(),
            _ => new DnsLookup<T>.NoData(),
        };
        return lookup with { IsAuthenticated = answer.IsAuthenticated };
    }

    // RFC 7505 §3 allows no other record beside a null MX; where there are some, it is the null one that is not heeded.
    private static MxLookup OfMx(DnsAnswer.Records records)
    {
        ImmutableArray<MailExchange> exchanges =
        [
            .. records.Values.Cast<DnsRecord.Mx>().Where(mx => !mx.Exchange.IsRoot).OrderBy(mx => mx.Preference)
                .Select(mx => new MailExchange(mx.Preference, mx.Exchange)),
        ];
        return exchanges.IsEmpty ? new MxLookup.NullMx() : new MxLookup.Found(exchanges, records.Ttl);
    }

    private static string JoinStrings(DnsRecord.Txt record)
    {
        // Joined first: a character may begin in one string and end in the next.
        var octets = new byte[record.Strings.Sum(part => part.Length)];
        var written = 0;
        foreach (var part in record.Strings)
        {
            part.Span.CopyTo(octets.AsSpan(written));
            written += part.Length;
        }

        return Encoding.UTF8.GetString(octets);
    }
}
