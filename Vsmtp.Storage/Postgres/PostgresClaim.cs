namespace Vsmtp.Storage.Postgres;

/// <summary>Who else may have the store at the same time.</summary>
public enum ClaimMode
{
    /// <summary>Nobody: the embedded host, whose grains are in this process alone.</summary>
    Exclusive,

    /// <summary>Other silos of one cluster.</summary>
    Shared,
}

/// <summary>The right to use a store: a session's advisory lock.</summary>
/// <remarks>
/// The lock is as good as the connection that holds it. When that breaks, another process may have the store a moment later: nothing
/// more is written then. Who had it alone takes it again, under another incarnation, if nobody has had it meanwhile
/// (<see cref="PostgresKeeper"/>); else it is lost, and whoever holds the claim ends its process when <see cref="Lost"/> says so,
/// without another write.
/// </remarks>
public sealed class PostgresClaim : IDisposable
{
    private readonly PostgresStoreOptions _options;
    private readonly CancellationTokenSource _lost = new();
    private readonly Lock _gate = new();
    private ClaimSession _session;
    private bool _isDisposed;

    private PostgresClaim(PostgresStoreOptions options, ClaimMode mode, ClaimSession session)
    {
        _options = options;
        _session = session;
        Mode = mode;
    }

    public ClaimMode Mode { get; }

    /// <summary>This process, as the others see it: it lives until the claim and all that writes under it have ended.</summary>
    public StoreIncarnation Incarnation => _session.Incarnation;

    /// <summary>Cancelled when the claim, or the store that was opened with it, is lost for good.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Why; null while it is not lost.</summary>
    public string? Reason { get; private set; }

    /// <summary>The present hold.</summary>
    internal ClaimSession Session => _session;

    /// <summary>
    /// Takes the store, before anything of it is read. One who has it alone then waits until the last session of a writer before
    /// has ended: a batch of a killed process may still be on its way.
    /// </summary>
    /// <exception cref="StoreUnusableException">The database cannot be reached, or another process has the store.</exception>
    public static PostgresClaim Acquire(PostgresStoreOptions options, ClaimMode mode) =>
        ClaimSession.TryOpen(options, mode, out var holder) is { } session
            ? new PostgresClaim(options, mode, session)
            : throw new StoreUnusableException($"The mail store {options} is in use by {holder}: only one may run on this store.");

    public void Dispose()
    {
        lock (_gate)
        {
            if (_isDisposed) return;
            _isDisposed = true;
        }

        _session.Dispose();
        _lost.Dispose();
    }

    /// <summary>It is over for good; the first reason counts.</summary>
    internal void Lose(string reason)
    {
        lock (_gate)
        {
            if (_isDisposed || Reason is not null) return;
            Reason = reason;
        }

        _lost.Cancel();
    }

    /// <summary>Lets go of what is left of a broken hold and takes the store again, under another incarnation.</summary>
    /// <returns>Null: taken. Else who has it, by the name that its session has.</returns>
    /// <exception cref="StoreUnusableException">The database cannot be reached.</exception>
    internal string? TryRenew()
    {
        _session.Dispose();
        var session = ClaimSession.TryOpen(_options, Mode, out var holder);
        if (session is null) return holder;
        lock (_gate)
        {
            if (!_isDisposed)
            {
                _session = session;
                return null;
            }
        }

        session.Dispose();
        return null;
    }

    /// <summary>An SQL condition: whether the incarnation with this name, another than ours, has ended. Who is alone need not look.</summary>
    /// <param name="name">An SQL expression of type text.</param>
    internal string HasEnded(string name) => Mode is ClaimMode.Exclusive ? "TRUE" : IncarnationLock.HasEnded(name);
}
