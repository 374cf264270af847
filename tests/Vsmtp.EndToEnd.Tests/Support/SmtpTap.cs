using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Vsmtp.EndToEnd.Tests.Support;

/// <summary>Passes connections on octet by octet, and lets a test see each line before the other side does, hold it back or cut the line.</summary>
internal sealed class SmtpTap : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly int _target;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentBag<Task> _passages = [];
    private readonly ConcurrentDictionary<Socket, bool> _sockets = new();
    private readonly Task _accepting;

    public SmtpTap(int port, int target)
    {
        _target = target;
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Asked before a line of the client goes on, message lines included. False: both connections are cut.</summary>
    public Func<ReadOnlyMemory<byte>, ValueTask<bool>> OnLine { get; set; } = _ => ValueTask.FromResult(true);

    /// <summary>Asked before the server's reply to the dot goes back. False: both connections are cut.</summary>
    public Func<ReadOnlyMemory<byte>, ValueTask<bool>> OnReplyToDot { get; set; } = _ => ValueTask.FromResult(true);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        foreach (var socket in _sockets.Keys) socket.Dispose();
        await _accepting;
        await Task.WhenAll(_passages);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _passages.Add(PassAsync(await _listener.AcceptSocketAsync(_stopping.Token)));
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task PassAsync(Socket client)
    {
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _sockets[client] = _sockets[server] = true;
        try
        {
            client.NoDelay = server.NoDelay = true;
            await server.ConnectAsync(IPAddress.Loopback, _target, _stopping.Token);
            var passage = new Passage(this);
            await Task.WhenAll(
                PumpAsync(client, server, passage.LineAsync), PumpAsync(server, client, passage.ReplyAsync));
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // One side left, or was killed; the other one is told by the end of its connection.
        }
        finally
        {
            client.Dispose();
            _sockets.TryRemove(client, out _);
            _sockets.TryRemove(server, out _);
        }
    }

    /// <summary>Passes whole lines on until an end; then both sides are cut.</summary>
    private static async Task PumpAsync(Socket from, Socket to, Func<ReadOnlyMemory<byte>, ValueTask<bool>> mayPass)
    {
        var buffer = new byte[64 * 1024];
        var held = 0;
        try
        {
            while (await from.ReceiveAsync(buffer.AsMemory(held)) is var count and > 0)
            {
                held += count;
                var passed = 0;
                while (buffer.AsSpan(passed, held - passed).IndexOf((byte)'\n') is var end and >= 0)
                {
                    if (!await mayPass(buffer.AsMemory(passed, end + 1))) return;
                    passed += end + 1;
                }

                // A line longer than the buffer is of a message, and nobody's business here.
                if (passed == 0 && held == buffer.Length) passed = held;
                for (var sent = 0; sent < passed;) sent += await to.SendAsync(buffer.AsMemory(sent, passed - sent));
                held -= passed;
                buffer.AsSpan(passed, held).CopyTo(buffer);
            }
        }
        finally
        {
            from.Dispose();
            to.Dispose();
        }
    }

    /// <summary>One connection: knows which reply is to a dot.</summary>
    private sealed class Passage(SmtpTap tap)
    {
        private volatile bool _hasDotGone;

        public ValueTask<bool> LineAsync(ReadOnlyMemory<byte> line)
        {
            if (line.Span.SequenceEqual(".\r\n"u8)) _hasDotGone = true;
            return tap.OnLine(line);
        }

        public ValueTask<bool> ReplyAsync(ReadOnlyMemory<byte> line)
        {
            if (!_hasDotGone) return ValueTask.FromResult(true);
            _hasDotGone = false;
            return tap.OnReplyToDot(line);
        }
    }
}
