using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Vsmtp.EndToEnd.Tests.Support;

/// <summary>A small SMTP server that tests script: as the far end of delivery, or as a service. Strict about order, keeps each mail.</summary>
internal class TestSmtpServer : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentBag<Task> _sessions = [];
    private readonly ConcurrentDictionary<Socket, bool> _sockets = new();
    private readonly Task _accepting;

    /// <param name="address">Null: 127.0.0.1.</param>
    public TestSmtpServer(int port, IPAddress? address = null)
    {
        _listener = new TcpListener(address ?? IPAddress.Loopback, port);
        _listener.Server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>All mails that were answered with 250, in order.</summary>
    public ConcurrentQueue<ReceivedMail> Mails { get; } = new();

    /// <summary>What EHLO announces behind the name.</summary>
    protected virtual IReadOnlyList<string> Extensions => ["8BITMIME", "SIZE", "ENHANCEDSTATUSCODES", "DSN", "SMTPUTF8"];

    /// <summary>What it shows after STARTTLS, which it then announces; null: it knows no TLS.</summary>
    protected virtual X509Certificate2? Certificate => null;

    /// <summary>Whom MAIL is for, by AUTH; null: it knows no AUTH, and MAIL is for all.</summary>
    protected virtual TestAccount? Account => null;

    /// <summary>It gives STARTTLS and then goes on in clear, as one that has not read its key.</summary>
    protected virtual bool IsTlsBroken => false;

    /// <summary>Answers MAIL, RCPT and XFORWARD.</summary>
    protected virtual Task<string> AnswerAsync(string command) => Task.FromResult("250 2.0.0 Ok");

    /// <summary>Answers the dot; as an LMTP server with a line for each recipient. Null: hangs up without an answer.</summary>
    protected virtual Task<string?> AnswerAsync(ReceivedMail mail) => Task.FromResult<string?>("250 2.0.0 Taken");

    /// <summary>Every reply comes here before it is said, with what it is to: a verb, CONNECT, or a dot. CONTENT has none: the message is about to be read.</summary>
    /// <returns>What is said instead. Null: hangs up.</returns>
    protected virtual Task<string?> PassAsync(string to, string reply) => Task.FromResult<string?>(reply);

    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested) return;         // a test stopped it before its site did
        await _stopping.CancelAsync();
        _listener.Dispose();
        foreach (var socket in _sockets.Keys) socket.Dispose();
        await _accepting;
        await Task.WhenAll(_sessions);
        _stopping.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _sessions.Add(ServeAsync(await _listener.AcceptSocketAsync(_stopping.Token)));
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // The test is over; between two connections the listener says that it does not listen.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        _sockets[socket] = true;
        socket.NoDelay = true;
        try
        {
            await using var stream = new NetworkStream(socket, ownsSocket: true);
            await using var tls = new SslStream(stream);
            var clear = new LineStream(stream);
            if (!await SaysAsync(clear, "CONNECT", "220 test.example ESMTP") || !await ConverseAsync(clear, Certificate is not null)) return;
            if (IsTlsBroken)
            {
                await stream.ReadExactlyAsync(new byte[1]);    // of the client's handshake: earlier words would be an attack, to it
                await clear.WriteAsync("454 4.7.0 TLS is out of order\r\n");
                return;
            }

            await tls.AuthenticateAsServerAsync(Certificate!);
            await ConverseAsync(new LineStream(tls), offersTls: false, isSecured: true);
        }
        catch (Exception gone) when (gone is AuthenticationException or IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The client left, or was killed.
        }
        finally
        {
            _sockets.TryRemove(socket, out _);
        }
    }

    /// <returns>False: there is no more to say.</returns>
    private async Task<bool> SaysAsync(LineStream lines, string to, string reply)
    {
        if (await PassAsync(to, reply) is not { } said) return false;
        if (said.Length > 0) await lines.WriteAsync(said + "\r\n");
        return true;
    }

    /// <returns>True: TLS is to begin.</returns>
    private async Task<bool> ConverseAsync(LineStream lines, bool offersTls, bool isSecured = false)
    {
        var commands = new List<string>();
        var isKnown = Account is null;
        while (await lines.ReadLineAsync() is { } line)
        {
            var verb = line.Split(' ')[0].ToUpperInvariant();
            switch (verb)
            {
                case "EHLO" or "LHLO":
                    IEnumerable<string> ours = [offersTls ? "STARTTLS" : "", Account is { Mechanism: var one } ? $"AUTH {one}" : ""];
                    string[] announced = [.. ours.Where(word => word.Length > 0), .. Extensions];
                    var first = string.Concat(announced.SkipLast(1).Select(e => $"250-{e}\r\n"));
                    if (!await SaysAsync(lines, verb, $"250-test.example\r\n{first}250 {announced[^1]}")) return false;
                    break;
                case "STARTTLS" when offersTls:
                    await lines.WriteAsync("220 go ahead\r\n");
                    return true;
                case "AUTH" when Account is { } account:
                    isKnown = await account.IsShownAsync(line, async challenge =>
                    {
                        await lines.WriteAsync($"334 {challenge}\r\n");
                        return await lines.ReadLineAsync();
                    });
                    if (!await SaysAsync(lines, verb, isKnown ? "235 2.7.0 welcome" : "535 5.7.8 nobody of that name and password")) return false;
                    break;
                case "MAIL" when !isKnown:
                    if (!await SaysAsync(lines, verb, "530 5.7.0 who are you")) return false;
                    break;
                case "MAIL" or "RCPT" or "XFORWARD":
                    if (verb == "MAIL") commands.Clear();
                    var answer = await AnswerAsync(line);
                    if (answer.StartsWith('2') && verb != "XFORWARD") commands.Add(line);
                    if (!await SaysAsync(lines, verb, answer)) return false;
                    break;
                case "DATA":
                    if (!await SaysAsync(lines, verb, "354 go on") || !await SaysAsync(lines, "CONTENT", "")) return false;
                    var asked = Stopwatch.GetTimestamp();
                    var mail = new ReceivedMail([.. commands], await lines.ReadMessageAsync()) { AskedAt = asked, IsSecured = isSecured };
                    if (await AnswerAsync(mail) is not { } reply) return false;
                    if (reply.StartsWith('2')) Mails.Enqueue(mail);
                    if (!await SaysAsync(lines, ".", reply)) return false;
                    break;
                case "QUIT":
                    await lines.WriteAsync("221 bye\r\n");
                    return false;
                case "RSET" or "NOOP" or "HELO":
                    await lines.WriteAsync("250 Ok\r\n");
                    break;
                default:
                    await lines.WriteAsync("500 what?\r\n");
                    break;
            }
        }

        return false;
    }

    /// <summary>Lines and dot-ended messages over a stream, which it does not own.</summary>
    private sealed class LineStream(Stream stream)
    {
        private readonly byte[] _buffer = new byte[64 * 1024];
        private int _next;
        private int _end;

        public Task WriteAsync(string text) => stream.WriteAsync(Encoding.Latin1.GetBytes(text)).AsTask();

        public async Task<string?> ReadLineAsync() => await ReadRawAsync() is { } raw ? Encoding.Latin1.GetString(raw) : null;

        public async Task<byte[]> ReadMessageAsync()
        {
            using var message = new MemoryStream();
            while (await ReadRawAsync() is { } line)
            {
                if (line is [(byte)'.']) return message.ToArray();
                message.Write(line is [(byte)'.', .. var rest] ? rest : line);
                message.Write("\r\n"u8);
            }

            throw new IOException("The client left within a message.");
        }

        /// <summary>A line without its CRLF; null at the end.</summary>
        private async Task<byte[]?> ReadRawAsync()
        {
            var line = new List<byte>();
            while (true)
            {
                if (_next == _end && !await FillAsync()) return null;
                line.Add(_buffer[_next++]);
                if (line is [.., (byte)'\r', (byte)'\n']) return [.. line[..^2]];
            }
        }

        private async ValueTask<bool> FillAsync()
        {
            (_next, _end) = (0, await stream.ReadAsync(_buffer));
            return _end > 0;
        }
    }
}
