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

        interfaces.Idle("addr_submissions");
        var lists = Keys.Select(k => interfaces.List(k, ImmutableArray<IPEndPoint>.Empty, SocketAddress.TryParse, SocketAddress.Expected)).ToArray();
        CheckOnce(interfaces, lists);
        if (lists[2].Length > 0 && !hasTls)
        {
            interfaces.Warning("addr_submissions", "needs [server.tls]: without it no connection succeeds");
        }

        interfaces.Close();
        return new() { Addr = lists[0], AddrSubmission = lists[1], AddrSubmissions = lists[2] };
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
