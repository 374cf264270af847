using System.Net;
using System.Runtime.CompilerServices;
using Vsmtp.Mail.Transfer;
using Vsmtp.Smtp.Replies;

namespace Vsmtp.Smtp.Client;

/// <summary>A session with one server: greeted, and ready for one mail after the other. Not thread-safe.</summary>
/// <remarks>To dispose it closes the connection without a word; <see cref="QuitAsync"/> says goodbye first.</remarks>
public sealed partial class SmtpClientConnection : IDisposable
{
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly SmtpDestination _destination;
    private readonly SmtpClientOptions _options;
    private readonly SmtpWire _wire;
    private readonly bool _isLoopback;
    private bool _isBroken;

    private SmtpClientConnection(SmtpDestination destination, SmtpClientOptions options, SmtpWire wire, IPAddress address)
    {
        _destination = destination;
        _options = options;
        _wire = wire;
        Server = Describe(destination, address.ToString());
        _isLoopback = IPAddress.IsLoopback(address);
    }

    /// <summary>The destination and, for a name, the address behind it, as <c>mx.example.org:25 (192.0.2.1)</c>.</summary>
    public string Server { get; }

    /// <summary>The name, or the address, of the destination.</summary>
    public string Host => _destination.Host;

    /// <summary>What the server announced last: behind TLS if there is TLS.</summary>
    public SmtpCapabilities Capabilities { get; private set; } = SmtpCapabilities.None;

    /// <summary>The session is under TLS.</summary>
    public bool IsSecured => _wire.IsSecured;

    /// <summary>As <see cref="SmtpSendResult.TlsFault"/>.</summary>
    internal string? TlsFault { get; private set; } = "the session is not under TLS";

    /// <summary>Another mail can be sent: nothing broke, the server did not say 421, and has not closed since.</summary>
    public bool IsUsable => !_isBroken && _wire.IsQuiet;

    /// <summary>
    /// Connects, reads the banner, says EHLO, and HELO to who does not know EHLO, or LHLO; then STARTTLS if it is wished, and EHLO again.
    /// </summary>
    /// <exception cref="SmtpConnectException">There is no session, or none with the TLS that is asked for.</exception>
    public static async Task<SmtpClientConnection> ConnectAsync(
        SmtpDestination destination, SmtpClientOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            return await OpenAsync(destination, options, time, cancellationToken).ConfigureAwait(false);
        }
        catch (SmtpConnectException e) when (options.Tls.Level == TlsLevel.May && e.IsOfTlsItself)
        {
            // As Postfix does with "may": a server whose TLS is out of order is spoken to in clear, as one that has none.
            return await OpenAsync(destination, options with { Tls = SmtpTls.None }, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Says QUIT, waits shortly for the answer (RFC 5321 §4.1.1.10) and closes, whatever the other side does.</summary>
    public async Task QuitAsync()
    {
        try
        {
            if (!_isBroken) await AskAsync("QUIT", SmtpClientPhase.Quit, Farewell, CancellationToken.None).ConfigureAwait(false);
        }
        catch (SmtpConversationException)
        {
            // It is gone, which is what we wanted.
        }
        finally
        {
            Dispose();
        }
    }

    public void Dispose()
    {
        _isBroken = true;
        _wire.Dispose();
    }

    private static async Task<SmtpClientConnection> OpenAsync(
        SmtpDestination destination, SmtpClientOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var (socket, address) = await SmtpDialer.DialAsync(destination, options.Timeouts.Connect, time, cancellationToken)
            .ConfigureAwait(false);
        var connection = new SmtpClientConnection(
            destination, options, new SmtpWire(socket, options.AcknowledgesQuickly, time), address);
        try
        {
            await connection.GreetAsync(cancellationToken).ConfigureAwait(false);
            return connection;
        }
        catch (SmtpConversationException e)
        {
            connection.Dispose();
            throw new SmtpConnectException(e.Phase, e.Message, e);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private async ValueTask<SmtpReply> AskAsync(
        string line, SmtpClientPhase phase, TimeSpan limit, CancellationToken cancellationToken)
    {
        SmtpCommandLines.Write(_wire.Output, line);
        await FlushAsync(phase, limit, cancellationToken).ConfigureAwait(false);
        return await ReadAsync(phase, limit, cancellationToken).ConfigureAwait(false);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask FlushAsync(SmtpClientPhase phase, TimeSpan limit, CancellationToken cancellationToken)
    {
        // Until it has gone well, half a command may be out.
        var wasBroken = _isBroken;
        _isBroken = true;
        await _wire.FlushAsync(phase, limit, cancellationToken).ConfigureAwait(false);
        _isBroken = wasBroken;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<SmtpReply> ReadAsync(SmtpClientPhase phase, TimeSpan limit, CancellationToken cancellationToken)
    {
        var wasBroken = _isBroken;
        _isBroken = true;
        var reply = await _wire.ReadReplyAsync(phase, limit, cancellationToken).ConfigureAwait(false);
        // RFC 5321 §3.8: 421 to any command, then the server closes.
        _isBroken = wasBroken || reply.Code == 421;
        return reply;
    }

    private static string Describe(SmtpDestination destination, string address) =>
        address == destination.Host ? destination.ToString() : $"{destination} ({address})";
}
