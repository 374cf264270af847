using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Vsmtp.Dns.Messages;

namespace Vsmtp.Dns.Transport;

/// <summary>One question and its answer over a connection of its own, each behind its length in two octets (RFC 7766 §8).</summary>
internal static class TcpExchange
{
    /// <returns>The answer, or null if what came was none, was malformed, or ended too early.</returns>
    /// <exception cref="SocketException">Unreachable, or the connection broke.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static async Task<DnsMessage?> AskAsync(IPEndPoint server, OutgoingQuestion outgoing, CancellationToken cancellationToken)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server, cancellationToken).ConfigureAwait(false);

        // Length and message in one segment (RFC 7766 §8).
        var framed = new byte[2 + outgoing.Bytes.Length];
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)outgoing.Bytes.Length);
        outgoing.Bytes.CopyTo(framed.AsMemory(2));
        for (ReadOnlyMemory<byte> rest = framed; !rest.IsEmpty;)
        {
            rest = rest[await socket.SendAsync(rest, cancellationToken).ConfigureAwait(false)..];
        }

        var length = new byte[2];
        if (!await TryFillAsync(socket, length, cancellationToken).ConfigureAwait(false)) return null;
        var message = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        return await TryFillAsync(socket, message, cancellationToken).ConfigureAwait(false)
            && AnswerCheck.IsAnswer(message, outgoing.Id, outgoing.Question, out var isTruncated) && !isTruncated
            && DnsMessageParser.TryParse(message, out var parsed) ? parsed : null;
    }

    private static async Task<bool> TryFillAsync(Socket socket, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (!buffer.IsEmpty)
        {
            var read = await socket.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (read == 0) return false;
            buffer = buffer[read..];
        }

        return true;
    }
}
