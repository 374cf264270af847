using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Vsmtp.EndToEnd.Tests.Antivirus;

/// <summary>What a <see cref="SlowWay"/> keeps back.</summary>
internal enum HeldBack
{
    /// <summary>The last octet of the dot: the message stays unfinished.</summary>
    Dot,

    /// <summary>The receiver's reply to the dot: it has accepted, and the scanner does not know.</summary>
    Reply,
}

/// <summary>Lies between clamsmtpd and our receiver and passes everything, but of the first message keeps something back: clamsmtpd's
/// patience ends, and the message arrives all the same.</summary>
internal sealed class SlowWay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _letGo = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> _reply = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly int _receiverPort;
    private readonly HeldBack _held;
    private readonly Task _accepting;
    private int _isUsed;

    public SlowWay(int receiverPort, HeldBack held)
    {
        (_receiverPort, _held) = (receiverPort, held);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What the receiver said to the held message.</summary>
    public Task<string> Reply => _reply.Task.WaitAsync(TimeSpan.FromSeconds(60));

    /// <summary>The held dot goes on to the receiver.</summary>
    public void LetGo() => _letGo.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_connections);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _connections.Add(PassAsync(await _listener.AcceptTcpClientAsync(_stopping.Token)));
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task PassAsync(TcpClient scanner)
    {
        using var receiver = new TcpClient();
        try
        {
            await receiver.ConnectAsync(IPAddress.Loopback, _receiverPort, _stopping.Token);
            var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var back = PassBackAsync(receiver.GetStream(), scanner.GetStream(), held.Task);
            await PassOnAsync(scanner.GetStream(), receiver.GetStream(), held);
            // clamsmtpd has gone; the receiver is heard to the end of what it says to the held message.
            if (held.Task.IsCompleted) await _reply.Task.WaitAsync(_stopping.Token);
            receiver.Client.Shutdown(SocketShutdown.Both);
            await back;
        }
        catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException)
        {
            // One of the two has left, or the test is over.
        }
        finally
        {
            scanner.Dispose();
        }
    }

    private async Task PassOnAsync(NetworkStream scanner, NetworkStream receiver, TaskCompletionSource held)
    {
        var buffer = new byte[64 * 1024];
        byte[] tail = [];
        while (await scanner.ReadAsync(buffer, _stopping.Token) is > 0 and var count)
        {
            var chunk = buffer.AsMemory(0, count);
            tail = [.. tail.Concat(chunk.ToArray()).TakeLast(5)];
            var isHeld = tail.AsSpan().SequenceEqual("\r\n.\r\n"u8) && Interlocked.Exchange(ref _isUsed, 1) == 0;
            if (isHeld) held.TrySetResult();
            if (isHeld && _held is HeldBack.Dot)
            {
                await receiver.WriteAsync(chunk[..^1], _stopping.Token);
                await _letGo.Task.WaitAsync(_stopping.Token);
                chunk = chunk[^1..];
            }

            await receiver.WriteAsync(chunk, _stopping.Token);
        }
    }

    private async Task PassBackAsync(NetworkStream receiver, NetworkStream scanner, Task held)
    {
        var buffer = new byte[64 * 1024];
        while (await receiver.ReadAsync(buffer, _stopping.Token) is > 0 and var count)
        {
            if (held.IsCompleted) _reply.TrySetResult(Encoding.ASCII.GetString(buffer, 0, count));
            else await scanner.WriteAsync(buffer.AsMemory(0, count), _stopping.Token);
        }
    }
}
