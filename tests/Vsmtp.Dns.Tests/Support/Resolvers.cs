using System.Net;

namespace Vsmtp.Dns.Tests.Support;

/// <summary>Resolvers that ask the servers of a test, and know no hosts file of the machine.</summary>
internal static class Resolvers
{
    /// <summary>Longer than any test: what it ends has failed.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static DnsResolverOptions Options(params IPEndPoint[] servers) => new()
    {
        Servers = [.. servers],
        Timeout = Patience,
        Attempts = 1,
        MaxConcurrentRequests = 1,
        UseHostsFile = false,
    };

    public static DnsResolver Of(ScriptedDnsServer server, TimeProvider? time = null) => new(Options(server.Address), time);

    public static T Is<T>(object? answer)
        where T : class => answer as T ?? throw new Xunit.Sdk.XunitException($"Expected {typeof(T).Name}, was {answer}");

    public static IPAddress[] Addresses(DnsLookup<IPAddress> lookup) => [.. Is<DnsLookup<IPAddress>.Found>(lookup).Values];
}
