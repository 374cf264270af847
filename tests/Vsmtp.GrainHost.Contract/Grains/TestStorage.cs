using System.Collections.Concurrent;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace Vsmtp.GrainHost.Contract.Grains;

/// <summary>Keeps states in memory under ETags; the test may write behind a grain's back.</summary>
public sealed class TestStorage : IGrainStorage
{
    public const string Name = "test-store";

    private readonly ConcurrentDictionary<(string, GrainId), (object State, int Version)> _records = new();

    /// <summary>A write waits for this before it looks at what is stored.</summary>
    public Func<Task> BeforeWrite { get; set; } = () => Task.CompletedTask;

    /// <summary>The next write throws this.</summary>
    public Exception? Fault { get; set; }

    /// <summary>How often a grain's state was written.</summary>
    public int Writes { get; private set; }

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
        var (state, etag) = (grainState.State, grainState.ETag);   // what a storage sends is what it saw when it was called
        Writes++;
        await Task.Yield();
        await BeforeWrite();
        if (Fault is { } fault)
        {
            Fault = null;
            throw fault;
        }

        Check(stateName, grainId, etag);
        var version = int.Parse(etag ?? "0") + 1;
        _records[(stateName, grainId)] = (state!, version);
        (grainState.ETag, grainState.RecordExists) = (version.ToString(), true);
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        Check(stateName, grainId, grainState.ETag);
        _records.TryRemove((stateName, grainId), out _);
        (grainState.State, grainState.ETag, grainState.RecordExists) = (Activator.CreateInstance<T>(), null, false);
        return Task.CompletedTask;
    }

    private void Check(string stateName, GrainId grainId, string? etag)
    {
        var stored = _records.TryGetValue((stateName, grainId), out var found) ? found.Version.ToString() : null;
        if (stored != etag) throw new InconsistentStateException("Somebody wrote in between.", stored, etag);
    }
}
