using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Vsmtp.Smtp.Commands;
using Vsmtp.Smtp.Replies;
using Vsmtp.Smtp.Wire;

namespace Vsmtp.Smtp.Server;

/// <summary>The server's side of one conversation (RFC 5321 §3): it owns what is said, its policy owns what is decided.</summary>
/// <remarks>Replies gather while whole commands are waiting and go out together (RFC 2920 §3.2).</remarks>
public sealed partial class SmtpServerSession
{
    /// <summary>Replies beyond this go out before the next command is read: what arrived at once may be a megabyte of EHLOs.</summary>
    private const int MaxUnsentBytes = 16 * 1024;

    private readonly SmtpServerOptions _options;
    private readonly SmtpConnection _connection;
    private readonly ISmtpSessionPolicy _policy;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CommandLineReader _lines = new();

    private SmtpWire _wire = null!;
    private CancellationToken _shutdown;
    private CancellationToken _abort;
    private SmtpPhase _phase = SmtpPhase.Connected;
    private SmtpTransaction? _transaction;

    /// <summary>Of the mail that comes next.</summary>
    private XForwardAttributes? _told;

    private bool _wasAsked;

    public SmtpServerSession(
        SmtpServerOptions options, SmtpConnection connection, ISmtpSessionPolicy policy, TimeProvider time, ILogger logger)
    {
        (_options, _connection, _policy, _time, _logger) = (options, connection, policy, time, logger);
    }

    private SmtpSessionInfo Info => _connection.Info;

    private SmtpExtensions Extensions => Info.MayTellOrigin ? _options.Extensions | SmtpExtensions.XForward : _options.Extensions;

    /// <summary>Talks until one side hangs up. Throws for nothing that client or policy do. Call once.</summary>
    /// <param name="shutdown">The server stops: the client is told 421 before its next command; a message being read is read to
    /// its end.</param>
    /// <param name="abort">The connection is given up at once.</param>
    public async Task<SessionEnd> RunAsync(CancellationToken shutdown, CancellationToken abort)
    {
        (_shutdown, _abort) = (shutdown, abort);
        using var wire = new SmtpWire(_connection.Pipe, _connection.Pacing, _time, shutdown);
        _wire = wire;
        var end = SessionEnd.ConnectionLost;
        try
        {
            end = await ConverseAsync().ConfigureAwait(false);
        }
        catch (Exception lost) when (lost is OperationCanceledException or IOException || abort.IsCancellationRequested)
        {
            // The transport says so in its own way; there is nobody left to answer.
        }
        finally
        {
            await LeaveAsync(end).ConfigureAwait(false);
            await wire.CloseAsync(isLost: end is SessionEnd.ConnectionLost, GoodbyeTimeout).ConfigureAwait(false);
            LogSessionEnded(Info, end);
        }

        return end;
    }

    private async ValueTask<SessionEnd> ConverseAsync()
    {
        var end = await GreetAsync().ConfigureAwait(false);
        while (end is null)
        {
            var (outcome, line) = await NextLineAsync(LineDeadline).ConfigureAwait(false);
            end = outcome is LineOutcome.Line
                ? await ExecuteAsync(line).ConfigureAwait(false)
                : await NoLineAsync(outcome, SmtpReplies.LineTooLong).ConfigureAwait(false);
        }

        return end.Value;
    }

    /// <summary>What is said where no line came.</summary>
    private async ValueTask<SessionEnd?> NoLineAsync(LineOutcome outcome, SmtpReply tooLong) => outcome switch
    {
        LineOutcome.TooLong => await ReplyAsync(tooLong).ConfigureAwait(false),
        LineOutcome.BadLineEnd => await HangUpAsync(SmtpReplies.BadLineEnd, SessionEnd.BadLine).ConfigureAwait(false),
        LineOutcome.TimedOut => await HangUpAsync(_options.Replies.TimedOut, SessionEnd.TimedOut).ConfigureAwait(false),
        LineOutcome.Shutdown => await HangUpAsync(SmtpReplies.ShuttingDown, SessionEnd.Shutdown).ConfigureAwait(false),
        _ => SessionEnd.ConnectionLost,
    };

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<(LineOutcome Outcome, ReadOnlyMemory<byte> Line)> NextLineAsync(Deadline deadline)
    {
        while (true)
        {
            if (_shutdown.IsCancellationRequested) return (LineOutcome.Shutdown, default);
            if (_wire.UnsentBytes >= MaxUnsentBytes && !await FlushAsync().ConfigureAwait(false)) return (LineOutcome.EndOfInput, default);
            var input = _wire.Buffer;
            var outcome = _lines.TryTake(ref input, LongestLine, out var line);
            _wire.Buffer = input;
            if (outcome is { } taken) return (taken, line);

            if (!await FlushAsync().ConfigureAwait(false)) return (LineOutcome.EndOfInput, default);
            switch (await _wire.ReadAsync(deadline, inData: false, _abort).ConfigureAwait(false))
            {
                case WireRead.EndOfInput: return (LineOutcome.EndOfInput, default);
                case WireRead.TimedOut: return (LineOutcome.TimedOut, default);
                case WireRead.Shutdown: return (LineOutcome.Shutdown, default);
            }
        }
    }

    /// <summary>RFC 4954 §4 gives AUTH far more than any other has.</summary>
    private int LongestLine => _options.Auth is null ? SmtpCommandLimits.Longest : SmtpCommandLimits.Auth;

    /// <summary>A message in chunks has one time for all of it, what is said between them included.</summary>
    private Deadline LineDeadline
    {
        get
        {
            var line = new Deadline(_time, PhaseTimeout);
            return _chunked is null ? line : Deadline.Earlier(line, _chunksEnd);
        }
    }

    private TimeSpan PhaseTimeout => _phase switch
    {
        SmtpPhase.Greeted => _options.Timeouts.Helo,
        SmtpPhase.Sender => _options.Timeouts.MailFrom,
        SmtpPhase.Recipients => _options.Timeouts.RcptTo,
        SmtpPhase.Chunks => _options.Timeouts.Data,
        _ => _options.Timeouts.Connect,
    };

    private async ValueTask LeaveAsync(SessionEnd end)
    {
        var reason = end switch
        {
            SessionEnd.ConnectionLost => TransactionEnd.ConnectionLost,
            SessionEnd.TimedOut => TransactionEnd.TimedOut,
            _ => TransactionEnd.Closed,
        };
        // An aborted connection must still be heard of, so its token does not go along.
        await EndTransactionAsync(reason, CancellationToken.None).ConfigureAwait(false);
        // That the server stops is no client's failure.
        if (_unsettled is { } mechanism && end is not SessionEnd.Shutdown)
        {
            LogNotAuthenticated(Info, mechanism.Name);
            await TellAsync(
                nameof(_policy.OnNotAuthenticatedAsync),
                async () => await _policy.OnNotAuthenticatedAsync(Info, CancellationToken.None).ConfigureAwait(false)).ConfigureAwait(false);
        }

        if (_wasAsked) await TellAsync(nameof(_policy.OnDisconnectedAsync), () => _policy.OnDisconnectedAsync(Info, end)).ConfigureAwait(false);
    }

    /// <summary>Tells the policy of what is over; that it throws changes nothing.</summary>
    private async ValueTask TellAsync(string step, Func<ValueTask> word)
    {
        try
        {
            await word().ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            LogPolicyFailed(fault, Info, step, _phase);
        }
    }

    private async ValueTask EndTransactionAsync(TransactionEnd reason, CancellationToken cancellationToken)
    {
        await AbandonChunksAsync(reason switch
        {
            TransactionEnd.ConnectionLost or TransactionEnd.Closed => MessageAbort.ConnectionLost,
            TransactionEnd.TimedOut => MessageAbort.TimedOut,
            _ => MessageAbort.Withdrawn,
        }).ConfigureAwait(false);
        _told = null;
        if (_transaction is not { } transaction) return;
        _transaction = null;
        try
        {
            await _policy.OnResetAsync(transaction, reason, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            LogPolicyFailed(fault, Info, nameof(_policy.OnResetAsync), _phase);
        }
    }
}
