using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Vsmtp.Gateway.Transport;
using Vsmtp.Smtp.Tests.Support;

namespace Vsmtp.Gateway.Tests.Transport;

public sealed class SocketConnectionTests : IAsyncLifetime
{
    private readonly Socket _peer = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly SocketListener _listener = new(new IPEndPoint(IPAddress.Loopback, 0));
    private SocketConnection _connection = null!;

    private PipeReader Input => _connection.Transport.Input;

    private PipeWriter Output => _connection.Transport.Output;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _peer.ConnectAsync(_listener.EndPoint);
        _connection = (SocketConnection)(await _listener.AcceptAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        _peer.Dispose();
        await _connection.DisposeAsync();
        await _listener.DisposeAsync();
    }

    [Fact]
    public async Task What_the_peer_sends_comes_whole_however_it_is_used_up()
    {
        var sent = new byte[500_000];
        new Random(1).NextBytes(sent);
        var sending = Task.Run(async () =>
        {
            await _peer.SendAsync(sent);
            _peer.Shutdown(SocketShutdown.Send);
        });

        var received = new List<byte>();
        var random = new Random(2);
        while (true)
        {
            var read = await Input.ReadAsync(Cancel);
            // Now all of it, now a part, now nothing, as a line that is not whole yet.
            var taken = read.IsCompleted ? read.Buffer.Length : random.NextInt64(read.Buffer.Length + 1);
            var part = read.Buffer.Slice(0, taken);
            received.AddRange(part.ToArray());
            Input.AdvanceTo(part.End, read.Buffer.End);
            if (read.IsCompleted) break;
        }

        await sending;
        Assert.Equal(sent, received);
    }

    [Fact]
    public async Task What_nobody_has_looked_at_is_there_for_the_next_read_at_once()
    {
        await _peer.SendAsync("one\r\ntwo\r\n"u8.ToArray());
        var first = await Input.ReadAsync(Cancel);
        Input.AdvanceTo(first.Buffer.GetPosition(5));

        var second = Input.ReadAsync(Cancel);
        Assert.True(second.IsCompleted);
        Assert.Equal("two\r\n", Encoding.ASCII.GetString((await second).Buffer));
    }

    [Fact]
    public async Task A_wait_is_ended_by_who_wakes_it_and_the_next_one_gets_what_comes()
    {
        var waiting = Input.ReadAsync(Cancel);
        Assert.False(waiting.IsCompleted);
        Input.CancelPendingRead();
        var woken = await waiting;
        Assert.True(woken.IsCanceled);
        Input.AdvanceTo(woken.Buffer.End);

        Input.CancelPendingRead();
        Assert.True((await Input.ReadAsync(Cancel)).IsCanceled);

        await _peer.SendAsync("x"u8.ToArray());
        Assert.Equal("x", Encoding.ASCII.GetString((await Input.ReadAsync(Cancel)).Buffer));
    }

    [Fact]
    public async Task A_token_ends_its_own_wait_with_an_exception()
    {
        using var stop = new CancellationTokenSource();
        var waiting = Input.ReadAsync(stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await waiting);

        await _peer.SendAsync("x"u8.ToArray());
        Assert.Equal("x", Encoding.ASCII.GetString((await Input.ReadAsync(Cancel)).Buffer));
    }

    [Fact]
    public async Task An_aborted_connection_ends_a_wait()
    {
        var waiting = Input.ReadAsync(_connection.ConnectionClosed);
        _connection.Abort();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await waiting);
        Assert.True(_connection.ConnectionClosed.IsCancellationRequested);
    }

    [Fact]
    public async Task What_is_written_arrives_whole_at_a_peer_that_reads_slowly()
    {
        var sent = new byte[5_000_000];
        new Random(3).NextBytes(sent);
        var sending = Task.Run(async () =>
        {
            Output.Write(sent);
            Assert.Equal(sent.Length, Output.UnflushedBytes);
            Assert.False((await Output.FlushAsync(Cancel)).IsCompleted);
            await Output.CompleteAsync();
        });

        var received = new MemoryStream();
        var buffer = new byte[100_000];
        int count;
        while ((count = await _peer.ReceiveAsync(buffer)) > 0) received.Write(buffer, 0, count);
        await sending;
        Assert.Equal(sent, received.ToArray());
    }

    [Fact]
    public async Task A_flush_that_is_woken_leaves_a_peer_that_counts_as_gone()
    {
        Output.Write(new byte[20_000_000]);
        var flushing = Output.FlushAsync(Cancel);
        Assert.False(flushing.IsCompleted);      // the peer reads nothing
        Output.CancelPendingFlush();
        Assert.True((await flushing).IsCanceled);

        Output.Write("x"u8);
        Assert.True((await Output.FlushAsync(Cancel)).IsCompleted);
    }

    [Fact]
    public async Task To_write_to_a_peer_that_has_reset_is_no_exception()
    {
        _peer.LingerState = new LingerOption(true, 0);
        _peer.Close();
        FlushResult flushed;
        do
        {
            Output.Write("x"u8);
            flushed = await Output.FlushAsync(Cancel);
        }
        while (!flushed.IsCompleted);
    }

    [Theory]
    [InlineData("")]
    [InlineData("NOOP\r\nQUIT\r\n")]
    public async Task A_peer_that_goes_away_while_it_is_watched_closes_the_connection(string sentBefore)
    {
        var closed = new TaskCompletionSource();
        await using var _ = _connection.ConnectionClosed.Register(closed.SetResult);
        using var watch = _connection.Watch();
        if (sentBefore.Length > 0) await _peer.SendAsync(Encoding.ASCII.GetBytes(sentBefore));
        _peer.Close();
        await closed.Task.WaitAsync(Cancel);
    }

    [Theory]
    [InlineData("")]
    [InlineData("NOOP\r\n")]
    public async Task What_a_watched_peer_sends_is_read_as_ever_once_the_watch_is_over(string sentBefore)
    {
        using (_connection.Watch()) await _peer.SendAsync(Encoding.ASCII.GetBytes(sentBefore));
        await _peer.SendAsync("QUIT\r\n"u8.ToArray());
        _peer.Shutdown(SocketShutdown.Send);

        var read = await Input.ReadAsync(Cancel);
        while (!read.IsCompleted)
        {
            Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await Input.ReadAsync(Cancel);
        }

        Assert.Equal(sentBefore + "QUIT\r\n", Encoding.ASCII.GetString(read.Buffer));
        Assert.False(_connection.ConnectionClosed.IsCancellationRequested);
    }

    [Fact]
    public async Task A_wake_up_that_finds_no_flush_is_nothing_to_the_next_one()
    {
        Output.CancelPendingFlush();
        Output.Write("421 too late\r\n"u8);
        var flushed = await Output.FlushAsync(Cancel);
        Assert.False(flushed.IsCanceled || flushed.IsCompleted);

        var buffer = new byte[100];
        Assert.Equal("421 too late\r\n", Encoding.ASCII.GetString(buffer, 0, await _peer.ReceiveAsync(buffer)));
    }

    [Fact]
    public async Task The_last_reply_reaches_a_peer_that_goes_on_sending()
    {
        await _peer.SendAsync(new byte[10_000]);
        Output.Write("421 bye\r\n"u8);
        var lingering = _connection.LingerAsync(TimeSpan.FromSeconds(30), TimeProvider.System);

        var received = new MemoryStream();
        var buffer = new byte[1000];
        int count;
        while ((count = await _peer.ReceiveAsync(buffer)) > 0)
        {
            received.Write(buffer, 0, count);
            await _peer.SendAsync(new byte[10_000]);
        }

        Assert.Equal("421 bye\r\n", Encoding.ASCII.GetString(received.ToArray()));
        _peer.Close();
        await lingering;
    }

    [Fact]
    public async Task A_peer_that_takes_nothing_is_not_waited_for_longer_than_the_limit()
    {
        var time = new ManualTime();
        Output.Write(new byte[20_000_000]);
        var lingering = _connection.LingerAsync(TimeSpan.FromSeconds(5), time);
        Assert.False(lingering.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(5));
        await lingering;
    }

    [Fact]
    public async Task A_listener_that_is_unbound_takes_no_more()
    {
        var accepting = _listener.AcceptAsync(Cancel);
        await _listener.UnbindAsync(Cancel);
        Assert.Null(await accepting);
    }
}
