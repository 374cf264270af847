using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Vsmtp.Dns.Messages;

namespace Vsmtp.Dns.Resolving;

/// <summary>Both families of a host's addresses made one answer.</summary>
internal static class AddressLookup
{
    public static async ValueTask<DnsLookup<IPAddress>> RunAsync(IDnsResolver resolver, string host, CancellationToken cancellationToken)
    {
        if (TryReadAddress(host, out var literal)) return new DnsLookup<IPAddress>.Found([literal], TimeSpan.Zero);
        var order = resolver.AddressOrder;
        if (order == DnsAddressOrder.Ipv4Only) return await AskAsync(resolver, host, DnsType.A, cancellationToken).ConfigureAwait(false);
        if (order == DnsAddressOrder.Ipv6Only) return await AskAsync(resolver, host, DnsType.Aaaa, cancellationToken).ConfigureAwait(false);
        var v4 = AskAsync(resolver, host, DnsType.A, cancellationToken);
        var v6 = AskAsync(resolver, host, DnsType.Aaaa, cancellationToken);
        var both = await Task.WhenAll(v4, v6).ConfigureAwait(false);
        return order == DnsAddressOrder.Ipv6thenIpv4 ? Join(both[1], both[0], byTurns: false)
            : Join(both[0], both[1], byTurns: order == DnsAddressOrder.Ipv4AndIpv6);
    }

    // "127.1" and "1" are addresses to IPAddress, and names to everybody else.
    private static bool TryReadAddress(string host, out IPAddress address) => IPAddress.TryParse(host, out address!)
        && (address.AddressFamily == AddressFamily.InterNetworkV6 ? !host.StartsWith('[') : address.ToString() == host);

    private static async Task<DnsLookup<IPAddress>> AskAsync(
        IDnsResolver resolver, string host, DnsType type, CancellationToken cancellationToken)
    {
        var answer = await resolver.QueryAsync(host, type, cancellationToken).ConfigureAwait(false);
        return DnsLookups.Shape(answer, record => record is DnsRecord.A a ? a.Address : ((DnsRecord.Aaaa)record).Address);
    }

    private static DnsLookup<IPAddress> Join(DnsLookup<IPAddress> first, DnsLookup<IPAddress> second, bool byTurns)
    {
        if (first is DnsLookup<IPAddress>.Found one && second is DnsLookup<IPAddress>.Found other)
        {
            return new DnsLookup<IPAddress>.Found(
                byTurns ? ByTurns(one.Values, other.Values) : [.. one.Values, .. other.Values], DnsTtl.Shorter(one.Ttl, other.Ttl))
            {
                IsAuthenticated = one.IsAuthenticated && other.IsAuthenticated,
            };
        }

        // Found before failed before "none": a failure may hide addresses. A name that does not exist has none of either family.
        return Rank(first) <= Rank(second) ? first : second;
    }

    private static int Rank(DnsLookup<IPAddress> lookup) => lookup switch
    {
        DnsLookup<IPAddress>.Found => 0,
        DnsLookup<IPAddress>.FailedForNow => 1,
        DnsLookup<IPAddress>.NoData => 2,
        _ => 3,
    };

    private static ImmutableArray<IPAddress> ByTurns(ImmutableArray<IPAddress> first, ImmutableArray<IPAddress> second)
    {
        var both = ImmutableArray.CreateBuilder<IPAddress>(first.Length + second.Length);
        for (var i = 0; i < Math.Max(first.Length, second.Length); i++)
        {
            if (i < first.Length) both.Add(first[i]);
            if (i < second.Length) both.Add(second[i]);
        }

        return both.ToImmutable();
    }
}
