namespace Vsmtp.Gateway.Authentication;

/// <summary>
/// Derives keys from passwords, off the sessions' threads and so many at once and no more: who tries passwords must not have all processors for it. Thread-safe.
/// </summary>
/// <param name="most">Derivations at once.</param>
internal sealed class KeyWorkers(int most) : IDisposable
{
    private readonly SemaphoreSlim _free = new(most);
    private int _turns;

    /// <summary>Half of them, and one at least.</summary>
    public static int HalfTheProcessors => Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>Derivations whose turn has come, ever.</summary>
    internal int Turns => Volatile.Read(ref _turns);

    /// <summary>Waits for its turn, then derives.</summary>
    /// <exception cref="OperationCanceledException">The token, before it began: what has begun goes on to its end, and keeps its place until then.</exception>
    public async Task<T> RunAsync<T>(Func<T> derive, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            Interlocked.Increment(ref _turns);
            return await Task.Run(derive, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _free.Release();
        }
    }

    public void Dispose() => _free.Dispose();
}
