using System.IO.Pipelines;
using System.Net.Security;

namespace Vsmtp.Smtp.Wire;

/// <summary>TLS over a pipe, as a pipe (RFC 8446, RFC 5246). Does not own the pipe below.</summary>
internal sealed class TlsPipe : IDuplexPipe, IDisposable
{
    /// <summary>As much as a record holds (RFC 8446 §5.1); held only while there is something to read.</summary>
    private const int ReadBufferBytes = 16 * 1024;

    private readonly IDuplexPipe _below;
    private readonly SslStream _tls;

    public TlsPipe(IDuplexPipe below)
    {
        _below = below;
        _tls = new SslStream(new DuplexPipeStream(below), leaveInnerStreamOpen: true);
        Input = PipeReader.Create(_tls, new StreamPipeReaderOptions(bufferSize: ReadBufferBytes, useZeroByteReads: true));
        Output = PipeWriter.Create(_tls);
    }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    /// <summary>What was agreed on; there is something once the handshake has ended.</summary>
    public SslStream Agreed => _tls;

    /// <summary>The server's side of the handshake.</summary>
    /// <exception cref="System.Security.Authentication.AuthenticationException">Nothing was agreed on.</exception>
    /// <exception cref="IOException">The peer is gone, or speaks no TLS.</exception>
    /// <exception cref="OperationCanceledException">The token ended it.</exception>
    public Task AcceptAsync(ServerOptionsSelectionCallback optionsFor, CancellationToken cancellationToken) =>
        _tls.AuthenticateAsServerAsync(optionsFor, null, cancellationToken);

    /// <summary>Tells the peer that no more comes (close_notify, RFC 8446 §6.1), so that it can tell an end from a cut.</summary>
    /// <param name="limit">For the peer to take it.</param>
    public async ValueTask SayGoodbyeAsync(TimeSpan limit, TimeProvider time)
    {
        using var patience = new CancellationTokenSource(limit, time);
        using (patience.Token.UnsafeRegister(static output => ((PipeWriter)output!).CancelPendingFlush(), _below.Output))
        {
            try
            {
                await _tls.ShutdownAsync().ConfigureAwait(false);
            }
            catch (Exception gone) when (gone is IOException or InvalidOperationException or ObjectDisposedException)
            {
                // There is nobody to tell, or there was no handshake.
            }
        }
    }

    /// <summary>Nothing is read or written any more. What was written and not flushed is forgotten.</summary>
    public void Dispose()
    {
        Input.Complete();
        _tls.Dispose();
    }
}
