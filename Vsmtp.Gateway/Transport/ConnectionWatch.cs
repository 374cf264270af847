using System.Net.Sockets;

namespace Vsmtp.Gateway.Transport;

/// <summary>Tells once when the peer of a socket goes away or closes its side, until it is disposed.</summary>
/// <remarks>
/// Behind what has come and is not read, a closed side cannot be seen by reading. Linux says it in the connection's state, which is asked for
/// once a second.
/// </remarks>
internal sealed class ConnectionWatch : IDisposable
{
    private const int TcpLevel = 6;
    private const int TcpInfo = 11;
    private const byte TcpEstablished = 1;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _end = new();
    private readonly Socket _socket;
    private readonly Action _onGone;

    public ConnectionWatch(Socket socket, Action onGone)
    {
        (_socket, _onGone) = (socket, onGone);
        _ = RunAsync(_end.Token);
    }

    public void Dispose()
    {
        _end.Cancel();
        _end.Dispose();
    }

    private async Task RunAsync(CancellationToken end)
    {
        try
        {
            if (await _socket.ReceiveAsync(new byte[1], SocketFlags.Peek, end).ConfigureAwait(false) > 0)
            {
                if (!OperatingSystem.IsLinux()) return;
                while (IsEstablished()) await Task.Delay(Period, end).ConfigureAwait(false);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException)
        {
            return;
        }
        catch (SocketException)
        {
            // It broke: as good as closed.
        }

        if (!end.IsCancellationRequested) _onGone();
    }

    private bool IsEstablished()
    {
        // struct tcp_info begins with the state.
        Span<byte> info = stackalloc byte[8];
        return _socket.GetRawSocketOption(TcpLevel, TcpInfo, info) == 0 || info[0] == TcpEstablished;
    }
}
