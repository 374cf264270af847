using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace Vsmtp.Embedded.States;

/// <summary>One state of one activation.</summary>
internal interface IStateFacet
{
    Task ReadStateAsync();
}

/// <summary>One state of one activation, between the grain and its storage.</summary>
/// <remarks>Its operations run one after the other, even where the grain does not await them or calls interleave.</remarks>
internal sealed class StateFacet<TState>(IGrainContext activation, string name, IGrainStorage storage) : IStateFacet, IPersistentState<TState>
{
    private readonly GrainState<TState> _state = new(Activator.CreateInstance<TState>());
    private Task _last = Task.CompletedTask;

    public TState State
    {
        get => _state.State!;
        set => _state.State = value;
    }

    public string? Etag => _state.ETag;

    public bool RecordExists => _state.RecordExists;

    public Task ReadStateAsync() => InOrder(nameof(ReadStateAsync), () => storage.ReadStateAsync(name, activation.GrainId, _state));

    public Task WriteStateAsync() => InOrder(nameof(WriteStateAsync), () => storage.WriteStateAsync(name, activation.GrainId, _state));

    public Task ClearStateAsync() => InOrder(nameof(ClearStateAsync), () => storage.ClearStateAsync(name, activation.GrainId, _state));

    private Task InOrder(string what, Func<Task> operation)
    {
        // Outside its turns nobody may touch a grain's state: two threads could.
        if (RuntimeContext.Current != activation)
            throw new InvalidOperationException($"{activation.GrainId}: the state \"{name}\" was used outside a turn of its grain.");
        return _last = RunAsync(_last, what, operation);
    }

    private async Task RunAsync(Task before, string what, Func<Task> operation)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            await operation().ConfigureAwait(true);
        }
        catch (Exception fault) when (fault is not OrleansException)
        {
            // As Orleans has it: a grain that catches another type here would catch nothing in a cluster.
            throw new OrleansException($"Error from storage {storage.GetType()} during {what} of \"{name}\" for grain {activation.GrainId}: {fault.Message}", fault);
        }
    }
}
