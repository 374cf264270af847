using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Vsmtp.Dns.Tests.Support;

/// <summary>A server on 127.0.0.1, UDP and TCP on one port, that does with each question what the script says.</summary>
/// <remarks>Disposing it throws what went wrong in the script.</remarks>
internal sealed class ScriptedDnsServer : IAsyncDisposable
{
    private readonly Func<ReceivedQuery, Task> _script;
    private readonly Socket _udp;
    private readonly TcpListener _tcp;
    private readonly CancellationTokenSource _ending = new();
    private readonly Task[] _serving;
    private readonly ConcurrentQueue<ReceivedQuery> _received = new();
    private readonly ConcurrentQueue<Task> _playing = new();
    private int _number;

    public ScriptedDnsServer(Func<ReceivedQuery, Task> script)
    {
        _script = script;
        (_udp, _tcp) = Bind();
        Address = (IPEndPoint)_udp.LocalEndPoint!;
        _serving = [ServeUdpAsync(), ServeTcpAsync()];
    }

    public IPEndPoint Address { get; }

    public ReceivedQuery[] Received => [.. _received];

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await Task.WhenAll(_serving);
        _udp.Dispose();
        _tcp.Dispose();
        await Task.WhenAll(_playing).WaitAsync(TimeSpan.FromSeconds(20));
        _ending.Dispose();
    }

    /// <summary>A port that is free for both.</summary>
    private static (Socket Udp, TcpListener Tcp) Bind()
    {
        for (var tries = 0; ; tries++)
        {
            var tcp = new TcpListener(IPAddress.Loopback, 0);
            tcp.Start();
            var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            try
            {
                udp.Bind(tcp.LocalEndpoint);
                return (udp, tcp);
            }
            catch (SocketException) when (tries < 20)
            {
                udp.Dispose();
                tcp.Dispose();
            }
        }
    }

    private async Task ServeUdpAsync()
    {
        var buffer = new byte[4096];
        while (true)
        {
            try
            {
                var got = await _udp.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), _ending.Token);
                var client = (IPEndPoint)got.RemoteEndPoint;
                _ = Play(false, buffer[..got.ReceivedBytes], client, async bytes => await _udp.SendToAsync(bytes, client));
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                // An answer to a client that has gone comes back as an error of the socket.
            }
        }
    }

    private async Task ServeTcpAsync()
    {
        while (true)
        {
            try
            {
                var connection = await _tcp.AcceptTcpClientAsync(_ending.Token);
                _playing.Enqueue(ReadTcpAsync(connection));
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task ReadTcpAsync(TcpClient connection)
    {
        using (connection)
        {
            connection.NoDelay = true;
            var stream = connection.GetStream();
            var length = new byte[2];
            await stream.ReadExactlyAsync(length);
            var bytes = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
            await stream.ReadExactlyAsync(bytes);
            await Play(true, bytes, (IPEndPoint)connection.Client.RemoteEndPoint!, async answer =>
            {
                // In pieces, the first of which is half of the length: nobody may count on more.
                byte[] framed = [(byte)(answer.Length >> 8), (byte)answer.Length, .. answer];
                await stream.WriteAsync(framed.AsMemory(0, 1));
                await Task.Delay(2);
                await stream.WriteAsync(framed.AsMemory(1, framed.Length / 2));
                await Task.Delay(2);
                await stream.WriteAsync(framed.AsMemory(1 + (framed.Length / 2)));
            });
        }
    }

    private Task Play(bool isTcp, byte[] bytes, IPEndPoint client, Func<byte[], Task> send)
    {
        var query = new ReceivedQuery(Interlocked.Increment(ref _number), isTcp, bytes, client, send);
        _received.Enqueue(query);
        var playing = Task.Run(() => _script(query));
        _playing.Enqueue(playing);
        return playing;
    }
}
