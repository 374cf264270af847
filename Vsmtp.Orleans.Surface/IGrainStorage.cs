using Orleans.Runtime;

namespace Orleans.Storage;

/// <summary>Where states are kept; registered by name.</summary>
public interface IGrainStorage
{
    /// <exception cref="InconsistentStateException">Never on reading; named for the family.</exception>
    Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

    /// <exception cref="InconsistentStateException">The stored ETag is not the one that was read.</exception>
    Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

    /// <exception cref="InconsistentStateException">The stored ETag is not the one that was read.</exception>
    Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);
}
