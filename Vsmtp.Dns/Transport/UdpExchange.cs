using System.Net;
using System.Net.Sockets;
using Vsmtp.Dns.Messages;

namespace Vsmtp.Dns.Transport;

/// <summary>One question and its answer over UDP (RFC 1035 §4.2.1).</summary>
internal static class UdpExchange
{
    // More than we said we take; a longer datagram is cut by the system, and then malformed.
    private const int BufferBytes = 4096;

    /// <summary>Waits until the answer is there: whatever else comes is passed over, so that a forged one cannot end the wait.</summary>
    /// <param name="passedOver">Told of each datagram that is not the answer, or is malformed.</param>
    /// <returns>The answer, or null if it was truncated.</returns>
    /// <exception cref="SocketException">Unreachable, or nobody listens there.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <remarks>
    /// Connected, so that the system drops what comes from other addresses (RFC 5452 §9.1). The port is the system's choice, which Linux
    /// makes at random among those that the operator leaves to it; one of our own could be a service's of this machine.
    /// </remarks>
    public static async Task<DnsMessage?> AskAsync(
        IPEndPoint server, OutgoingQuestion outgoing, Action passedOver, CancellationToken cancellationToken)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(server, cancellationToken).ConfigureAwait(false);
        await socket.SendAsync(outgoing.Bytes, cancellationToken).ConfigureAwait(false);
        var buffer = new byte[BufferBytes];
        while (true)
        {
            var length = await socket.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
            var datagram = buffer.AsSpan(0, length);
            if (AnswerCheck.IsAnswer(datagram, outgoing.Id, outgoing.Question, out var isTruncated))
            {
                if (isTruncated) return null;
                if (DnsMessageParser.TryParse(datagram, out var message)) return message;
            }

            passedOver();
        }
    }
}
