namespace Vsmtp.Delivery.Work;

/// <summary>So many at once, always.</summary>
internal sealed class FixedTurns(int width) : ITurns
{
    private readonly SemaphoreSlim _slots = new(width, width);

    public bool IsKept => false;

    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new Turn(_slots);
    }

    public void Dispose() => _slots.Dispose();
}
