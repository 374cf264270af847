using System.Reflection;

namespace Vsmtp.Embedded.Hosting;

/// <summary>What an embedded host runs and how patient it is.</summary>
public sealed class EmbeddedHostOptions
{
    private readonly List<Assembly> _assemblies = [];

    /// <summary>How long an activation stays in memory after its last call has ended. Default: 2 s (design rule 8).</summary>
    public TimeSpan CollectionAge { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long a caller waits for an answer; then it gets a <see cref="TimeoutException"/> and the call goes on, outcome unknown.
    /// A call that waits in a queue for so long is not begun. Default: 30 s, as Orleans has it.
    /// </summary>
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The file whose lock proves that no other process runs these grains; beside the database. Null where the store itself
    /// proves it. Default: null.
    /// </summary>
    public string? LockFile { get; set; }

    internal IReadOnlyList<Assembly> Assemblies => _assemblies;

    /// <summary>Runs the grain classes of <paramref name="assembly"/>.</summary>
    public EmbeddedHostOptions AddGrains(Assembly assembly)
    {
        _assemblies.Add(assembly);
        return this;
    }

    /// <exception cref="ArgumentOutOfRangeException">A time is not between 10 ms and a day.</exception>
    internal void Check()
    {
        Check(CollectionAge, nameof(CollectionAge));
        Check(ResponseTimeout, nameof(ResponseTimeout));
    }

    private static void Check(TimeSpan time, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.FromMilliseconds(10), name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(time, TimeSpan.FromDays(1), name);
    }
}
