using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Vsmtp.Smtp.Server;
using Vsmtp.Smtp.Wire;

namespace Vsmtp.Smtp.Tests.Support;

/// <summary>A session over two in-memory pipes, with the test as its client.</summary>
/// <remarks>The pipes run their readers inline: when a send returns, the session has done all it can do with it.</remarks>
internal sealed class SessionHarness : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Pipe _toServer = new(InlinePipe());
    private readonly Pipe _toClient;
    private readonly CancellationTokenSource _shutdown = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly StringBuilder _received = new();

    /// <param name="clientWindow">Octets that the client lets the server send before it takes any; 0: no bound.</param>
    public SessionHarness(
        RecordingPolicy policy, SmtpServerOptions? options = null, IReadPacing? pacing = null, long clientWindow = 0,
        bool isSubmission = false, bool maySpeakForOthers = false, bool mayTellOrigin = false)
    {
        _toClient = new Pipe(InlinePipe(clientWindow));
        var info = new SmtpSessionInfo(
            "s1", new IPEndPoint(IPAddress.Loopback, 40000), new IPEndPoint(IPAddress.Loopback, 25), Time.GetUtcNow())
        {
            MaySpeakForOthers = maySpeakForOthers,
            MayTellOrigin = mayTellOrigin,
        };
        var connection = new SmtpConnection(new Duplex(_toServer.Reader, _toClient.Writer), info, pacing) { IsSubmission = isSubmission };
        Session = new SmtpServerSession(options ?? Options, connection, policy, Time, NullLogger.Instance)
            .RunAsync(_shutdown.Token, _abort.Token);
    }

    /// <summary>Nothing but the name differs from the defaults.</summary>
    public static SmtpServerOptions Options { get; } = new() { Domain = "mx.example" };

    public ManualTime Time { get; } = new();

    public Task<SessionEnd> Session { get; }

    public Task SendAsync(byte[] bytes, Arrival arrival) => SendAsync(Cut(bytes, arrival));

    public async Task SendAsync(IEnumerable<byte[]> pieces)
    {
        foreach (var piece in pieces)
        {
            var result = await _toServer.Writer.WriteAsync(piece);
            if (result.IsCompleted) return;
        }
    }

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text), Arrival.Whole);

    /// <summary>What the server said since the last call, as it stands.</summary>
    public string Take()
    {
        Drain();
        var text = _received.ToString();
        _received.Clear();
        return text;
    }

    public void HangUp() => _toServer.Writer.Complete();

    public void BreakConnection() => _toServer.Writer.Complete(new IOException("connection reset"));

    public void Shutdown() => _shutdown.Cancel();

    public void Abort() => _abort.Cancel();

    public async Task<SessionEnd> EndAsync()
    {
        try
        {
            return await Session.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"The session does not end. It said: {Take()}");
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _abort.CancelAsync();
        await Session.WaitAsync(Patience);
        _shutdown.Dispose();
        _abort.Dispose();
    }

    private void Drain()
    {
        while (_toClient.Reader.TryRead(out var result))
        {
            _received.Append(Encoding.UTF8.GetString(result.Buffer.ToArray()));
            _toClient.Reader.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted || result.Buffer.IsEmpty) return;
        }
    }

    public static IEnumerable<byte[]> Cut(byte[] bytes, Arrival arrival)
    {
        if (arrival == Arrival.Whole) return [bytes];
        if (arrival == Arrival.ByOctet) return bytes.Chunk(1);
        var lines = new List<byte[]>();
        for (var start = 0; start < bytes.Length;)
        {
            var end = Array.IndexOf(bytes, (byte)'\n', start);
            end = end < 0 ? bytes.Length : end + 1;
            lines.Add(bytes[start..end]);
            start = end;
        }

        return lines;
    }

    private static PipeOptions InlinePipe(long window = 0) => new(
        readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline,
        pauseWriterThreshold: window, resumeWriterThreshold: window / 2, useSynchronizationContext: false);

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
