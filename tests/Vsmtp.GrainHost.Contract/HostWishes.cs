namespace Vsmtp.GrainHost.Contract;

/// <summary>How a test wants its host.</summary>
public sealed record HostWishes
{
    /// <summary>Long, unless the test is about it.</summary>
    public TimeSpan CollectionAge { get; init; } = TimeSpan.FromMinutes(10);

    public TimeSpan ResponseTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The clock of the host; null for the real one.</summary>
    public ManualTime? Time { get; init; }
}
