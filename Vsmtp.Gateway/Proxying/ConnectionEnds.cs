using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Vsmtp.Gateway.Proxying;

/// <summary>Who talks to whom. An IPv4 client of an IPv6 socket is an IPv4 client.</summary>
internal readonly record struct ConnectionEnds(IPEndPoint Client, IPEndPoint Server)
{
    /// <summary>The socket's own.</summary>
    public static ConnectionEnds Of(ConnectionContext connection) =>
        new(Plain(connection.RemoteEndPoint), Plain(connection.LocalEndPoint));

    public static IPEndPoint Plain(IPAddress address, int port) =>
        new(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, port);

    private static IPEndPoint Plain(EndPoint? end) =>
        end is IPEndPoint ip ? Plain(ip.Address, ip.Port) : new IPEndPoint(IPAddress.None, 0);
}
