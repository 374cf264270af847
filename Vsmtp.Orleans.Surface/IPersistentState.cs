using Orleans.Core;

namespace Orleans.Runtime;

/// <summary>A state of a grain, given to its constructor, read before its activation.</summary>
public interface IPersistentState<TState> : IStorage<TState>;

/// <summary>Names the state and the storage of an <see cref="IPersistentState{TState}"/> parameter.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class PersistentStateAttribute(string stateName, string? storageName = null) : Attribute
{
    public string StateName { get; } = stateName;

    public string? StorageName { get; } = storageName;
}
