using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Vsmtp.Rules.Accounts;

/// <summary>
/// The machine's accounts, as Cyrus' saslauthd knows them. It is asked over its socket: the earlier program ran testsaslauthd, and showed the
/// password to whoever lists processes.
/// </summary>
internal static class SaslAuthDaemon
{
    private const string Socket = "/run/saslauthd/mux";
    private const string Service = "smtp";
    private const int MaxAnswerBytes = 1024;

    /// <summary>PAM makes those wait who are refused.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <exception cref="SaslAuthException">There is no answer.</exception>
    /// <exception cref="OperationCanceledException">The token.</exception>
    public static Task<bool> AskAsync(string name, HiddenText password, CancellationToken cancellationToken) =>
        AskAsync(Socket, name, password, cancellationToken);

    /// <inheritdoc cref="AskAsync(string, HiddenText, CancellationToken)"/>
    internal static async Task<bool> AskAsync(string socket, string name, HiddenText password, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            using var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), patience.Token).ConfigureAwait(false);
            using var stream = new NetworkStream(connection, ownsSocket: false);
            await stream.WriteAsync(Question(name, password), patience.Token).ConfigureAwait(false);
            var answer = new byte[MaxAnswerBytes];
            await stream.ReadExactlyAsync(answer.AsMemory(0, 2), patience.Token).ConfigureAwait(false);
            var length = Math.Min((int)BinaryPrimitives.ReadUInt16BigEndian(answer), MaxAnswerBytes);
            await stream.ReadExactlyAsync(answer.AsMemory(0, length), patience.Token).ConfigureAwait(false);
            return length >= 2 && answer.AsSpan(0, 2).SequenceEqual("OK"u8);
        }
        catch (OperationCanceledException fault) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SaslAuthException($"saslauthd at {socket} does not answer within {Patience.TotalSeconds} s", fault);
        }
        catch (Exception fault) when (fault is SocketException or IOException)
        {
            throw new SaslAuthException($"saslauthd at {socket}: {fault.Message}", fault);
        }
    }

    /// <summary>Name, password, service and realm, each behind its length.</summary>
    private static byte[] Question(string name, HiddenText password)
    {
        using var question = new MemoryStream();
        Span<byte> length = stackalloc byte[2];
        foreach (var word in (string[])[name, password.Reveal(), Service, ""])
        {
            var octets = Encoding.UTF8.GetBytes(word);
            if (octets.Length > ushort.MaxValue) throw new SaslAuthException("what is asked about is too long");
            BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)octets.Length);
            question.Write(length);
            question.Write(octets);
        }

        return question.ToArray();
    }
}
