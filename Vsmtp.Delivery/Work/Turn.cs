namespace Vsmtp.Delivery.Work;

/// <summary>One place of a semaphore, given back once.</summary>
internal sealed class Turn(SemaphoreSlim slots) : IDisposable
{
    private SemaphoreSlim? _slots = slots;

    public void Dispose() => Interlocked.Exchange(ref _slots, null)?.Release();
}
