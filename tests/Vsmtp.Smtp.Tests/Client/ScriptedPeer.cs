using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Vsmtp.Smtp.Tests.Client;

/// <summary>The server's end of one connection, moved by a script.</summary>
public sealed class ScriptedPeer(Socket socket) : IDisposable
{
    private readonly byte[] _chunk = new byte[64 * 1024];
    private readonly MemoryStream _pending = new();
    private SslStream? _tls;

    /// <summary>All command lines that were read, in order.</summary>
    public List<string> Lines { get; } = [];

    /// <summary>The name that the client asked for in the TLS handshake; null before, empty if it asked for none.</summary>
    public string? RequestedName => _tls?.TargetHostName;

    public SslProtocols? TlsVersion => _tls?.SslProtocol;

    public async Task SendAsync(string text)
    {
        var octets = Encoding.UTF8.GetBytes(text);
        if (_tls is null) await socket.SendAsync(octets);
        else await _tls.WriteAsync(octets);
    }

    /// <summary>Does the server's part of a TLS handshake; from then on all goes through it.</summary>
    public async Task SecureAsync(X509Certificate2 certificate, SslProtocols versions = SslProtocols.None)
    {
        using var patience = new CancellationTokenSource(ScriptedSmtpServer.Patience);
        var tls = new SslStream(new NetworkStream(socket, ownsSocket: false));
        await tls.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions { ServerCertificate = certificate, EnabledSslProtocols = versions }, patience.Token);
        _tls = tls;
    }

    /// <summary>Sends the banner, takes EHLO and announces.</summary>
    public async Task GreetAsync(params string[] extensions)
    {
        await SendAsync("220 mx.example ESMTP\r\n");
        await TakeHelloAsync("EHLO ", extensions);
    }

    /// <summary>Takes EHLO or LHLO and announces.</summary>
    public async Task TakeHelloAsync(string expected, params string[] extensions)
    {
        await AnswerAsync(expected, string.Join("\r\n", [.. Enumerable.Concat(["mx.example"], extensions)
            .Select((line, i) => $"250{(i == extensions.Length ? ' ' : '-')}{line}")]) + "\r\n");
    }

    /// <summary>Reads one line, which must begin so, and answers.</summary>
    public async Task AnswerAsync(string expected, string answer)
    {
        await ExpectAsync(expected);
        await SendAsync(answer);
    }

    public async Task<string> ExpectAsync(string expected)
    {
        var line = await ReadLineAsync() ?? "(closed)";
        return line.StartsWith(expected, StringComparison.Ordinal)
            ? line
            : throw new InvalidOperationException($"'{expected}' was expected, '{line}' came; before it: {string.Join(" | ", Lines)}");
    }

    /// <summary>Takes MAIL to 354 from a client that does not pipeline, answering each with success.</summary>
    public async Task TakeEnvelopeAsync(int recipients = 1)
    {
        await AnswerAsync("MAIL ", "250 ok\r\n");
        for (var i = 0; i < recipients; i++) await AnswerAsync("RCPT ", "250 ok\r\n");
        await AnswerAsync("DATA", "354 go on\r\n");
    }

    /// <summary>Takes a whole mail and answers its dot.</summary>
    public async Task<string> TakeMailAsync(string answer = "250 2.0.0 taken\r\n", int recipients = 1)
    {
        await TakeEnvelopeAsync(recipients);
        var data = await ReadDataAsync();
        await SendAsync(answer);
        return data;
    }

    /// <summary>What came up to and including the line of a dot alone, still stuffed, as Latin-1.</summary>
    public async Task<string> ReadDataAsync()
    {
        while (true)
        {
            var bytes = _pending.GetBuffer().AsSpan(0, (int)_pending.Length);
            var isEmpty = bytes.StartsWith(".\r\n"u8);
            var end = isEmpty ? 0 : bytes.IndexOf("\r\n.\r\n"u8);
            if (isEmpty || end >= 0) return Encoding.Latin1.GetString(Take(isEmpty ? 3 : end + 5));
            if (!await FillAsync()) throw new InvalidOperationException("The connection was closed amid the data.");
        }
    }

    /// <summary>Octets behind the line read last that have come already.</summary>
    public long PendingOctets => _pending.Length + socket.Available;

    /// <summary>Reads and drops octets until so many have come, or the end.</summary>
    public async Task<long> DrainAsync(long octets)
    {
        var total = _pending.Length;
        _pending.SetLength(0);
        while (total < octets)
        {
            var count = await ReceiveAsync();
            if (count == 0) break;
            total += count;
        }

        return total;
    }

    /// <summary>Null at the end of the stream.</summary>
    public async Task<string?> ReadLineAsync()
    {
        while (true)
        {
            var end = _pending.GetBuffer().AsSpan(0, (int)_pending.Length).IndexOf("\r\n"u8);
            if (end >= 0)
            {
                var line = Encoding.UTF8.GetString(Take(end + 2).AsSpan(0, end));
                Lines.Add(line);
                return line;
            }

            if (!await FillAsync()) return null;
        }
    }

    /// <summary>Waits until the client has closed or reset its end.</summary>
    public async Task ExpectCloseAsync()
    {
        string? line;
        try
        {
            line = await ReadLineAsync();
        }
        catch (SocketException)
        {
            return;
        }

        if (line is not null) throw new InvalidOperationException($"The end was expected, '{line}' came.");
    }

    /// <summary>The client reads the end of the stream; we still read what it sends.</summary>
    public void CloseSending() => socket.Shutdown(SocketShutdown.Send);

    /// <summary>Ends the connection with a reset.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }

    public void Dispose()
    {
        _tls?.Dispose();
        socket.Dispose();
        _pending.Dispose();
    }

    private async Task<bool> FillAsync()
    {
        var count = await ReceiveAsync();
        _pending.Write(_chunk, 0, count);
        return count > 0;
    }

    private async Task<int> ReceiveAsync()
    {
        using var patience = new CancellationTokenSource(ScriptedSmtpServer.Patience);
        return _tls is null ? await socket.ReceiveAsync(_chunk, patience.Token) : await _tls.ReadAsync(_chunk, patience.Token);
    }

    private byte[] Take(int count)
    {
        var all = _pending.ToArray();
        _pending.SetLength(0);
        _pending.Write(all.AsSpan(count));
        return all[..count];
    }
}
