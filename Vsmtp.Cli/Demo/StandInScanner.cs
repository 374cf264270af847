using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Vsmtp.Smtp.Server;

namespace Vsmtp.Cli.Demo;

/// <summary>A small filter for machines without clamd: finds the EICAR test file in clear, adds clamsmtpd's headers, passes everything on.</summary>
/// <param name="site">Its ports.</param>
/// <param name="why">Why it is used, for the reader.</param>
internal sealed class StandInScanner(DemoSite site, string why) : IDemoScanner
{
    private readonly TcpListener _listener = new(site.Scanner);
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _sessions = [];
    private Task _accepting = Task.CompletedTask;

    public string Description => $"a small stand-in filter, {why}";

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _listener.Start();
        _accepting = AcceptAsync();
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_sessions);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _sessions.Add(ServeAsync(await _listener.AcceptSocketAsync(_stopping.Token)));
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The demo ends.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        var pipe = new DuplexPipe(PipeReader.Create(stream), PipeWriter.Create(stream));
        var info = new SmtpSessionInfo("stand-in", (IPEndPoint)socket.RemoteEndPoint!, (IPEndPoint)socket.LocalEndPoint!, DateTimeOffset.UtcNow);
        var options = new SmtpServerOptions { Domain = "stand-in", Extensions = SmtpExtensions.Receiver };
        var session = new SmtpServerSession(
            options, new SmtpConnection(pipe, info), new StandInPolicy(site.Receiver), TimeProvider.System, NullLogger.Instance);
        await session.RunAsync(_stopping.Token, _stopping.Token);
    }

    private sealed record DuplexPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
