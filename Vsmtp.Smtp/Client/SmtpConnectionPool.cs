namespace Vsmtp.Smtp.Client;

/// <summary>Sends mails to one destination over connections that are kept for a while. Thread-safe.</summary>
/// <remarks>How many mails go at once is the caller's to bound; each has a connection of its own.</remarks>
public sealed class SmtpConnectionPool : IAsyncDisposable
{
    private readonly SmtpDestination _destination;
    private readonly SmtpClientOptions _options;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _connects;
    private readonly ITimer _sweeper;
    private readonly Lock _gate = new();

    /// <summary>Longest idle first; the last one is taken first, so that the others can expire.</summary>
    private readonly List<Idle> _idle = [];
    private Task _farewells = Task.CompletedTask;
    private bool _isDisposed;

    public SmtpConnectionPool(SmtpDestination destination, SmtpClientOptions options, TimeProvider time)
    {
        _destination = destination;
        _options = options;
        _time = time;
        _connects = new SemaphoreSlim(options.MaxConnects, options.MaxConnects);
        _sweeper = time.CreateTimer(_ => CloseExpired(), null, options.IdleTime, options.IdleTime);
    }

    /// <summary>Connections that wait for a mail.</summary>
    public int IdleCount
    {
        get
        {
            lock (_gate) return _idle.Count;
        }
    }

    /// <summary>Sends one mail over a kept connection or a new one.</summary>
    /// <remarks>A kept connection that turns out to be dead before MAIL was answered is replaced, once, by a new one.</remarks>
    /// <exception cref="SmtpConnectException">There is no session to be had.</exception>
    /// <exception cref="SmtpConversationException">The conversation broke.</exception>
    public async Task<SmtpSendResult> SendAsync(SmtpTransaction transaction, CancellationToken cancellationToken)
    {
        if (TakeIdle(transaction.RequiresTls) is { } kept)
        {
            try
            {
                var result = await SendAndKeepAsync(kept, transaction, cancellationToken).ConfigureAwait(false);
                if (!WasHungUp(result)) return result;
            }
            catch (SmtpConversationException e) when (e is { Phase: SmtpClientPhase.XForward or SmtpClientPhase.Mail, Reason: SmtpBreak.Closed })
            {
                // The server closed it while nobody looked; it cannot have taken anything of this mail.
            }
        }

        var made = await ConnectAsync(cancellationToken).ConfigureAwait(false);
        return await SendAndKeepAsync(new Session(made, _time.GetTimestamp()), transaction, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Says goodbye on all kept connections. Connections in use are closed when their mail is done.</summary>
    public async ValueTask DisposeAsync()
    {
        await _sweeper.DisposeAsync().ConfigureAwait(false);
        Task farewells;
        lock (_gate)
        {
            _isDisposed = true;
            LetGo(0, _idle.Count);
            farewells = _farewells;
        }

        await farewells.ConfigureAwait(false);
    }

    private async Task<SmtpSendResult> SendAndKeepAsync(
        Session session, SmtpTransaction transaction, CancellationToken cancellationToken)
    {
        try
        {
            return await session.Connection.SendAsync(transaction, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Keep(session);
        }
    }

    private async Task<SmtpClientConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        await _connects.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await SmtpClientConnection.ConnectAsync(_destination, _options, _time, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _connects.Release();
        }
    }

    /// <summary>421 to the first command on a kept connection says that it was idle for too long (RFC 5321 §3.8), nothing about the mail.</summary>
    private static bool WasHungUp(SmtpSendResult result) =>
        result.Recipients is [{ Phase: SmtpClientPhase.XForward or SmtpClientPhase.Mail, Reply.Code: 421 }, ..];

    /// <param name="underTls">One that was made in clear is of no use; the server may have TLS by now.</param>
    private Session? TakeIdle(bool underTls)
    {
        lock (_gate)
        {
            while (_idle.FindLastIndex(idle => !underTls || idle.Session.Connection.IsSecured) is >= 0 and var last)
            {
                var session = _idle[last].Session;
                if (_time.GetElapsedTime(session.OpenedAt) >= _options.MaxAge)
                {
                    LetGo(last, 1);
                    continue;
                }

                _idle.RemoveAt(last);
                if (session.Connection.IsUsable) return session;
                session.Connection.Dispose();
            }
        }

        return null;
    }

    private void Keep(Session session)
    {
        if (!session.Connection.IsUsable)
        {
            session.Connection.Dispose();
            return;
        }

        lock (_gate)
        {
            _idle.Add(new Idle(session, _time.GetTimestamp()));
            var room = _isDisposed ? 0 : _options.MaxIdle;
            if (_idle.Count > room) LetGo(0, _idle.Count - room);
        }
    }

    private void CloseExpired()
    {
        lock (_gate)
        {
            var fresh = _idle.FindIndex(idle => _time.GetElapsedTime(idle.Since) < _options.IdleTime);
            LetGo(0, fresh < 0 ? _idle.Count : fresh);
        }
    }

    /// <summary>Under the lock. The goodbyes are awaited when the pool is disposed.</summary>
    private void LetGo(int start, int count)
    {
        if (count == 0) return;
        var farewells = _idle.GetRange(start, count).Select(idle => idle.Session.Connection.QuitAsync());
        _farewells = Task.WhenAll([_farewells.IsCompleted ? Task.CompletedTask : _farewells, .. farewells]);
        _idle.RemoveRange(start, count);
    }

    /// <summary>A connection and when it was made.</summary>
    private sealed record Session(SmtpClientConnection Connection, long OpenedAt);

    private readonly record struct Idle(Session Session, long Since);
}
