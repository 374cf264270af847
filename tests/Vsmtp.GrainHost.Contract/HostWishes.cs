namespace Vsmtp.GrainHost.Contract;

/// <summary>How a test wants its host.</summary>
public sealed record HostWishes
{
    /// <summary>Long, unless the test is about it.</summary>
    public TimeSpan CollectionAge { get; init; } = TimeSpan.FromMinutes(10);

    public TimeSpan ResponseTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a call is passed on that finds its activation ending; null for the host's default. Only Orleans counts.</summary>
    public int? MaxForwards { get; init; }

    /// <summary>The clock of the host; null for the real one. On Orleans it is that of reminders alone.</summary>
    public ManualTime? Time { get; init; }
}
