using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace Vsmtp.Smtp.Tests.Support;

/// <summary>A client that says what it is told, in clear and then under TLS, and keeps what goes over the wire.</summary>
internal sealed class TlsClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TcpClient _client;
    private readonly RecordingStream _wire;
    private Stream _stream;
    private int _mark;

    private TlsClient(TcpClient client)
    {
        _client = client;
        _stream = _wire = new RecordingStream(client.GetStream());
    }

    /// <summary>The certificate that the server showed, by its serial number; null in clear.</summary>
    public string? Shown => (_stream as SslStream)?.RemoteCertificate?.GetSerialNumberString();

    /// <summary>One octet of what is sent from now on is another on the wire.</summary>
    public void Corrupt() => _wire.IsCorrupting = true;

    public byte[] SentUnderTls { get; private set; } = [];

    /// <summary>Records of TLS that the server has sent since the last command (RFC 8446 §5.1).</summary>
    public int RecordsSinceLastCommand
    {
        get
        {
            var octets = _wire.Received.Skip(_mark).ToArray();
            var records = 0;
            for (var at = 0; at + 5 <= octets.Length; at += 5 + (octets[at + 3] << 8) + octets[at + 4]) records++;
            return records;
        }
    }

    public static async Task<TlsClient> ConnectAsync(IPEndPoint server)
    {
        var client = new TcpClient();
        await client.ConnectAsync(server);
        return new TlsClient(client);
    }

    [SuppressMessage("Security", "CA5359", Justification = "Whose certificate it is, the test knows.")]
    public async Task SecureAsync(string name = "", SslProtocols version = SslProtocols.None)
    {
        _wire.Sent.Clear();
        var tls = new SslStream(_wire);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = name,
            EnabledSslProtocols = version,
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
        }).WaitAsync(Patience);
        SentUnderTls = [.. _wire.Sent];
        _stream = tls;
    }

    public async Task SendAsync(string text)
    {
        _mark = _wire.Received.Count;
        await _stream.WriteAsync(Encoding.Latin1.GetBytes(text));
    }

    /// <summary>Sends a line and gives the reply: its lines, parted by LF; empty at the end of the connection.</summary>
    public async Task<string> AskAsync(string line)
    {
        await SendAsync(line + "\r\n");
        return await ReadReplyAsync();
    }

    /// <summary>A mail from a@b.example to c@d.example, which must be taken.</summary>
    /// <param name="content">With CRLF at its line ends, not dot-stuffed.</param>
    public async Task SendMailAsync(string content)
    {
        Assert.StartsWith("250", await AskAsync("MAIL FROM:<a@b.example>"), StringComparison.Ordinal);
        Assert.StartsWith("250", await AskAsync("RCPT TO:<c@d.example>"), StringComparison.Ordinal);
        Assert.StartsWith("354", await AskAsync("DATA"), StringComparison.Ordinal);
        var stuffed = ("\r\n" + content).Replace("\r\n.", "\r\n..", StringComparison.Ordinal)[2..];
        Assert.StartsWith("250", await AskAsync(stuffed + "."), StringComparison.Ordinal);
    }

    public async Task<string> ReadReplyAsync()
    {
        var lines = new List<string>();
        while (await ReadLineAsync() is { } line)
        {
            lines.Add(line);
            if (line.Length < 4 || line[3] == ' ') break;
        }

        return string.Join('\n', lines);
    }

    /// <summary>All that comes until the server closes, in whatever way.</summary>
    public async Task<string> ReadToEndAsync()
    {
        var said = new StringBuilder();
        try
        {
            while (await ReadLineAsync() is { } line) said.Append(line).Append("\r\n");
        }
        catch (IOException)
        {
            // A reset: what we sent was not all read.
        }

        return said.ToString();
    }

    public void SayNoMore() => _client.Client.Shutdown(SocketShutdown.Send);

    public void Dispose()
    {
        _stream.Dispose();
        _client.Dispose();
    }

    /// <summary>Octet by octet, so that nothing that belongs to a handshake is read before it.</summary>
    private async Task<string?> ReadLineAsync()
    {
        var line = new StringBuilder();
        var octet = new byte[1];
        while (await _stream.ReadAsync(octet).AsTask().WaitAsync(Patience) > 0)
        {
            if (octet[0] == '\n') return line.ToString().TrimEnd('\r');
            line.Append((char)octet[0]);
        }

        return line.Length > 0 ? line.ToString() : null;
    }

    /// <summary>Keeps what is sent and what comes.</summary>
    private sealed class RecordingStream(Stream inner) : Stream
    {
        public List<byte> Sent { get; } = [];

        public List<byte> Received { get; } = [];

        public bool IsCorrupting { get; set; }

        public override bool CanRead => true;

        public override bool CanWrite => true;

        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = await inner.ReadAsync(buffer, cancellationToken);
            Received.AddRange(buffer.Span[..count]);
            return count;
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Sent.AddRange(buffer.Span);
            var octets = buffer.ToArray();
            if (IsCorrupting) octets[^1] ^= 1;
            return inner.WriteAsync(octets, cancellationToken);
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

        public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
