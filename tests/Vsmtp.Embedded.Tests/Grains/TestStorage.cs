using System.Collections.Concurrent;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace Vsmtp.Embedded.Tests.Grains;

/// <summary>Keeps states in memory under ETags; the test may write behind a grain's back.</summary>
public sealed class TestStorage : IGrainStorage
{
    public const string Name = "test-store";

    private readonly ConcurrentDictionary<(string, GrainId), (object State, int Version)> _records = new();

    /// <summary>Writes as another process would.</summary>
    public void WriteBehind<T>(string stateName, GrainId grainId, T state)
        where T : notnull => _records.AddOrUpdate((stateName, grainId), _ => (state, 1), (_, old) => (state, old.Version + 1));

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await Task.Yield();
        if (!_records.TryGetValue((stateName, grainId), out var found)) return;
        (grainState.State, grainState.ETag, grainState.RecordExists) = ((T)found.State, found.Version.ToString(), true);
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await Task.Yield();
        Check(stateName, grainId, grainState);
        var version = int.Parse(grainState.ETag ?? "0") + 1;
        _records[(stateName, grainId)] = (grainState.State!, version);
        (grainState.ETag, grainState.RecordExists) = (version.ToString(), true);
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        Check(stateName, grainId, grainState);
        _records.TryRemove((stateName, grainId), out _);
        (grainState.State, grainState.ETag, grainState.RecordExists) = (default, null, false);
        return Task.CompletedTask;
    }

    private void Check<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var stored = _records.TryGetValue((stateName, grainId), out var found) ? found.Version.ToString() : null;
        if (stored != grainState.ETag) throw new InconsistentStateException("Somebody wrote in between.", stored, grainState.ETag);
    }
}
