using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Vsmtp.Silo.Hosting;

namespace Vsmtp.Cli.Serving;

/// <summary>Faults that an operator can mend, in words; all others are ours and keep their stack.</summary>
internal static class StartFault
{
    /// <summary>Null: not one of these.</summary>
    /// <param name="listeners">Where the server was to listen.</param>
    public static string? Explain(Exception fault, IEnumerable<IPEndPoint> listeners) => fault switch
    {
        AggregateException { InnerExceptions: [var only] } => Explain(only, listeners),
        // Kestrel speaks of HTTP, which none of our TCP listeners does; only the outer one of the two names the address.
        IOException { InnerException: AddressInUseException } => fault.Message.Replace("http://", "", StringComparison.Ordinal),
        SocketException { SocketErrorCode: SocketError.AccessDenied } =>
            $"{Refused(listeners)} cannot be listened on: {fault.Message} (a port below 1024 needs root or CAP_NET_BIND_SERVICE)",
        SocketException => $"{Refused(listeners)} cannot be listened on: {fault.Message}",
        // The outer one names the path, which the system's own words within it do not.
        UnauthorizedAccessException or IOException => fault.Message,
        Storage.StoreUnusableException => fault.Message,
        _ => GrainHosting.Explain(fault),
    };

    /// <summary>The address that is refused: the socket's fault does not name it, so that each is tried again.</summary>
    private static string Refused(IEnumerable<IPEndPoint> listeners) =>
        listeners.FirstOrDefault(listener => !CanListen(listener))?.ToString() ?? "an address of server.interfaces";

    private static bool CanListen(IPEndPoint address)
    {
        try
        {
            using var listener = new TcpListener(address);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
