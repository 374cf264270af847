using System.Collections.Concurrent;

namespace Vsmtp.GrainHost.Contract.Grains;

/// <summary>What grains tell the test outside of their answers; a service of the host, one per test.</summary>
public sealed class Witness
{
    private readonly ConcurrentDictionary<string, int> _counts = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _gates = new();

    /// <summary>In the order in which they came.</summary>
    public ConcurrentQueue<string> Events { get; } = new();

    public int Count(string what) => _counts.GetValueOrDefault(what);

    /// <summary>Notes it; gives how often it was told.</summary>
    public int Tell(string what)
    {
        var count = _counts.AddOrUpdate(what, 1, static (_, count) => count + 1);
        Events.Enqueue(what);
        Gate($"told {what} {count}").TrySetResult();
        return count;
    }

    /// <summary>Completes when <see cref="Tell"/> was called with <paramref name="what"/> so many times.</summary>
    public Task Told(string what, int times = 1) => Gate($"told {what} {times}").Task.WaitAsync(TimeSpan.FromSeconds(20));

    /// <summary>Something that the test opens and grains wait for.</summary>
    public TaskCompletionSource Gate(string name) =>
        _gates.GetOrAdd(name, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
