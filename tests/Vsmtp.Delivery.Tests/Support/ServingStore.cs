using Vsmtp.Contracts.Stores;

namespace Vsmtp.Delivery.Tests.Support;

/// <summary>The health of a store that is away when a test says so.</summary>
internal sealed class ServingStore : IStoreHealth
{
    private volatile TaskCompletionSource? _back;

    public StoreCondition Condition => _back is null ? StoreCondition.Serving : StoreCondition.Away;

    public bool HasRoomFor(long bytes) => true;

    public Task WhenBackAsync(CancellationToken cancellationToken) => _back?.Task.WaitAsync(cancellationToken) ?? Task.CompletedTask;

    public void Leave() => _back = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Return()
    {
        var back = _back!;
        _back = null;
        back.SetResult();
    }
}
