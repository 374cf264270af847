using System.Net;
using System.Net.Sockets;
using Vsmtp.Smtp.Client;

namespace Vsmtp.Smtp.Tests.Client;

/// <summary>A server on loopback that plays one script for each connection, in order of arrival.</summary>
/// <remarks>Disposing it waits for the scripts and throws what went wrong in them: a script that expects in vain fails its test.</remarks>
public sealed class ScriptedSmtpServer : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TcpListener _listener;
    private readonly Queue<Func<ScriptedPeer, Task>> _scripts;
    private readonly CancellationTokenSource _ending = new();
    private readonly List<Task> _playing = [];
    private readonly Task _accepting;
    private readonly bool _repeatsLast;
    private int _accepted;

    public ScriptedSmtpServer(params Func<ScriptedPeer, Task>[] scripts)
        : this(new IPEndPoint(IPAddress.Loopback, 0), false, scripts)
    {
    }

    public ScriptedSmtpServer(IPAddress address, params Func<ScriptedPeer, Task>[] scripts)
        : this(new IPEndPoint(address, 0), false, scripts)
    {
    }

    /// <summary>At a place that is known before, as one server beside others at the same port.</summary>
    public ScriptedSmtpServer(IPEndPoint place, params Func<ScriptedPeer, Task>[] scripts)
        : this(place, false, scripts)
    {
    }

    /// <param name="repeatsLast">The last script is played for every further connection.</param>
    public ScriptedSmtpServer(bool repeatsLast, params Func<ScriptedPeer, Task>[] scripts)
        : this(new IPEndPoint(IPAddress.Loopback, 0), repeatsLast, scripts)
    {
    }

    /// <inheritdoc cref="ScriptedSmtpServer(bool, Func{ScriptedPeer, Task}[])"/>
    public ScriptedSmtpServer(IPEndPoint place, bool repeatsLast, params Func<ScriptedPeer, Task>[] scripts)
    {
        _listener = new TcpListener(place);
        _repeatsLast = repeatsLast;
        _scripts = new Queue<Func<ScriptedPeer, Task>>(scripts);
        _listener.Start();
        Destination = new SmtpDestination(place.Address.ToString(), ((IPEndPoint)_listener.LocalEndpoint).Port);
        _accepting = AcceptAsync();
    }

    public SmtpDestination Destination { get; }

    public int Accepted => Volatile.Read(ref _accepted);

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _accepting;
        _listener.Dispose();
        await Task.WhenAll(_playing).WaitAsync(Patience);
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_ending.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptSocketAsync(_ending.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            Interlocked.Increment(ref _accepted);
            var script = _scripts.Count == 0 ? _ => throw new InvalidOperationException("There is no script for this connection.")
                : _repeatsLast && _scripts.Count == 1 ? _scripts.Peek()
                : _scripts.Dequeue();
            _playing.Add(PlayAsync(socket, script));
        }
    }

    private static async Task PlayAsync(Socket socket, Func<ScriptedPeer, Task> script)
    {
        socket.NoDelay = true;
        using var peer = new ScriptedPeer(socket);
        await script(peer);
    }
}
