using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Vsmtp.Gateway.Transport;

/// <summary>One connection of a client or a service.</summary>
internal sealed class SocketConnection : ConnectionContext, IConnectionSocketFeature, IDuplexPipe
{
    private const int DiscardBytes = 4 * 1024;

    private readonly CancellationTokenSource _closed = new();
    private readonly SocketReader _reader;
    private readonly SocketWriter _writer;
    private IDictionary<object, object?>? _items;

    public SocketConnection(string id, Socket socket)
    {
        ConnectionId = id;
        Socket = socket;
        LocalEndPoint = socket.LocalEndPoint;
        RemoteEndPoint = socket.RemoteEndPoint;
        ConnectionClosed = _closed.Token;
        _reader = new SocketReader(socket, ConnectionClosed);
        _writer = new SocketWriter(socket);
        Features.Set<IConnectionSocketFeature>(this);
    }

    public Socket Socket { get; }

    public override string ConnectionId { get; set; }

    public override IFeatureCollection Features { get; } = new FeatureCollection(initialCapacity: 8);

    public override IDictionary<object, object?> Items
    {
        get => _items ??= new ConnectionItems();
        set => _items = value;
    }

    public override IDuplexPipe Transport
    {
        get => this;
        set => throw new NotSupportedException();
    }

    public override EndPoint? LocalEndPoint { get; set; }

    public override EndPoint? RemoteEndPoint { get; set; }

    /// <summary>
    /// Cancelled when it is aborted, or when it is watched and the peer goes away. That the peer has closed its side, a read tells.
    /// </summary>
    public override CancellationToken ConnectionClosed { get; set; }

    PipeReader IDuplexPipe.Input => _reader;

    PipeWriter IDuplexPipe.Output => _writer;

    /// <summary>Nothing has come that was not read.</summary>
    public bool IsQuiet
    {
        get
        {
            try
            {
                return Socket.Available == 0;
            }
            catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
            {
                return true;
            }
        }
    }

    /// <summary>Looks whether the peer goes away, or closes its side, although nothing is read from it.</summary>
    /// <returns>To be disposed before the next read.</returns>
    public IDisposable Watch() => new ConnectionWatch(Socket, () => _ = _closed.CancelAsync());

    /// <summary>
    /// Sends what is left and waits for the peer to close, passing over what it still sends: closed at once with bytes unread, TCP would
    /// reset the connection, and with that could take the last reply from the peer.
    /// </summary>
    /// <param name="limit">How long at most.</param>
    public async Task LingerAsync(TimeSpan limit, TimeProvider time)
    {
        using var patience = new CancellationTokenSource(limit, time);
        // What is left may be more than the peer takes.
        using (patience.Token.UnsafeRegister(static writer => ((SocketWriter)writer!).CancelPendingFlush(), _writer))
            await _writer.CompleteAsync().ConfigureAwait(false);
        var discarded = new byte[DiscardBytes];
        try
        {
            while (await Socket.ReceiveAsync(discarded, SocketFlags.None, patience.Token).ConfigureAwait(false) > 0)
            {
            }
        }
        catch (Exception gone) when (gone is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Long enough, or gone.
        }
    }

    public override void Abort(ConnectionAbortedException abortReason) => Close();

    public override async ValueTask DisposeAsync()
    {
        Close();
        _reader.Dispose();
        _writer.Dispose();
        await base.DisposeAsync().ConfigureAwait(false);
    }

    private void Close()
    {
        // First the token, so that whoever sees the socket closed knows why; its callbacks are others' code, and not for this thread.
        _ = _closed.CancelAsync();
        Socket.Dispose();
    }
}
