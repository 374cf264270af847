namespace Vsmtp.Smtp.Client;

/// <summary>A token that is cancelled after a time or when the caller's is; tells the two apart.</summary>
internal sealed class Deadline : IDisposable
{
    private readonly CancellationTokenSource _timer;
    private readonly CancellationTokenSource _linked;

    public Deadline(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        _timer = new CancellationTokenSource(limit, time);
        _linked = CancellationTokenSource.CreateLinkedTokenSource(_timer.Token, cancellationToken);
        Caller = cancellationToken;
    }

    public CancellationToken Token => _linked.Token;

    private CancellationToken Caller { get; }

    /// <summary>The time is over, and the caller did not cancel.</summary>
    public bool HasPassed => _timer.IsCancellationRequested && !Caller.IsCancellationRequested;

    public void Dispose()
    {
        _linked.Dispose();
        _timer.Dispose();
    }
}
