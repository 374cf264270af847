using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Vsmtp.EndToEnd.Tests.Support;

/// <summary>Ports of 127.0.0.1 that nobody had a moment ago, and that nobody gets for a connection of his own.</summary>
/// <remarks>
/// A port that the system chooses is from the range that it gives to outgoing connections too: before a server listens on it,
/// or between two starts of a server, one of these may have it. So the ports are from below that range.
/// </remarks>
internal static class FreePorts
{
    private const int Lowest = 12_000;
    private static readonly HashSet<int> Given = [];
    private static readonly int End = int.Parse(
        File.ReadAllText("/proc/sys/net/ipv4/ip_local_port_range").Split('\t', ' ')[0], CultureInfo.InvariantCulture);

    public static int[] Take(int count)
    {
        lock (Given)
        {
            var ports = new int[count];
            for (var i = 0; i < count; i++) ports[i] = TakeOne();
            return ports;
        }
    }

    private static int TakeOne()
    {
        while (true)
        {
            var port = Random.Shared.Next(Lowest, End);
            if (!Given.Add(port)) continue;
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody has it.
            }
        }
    }
}
