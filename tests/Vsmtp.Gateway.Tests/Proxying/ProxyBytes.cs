using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Vsmtp.Gateway.Tests.Proxying;

/// <summary>PROXY protocol v2 headers as a balancer writes them, and as none should (PP §2.2).</summary>
internal static class ProxyBytes
{
    public const byte Proxy = 0x21;
    public const byte Local = 0x20;
    public const byte TcpOverIpv4 = 0x11;
    public const byte TcpOverIpv6 = 0x21;

    public static byte[] Signature => [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A];

    /// <summary>A health check's, without anything.</summary>
    public static byte[] Check => Of(Local, 0x00);

    /// <summary>A client's that came to the balancer at <paramref name="server"/>.</summary>
    public static byte[] Relay(IPEndPoint client, IPEndPoint server, params byte[] additions) => Of(
        Proxy,
        client.AddressFamily == AddressFamily.InterNetwork ? TcpOverIpv4 : TcpOverIpv6,
        [.. client.Address.GetAddressBytes(), .. server.Address.GetAddressBytes(), .. Short(client.Port), .. Short(server.Port), .. additions]);

    /// <summary>The same, of texts.</summary>
    public static byte[] Relay(string client, string server = "198.51.100.1:25", params byte[] additions) =>
        Relay(IPEndPoint.Parse(client), IPEndPoint.Parse(server), additions);

    /// <summary>Any fixed bytes with the length of what follows.</summary>
    public static byte[] Of(byte command, byte family, params byte[] rest) => OfLength(command, family, rest.Length, rest);

    /// <summary>Any fixed bytes with any length.</summary>
    public static byte[] OfLength(byte command, byte family, int length, params byte[] rest) =>
        [.. Signature, command, family, .. Short(length), .. rest];

    /// <summary>An addition (TLV).</summary>
    public static byte[] Addition(byte type, params byte[] value) => [type, .. Short(value.Length), .. value];

    private static byte[] Short(int value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)value);
        return bytes;
    }
}
