using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Vsmtp.Gateway.Transport;

/// <summary>Takes connections at one address.</summary>
internal sealed class SocketListener : IConnectionListener
{
    /// <summary>As Kestrel has it.</summary>
    private const int Backlog = 512;

    /// <summary>The process or the system has no more handles: those that are open must end first.</summary>
    private static readonly TimeSpan NoHandlesPause = TimeSpan.FromMilliseconds(50);

    private static long _lastId = DateTime.UtcNow.Ticks;

    private readonly Socket _socket;

    /// <exception cref="AddressInUseException">Another has the address.</exception>
    public SocketListener(EndPoint end)
    {
        _socket = SocketTransportOptions.CreateDefaultBoundListenSocket(end);
        EndPoint = _socket.LocalEndPoint!;
        _socket.Listen(Backlog);
    }

    public EndPoint EndPoint { get; }

    /// <returns>Null: it takes no more.</returns>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            try
            {
                return Connect(await _socket.AcceptAsync(cancellationToken).ConfigureAwait(false));
            }
            catch (ObjectDisposedException)
            {
                return null;
            }
            catch (SocketException closed) when (closed.SocketErrorCode is SocketError.OperationAborted)
            {
                return null;
            }
            catch (SocketException none) when (none.SocketErrorCode is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable)
            {
                await Task.Delay(NoHandlesPause, cancellationToken).ConfigureAwait(false);
            }
            catch (SocketException)
            {
                // It was gone before it was taken.
            }
        }
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private static SocketConnection Connect(Socket accepted)
    {
        try
        {
            accepted.NoDelay = true;
            return new SocketConnection(NextId(), accepted);
        }
        catch
        {
            accepted.Dispose();
            throw;
        }
    }

    private static string NextId() => Interlocked.Increment(ref _lastId).ToString("X", CultureInfo.InvariantCulture);
}
