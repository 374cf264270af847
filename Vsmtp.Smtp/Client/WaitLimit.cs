namespace Vsmtp.Smtp.Client;

/// <summary>
/// The time limits of one connection's waits, one after the other: as <see cref="Deadline"/>, but with one timer for all of them, since a
/// mail has a dozen waits. Not thread-safe.
/// </summary>
internal sealed class WaitLimit(TimeProvider time) : IDisposable
{
    private CancellationTokenSource? _source;
    private CancellationTokenRegistration _registration;
    private CancellationToken _caller;

    /// <summary>The time of the wait is over, and its caller did not cancel.</summary>
    public bool HasPassed => _source?.IsCancellationRequested is true && !_caller.IsCancellationRequested;

    /// <returns>Cancelled after <paramref name="limit"/>, or when the caller's is.</returns>
    public CancellationToken Begin(TimeSpan limit, CancellationToken caller)
    {
        if (_source?.TryReset() is true)
        {
            _source.CancelAfter(limit);
        }
        else
        {
            _source?.Dispose();
            _source = new CancellationTokenSource(limit, time);
        }

        _caller = caller;
        _registration = caller.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
        return _source.Token;
    }

    /// <summary>The wait is over. The timer runs on, and is set anew by the next wait.</summary>
    public void End() => _registration.Dispose();

    public void Dispose()
    {
        _registration.Dispose();
        _source?.Dispose();
    }
}
