using System.Net;
using System.Net.Sockets;

namespace Vsmtp.Smtp.Client;

/// <summary>Finds the addresses of a destination and connects to the first that answers.</summary>
internal static class SmtpDialer
{
    /// <exception cref="SmtpConnectException">No address, or none that takes the connection in time.</exception>
    public static async Task<(Socket Socket, IPAddress Address)> DialAsync(
        SmtpDestination destination, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        using var deadline = new Deadline(limit, time, cancellationToken);
        try
        {
            Exception? last = null;
            var addresses = await ResolveAsync(destination, deadline.Token).ConfigureAwait(false);
            foreach (var address in addresses)
            {
                // Each has its share: an address that swallows our packets must not use up the time of the next.
                using var share = new Deadline(limit / addresses.Length, time, deadline.Token);
                try
                {
                    return (await ConnectAsync(new IPEndPoint(address, destination.Port), share.Token).ConfigureAwait(false), address);
                }
                catch (Exception e) when (e is SocketException || share.HasPassed)
                {
                    last = e;
                }
            }

            throw Failed(last is OperationCanceledException ? TimedOut(limit) : last?.Message ?? "the name has no address", last);
        }
        catch (SocketException e)
        {
            throw Failed(e.Message, e);
        }
        catch (OperationCanceledException e) when (deadline.HasPassed)
        {
            throw Failed(TimedOut(limit), e);
        }
    }

    private static string TimedOut(TimeSpan limit) => $"no connection within {limit.TotalSeconds:0.###} s";

    private static SmtpConnectException Failed(string message, Exception? cause) => new(SmtpClientPhase.Connect, message, cause);

    private static async Task<IPAddress[]> ResolveAsync(SmtpDestination destination, CancellationToken cancellationToken)
    {
        if (destination.Address is { } decided) return [decided];
        return IPAddress.TryParse(destination.Host, out var address)
            ? [address]
            : await System.Net.Dns.GetHostAddressesAsync(destination.Host, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<Socket> ConnectAsync(IPEndPoint endpoint, CancellationToken cancellationToken)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endpoint, cancellationToken).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
