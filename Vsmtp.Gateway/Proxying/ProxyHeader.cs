using System.Net;

namespace Vsmtp.Gateway.Proxying;

/// <summary>What a balancer says of a connection that it makes (PROXY protocol).</summary>
internal abstract record ProxyHeader
{
    private ProxyHeader() { }

    /// <summary>It is a client's, come to the balancer at <paramref name="Server"/>. IPv4-mapped addresses are IPv4.</summary>
    public sealed record Relayed(IPEndPoint Client, IPEndPoint Server) : ProxyHeader;

    /// <summary>It is the balancer's own, such as a health check, or it does not tell whose: the real ends count.</summary>
    public sealed record Own : ProxyHeader
    {
        public static readonly Own Instance = new();

        private Own() { }
    }

    /// <summary>It is no header that we take; the connection is to be closed.</summary>
    /// <param name="Why">For the log.</param>
    public sealed record Refused(string Why) : ProxyHeader;
}
