using Orleans.Core;
using Orleans.Runtime;

namespace Orleans;

/// <summary>A grain with one state, named <c>state</c>, in the default storage. Prefer <see cref="IPersistentState{TState}"/>.</summary>
public class Grain<TGrainState> : Grain, IStateHolder
{
    private IStorage<TGrainState>? _storage;

    protected Grain()
    {
    }

    protected Grain(IStorage<TGrainState> storage) => _storage = storage;

    protected TGrainState State
    {
        get => Storage.State;
        set => Storage.State = value;
    }

    private IStorage<TGrainState> Storage =>
        _storage ?? throw new InvalidOperationException("The state is read after the grain was made, before OnActivateAsync.");

    protected virtual Task ClearStateAsync() => Storage.ClearStateAsync();

    protected virtual Task WriteStateAsync() => Storage.WriteStateAsync();

    protected virtual Task ReadStateAsync() => Storage.ReadStateAsync();

    Task IStateHolder.AttachAsync(IStorage storage)
    {
        _storage ??= (IStorage<TGrainState>)storage;
        return ReadStateAsync();
    }
}

/// <summary>How the host gives a <see cref="Grain{TGrainState}"/> its state.</summary>
internal interface IStateHolder
{
    /// <summary>Takes the storage and reads.</summary>
    Task AttachAsync(IStorage storage);
}
