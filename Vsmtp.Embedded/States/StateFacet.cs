using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace Vsmtp.Embedded.States;

/// <summary>One state of one activation.</summary>
internal abstract class StateFacet
{
    public abstract Task ReadStateAsync();
}

/// <summary>One state of one activation, between the grain and its storage.</summary>
internal sealed class StateFacet<TState>(IGrainContext activation, string name, IGrainStorage storage) : StateFacet, IPersistentState<TState>
{
    private readonly GrainState<TState> _state = new();

    public TState State
    {
        get => _state.State;
        set => _state.State = value;
    }

    public string? Etag => _state.ETag;

    public bool RecordExists => _state.RecordExists;

    public override Task ReadStateAsync() => InTurn().ReadStateAsync(name, activation.GrainId, _state);

    public Task WriteStateAsync() => InTurn().WriteStateAsync(name, activation.GrainId, _state);

    public Task ClearStateAsync() => InTurn().ClearStateAsync(name, activation.GrainId, _state);

    /// <summary>Outside its turns nobody may touch a grain's state: two threads could.</summary>
    private IGrainStorage InTurn() => RuntimeContext.Current == activation
        ? storage
        : throw new InvalidOperationException($"{activation.GrainId}: the state \"{name}\" was used outside a turn of its grain.");
}
