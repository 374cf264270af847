using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Vsmtp.Smtp.Server;
using Vsmtp.Smtp.Tests.Support;

namespace Vsmtp.Smtp.Tests.Server;

/// <summary>The session over a real connection, whose pipes behave differently from those in memory.</summary>
public sealed class SocketTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_message_of_megabytes_arrives_octet_by_octet_the_same()
    {
        var content = RandomContent(5 * 1024 * 1024);
        var policy = new RecordingPolicy();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var session = ServeAsync(listener, policy, SessionHarness.Options, CancellationToken.None);

        using var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        var stream = client.GetStream();
        await stream.WriteAsync("EHLO a\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n"u8.ToArray());
        await stream.WriteAsync(Stuff(content));
        await stream.WriteAsync(".\r\nQUIT\r\n"u8.ToArray());
        var said = await new StreamReader(stream).ReadToEndAsync().WaitAsync(Patience);

        Assert.Equal(SessionEnd.Quit, await session.WaitAsync(Patience));
        Assert.EndsWith("250 2.0.0 Ok\r\n221 2.0.0 Service closing transmission channel\r\n", said, StringComparison.Ordinal);
        Assert.True(Assert.Single(policy.Messages).Bytes.AsSpan().SequenceEqual(content));
    }

    [Fact]
    public async Task A_silent_client_is_told_421_by_the_real_clock()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var options = SessionHarness.Options with { Timeouts = new SmtpTimeouts { Connect = TimeSpan.FromMilliseconds(50) } };
        var session = ServeAsync(listener, new RecordingPolicy(), options, CancellationToken.None);

        using var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        var said = await new StreamReader(client.GetStream()).ReadToEndAsync().WaitAsync(Patience);
        Assert.Equal(SessionEnd.TimedOut, await session.WaitAsync(Patience));
        Assert.EndsWith("421 4.4.2 Timeout, closing transmission channel\r\n", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_stops_tells_a_client_that_says_nothing()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var stop = new CancellationTokenSource();
        var session = ServeAsync(listener, new RecordingPolicy(), SessionHarness.Options, stop.Token);

        using var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        using var reader = new StreamReader(client.GetStream());
        Assert.Equal("220 mx.example Service ready", await reader.ReadLineAsync());
        await stop.CancelAsync();
        Assert.StartsWith("421 4.3.2", await reader.ReadLineAsync().WaitAsync(Patience), StringComparison.Ordinal);
        Assert.Equal(SessionEnd.Shutdown, await session.WaitAsync(Patience));
    }

    private static async Task<SessionEnd> ServeAsync(
        TcpListener listener, RecordingPolicy policy, SmtpServerOptions options, CancellationToken shutdown)
    {
        using var socket = await listener.AcceptSocketAsync(CancellationToken.None);
        await using var stream = new NetworkStream(socket);
        var info = new SmtpSessionInfo(
            "s1", (IPEndPoint)socket.RemoteEndPoint!, (IPEndPoint)socket.LocalEndPoint!, DateTimeOffset.UtcNow);
        var connection = new SmtpConnection(new StreamPipe(PipeReader.Create(stream), PipeWriter.Create(stream)), info);
        return await new SmtpServerSession(options, connection, policy, TimeProvider.System, NullLogger.Instance)
            .RunAsync(shutdown, CancellationToken.None);
    }

    /// <summary>Lines of all lengths and all octets but NUL, many of them beginning with dots.</summary>
    private static byte[] RandomContent(int bytes)
    {
        var random = new Random(1);
        var content = new List<byte>(bytes + 2000);
        while (content.Count < bytes)
        {
            var line = new byte[random.Next(0, 1000)];
            random.NextBytes(line);
            content.AddRange(Enumerable.Repeat((byte)'.', random.Next(0, 3)));
            content.AddRange(line.Where(octet => octet is not (0 or (byte)'\r' or (byte)'\n')));
            content.AddRange("\r\n"u8);
        }

        return [.. content];
    }

    private static byte[] Stuff(byte[] content)
    {
        var text = "\r\n" + Encoding.Latin1.GetString(content);
        return Encoding.Latin1.GetBytes(text.Replace("\r\n.", "\r\n..", StringComparison.Ordinal)[2..]);
    }

    private sealed record StreamPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
