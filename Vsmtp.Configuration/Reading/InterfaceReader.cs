using System.Collections.Immutable;
using System.Net;
using Vsmtp.Configuration.Options;

namespace Vsmtp.Configuration.Reading;

/// <summary>Reads <c>[server.interfaces]</c>.</summary>
internal static class InterfaceReader
{
    private static readonly string[] Keys = ["addr", "addr_submission", "addr_submissions"];

    public static InterfaceOptions Read(TableReader interfaces, bool hasTls)
    {
        if (!interfaces.IsGiven)
        {
            return new();
        }

        var lists = Keys.Select(k => interfaces.List(k, ImmutableArray<IPEndPoint>.Empty, SocketAddress.TryParse, SocketAddress.Expected)).ToArray();
        CheckOnce(interfaces, lists);
        if (lists[2].Length > 0 && !hasTls)
        {
            interfaces.Warning("addr_submissions", "needs [server.tls]: without it no connection succeeds");
        }

        var balancers = ReadBalancers(interfaces, hasListener: lists.Any(list => list.Length > 0));
        var proxies = ReadPeers(interfaces, "xclient", "whoever connects from there may say that he is anybody");
        var tellers = ReadPeers(interfaces, "xforward", "whoever connects from there may have the logs say that his mail came from anywhere");
        interfaces.Close();
        return new()
        {
            Addr = lists[0],
            AddrSubmission = lists[1],
            AddrSubmissions = lists[2],
            Balancers = balancers,
            XClient = proxies,
            XForward = tellers,
        };
    }

    /// <param name="danger">Of a range that has everybody in it.</param>
    private static ImmutableArray<IPNetwork> ReadPeers(TableReader interfaces, string key, string danger)
    {
        var peers = interfaces.List(key, ImmutableArray<IPNetwork>.Empty, AddressRange.TryParse, AddressRange.Expected);
        foreach (var all in peers.Where(range => range.PrefixLength == 0)) interfaces.Warning(key, $"has {all}: {danger}");
        return peers;
    }

    private static ImmutableArray<IPNetwork> ReadBalancers(TableReader interfaces, bool hasListener)
    {
        var balancers = ReadPeers(interfaces, "balancers", "whoever connects from there says himself who he is, and nobody is served who does not");
        if (balancers.Length > 0 && !hasListener && !interfaces.HasFault)
        {
            interfaces.Warning("balancers", "is of no use without a listener: when the table is given, a list that it lacks is empty");
        }

        return balancers;
    }

    private static void CheckOnce(TableReader interfaces, ImmutableArray<IPEndPoint>[] lists)
    {
        var seen = new Dictionary<IPEndPoint, string>();
        foreach (var (key, address) in Keys.Zip(lists).SelectMany(k => k.Second, (k, address) => (k.First, address)))
        {
            if (address.Port != 0 && !seen.TryAdd(address, key))
            {
                interfaces.Error(key, $"has {address}, which is already in {interfaces.NameOf(seen[address])}");
            }
        }
    }
}
