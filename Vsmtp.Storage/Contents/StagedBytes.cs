using Vsmtp.Contracts.Content;

namespace Vsmtp.Storage.Contents;

/// <summary>How many bytes are being taken by this process or wait in its store for a mail that names them, and how many may.</summary>
/// <param name="waiting">In the store, at first.</param>
/// <param name="bound">Of both together.</param>
/// <param name="recount">
/// Where other processes have the same store: how many wait in it, as it says itself. Others name and collect what this one staged
/// and do not tell, so this one's own count only grows; it is put right before anything is refused.
/// </param>
internal sealed class StagedBytes(long waiting, long bound, Func<CancellationToken, Task<long>>? recount = null)
{
    private readonly Lock _recounting = new();
    private long _open;
    private long _waiting = waiting;
    private Task _recounted = Task.CompletedTask;

    private bool IsWithinBound => Interlocked.Read(ref _open) + Interlocked.Read(ref _waiting) <= bound;

    /// <summary>Of a stage that is open.</summary>
    /// <exception cref="StoreFullException">They would be too many; nothing was counted.</exception>
    public async ValueTask TakeAsync(long bytes, CancellationToken cancellationToken)
    {
        Interlocked.Add(ref _open, bytes);
        try
        {
            if (IsWithinBound || await IsWithinBoundAsync(cancellationToken).ConfigureAwait(false)) return;
        }
        catch
        {
            Release(bytes);
            throw;
        }

        Release(bytes);
        throw new StoreFullException($"More than {bound} bytes are being taken or wait for a mail that names them.");
    }

    /// <summary>Their stage has ended without a trace in the store.</summary>
    public void Release(long bytes) => Interlocked.Add(ref _open, -bytes);

    /// <summary>Their stage is complete: they wait now.</summary>
    public void Complete(long bytes)
    {
        Interlocked.Add(ref _waiting, bytes);
        Release(bytes);
    }

    /// <summary>They were named, or are gone; among several processes perhaps another's, so that only a recount can tell.</summary>
    public void Settle(long bytes)
    {
        if (recount is null) Interlocked.Add(ref _waiting, -bytes);
    }

    private async Task<bool> IsWithinBoundAsync(CancellationToken cancellationToken)
    {
        if (recount is null) return false;
        Task recounted;
        lock (_recounting)
        {
            // One serves all who wait for it.
            if (_recounted.IsCompleted) _recounted = RecountAsync(recount);
            recounted = _recounted;
        }

        await recounted.WaitAsync(cancellationToken).ConfigureAwait(false);
        return IsWithinBound;
    }

    private async Task RecountAsync(Func<CancellationToken, Task<long>> count) =>
        Interlocked.Exchange(ref _waiting, await count(CancellationToken.None).ConfigureAwait(false));
}
