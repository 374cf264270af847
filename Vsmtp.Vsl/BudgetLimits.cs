namespace Vsmtp.Vsl;

/// <summary>What one run of a script may use. A spent limit ends the run with an error that no script can catch.</summary>
public sealed record BudgetLimits
{
    public static BudgetLimits Default { get; } = new();

    /// <summary>Calls, loop turns, the statements of blocks that have several, and work that grows with its operands. Default: 1,000,000.</summary>
    public long MaxSteps { get; init; } = 1_000_000;

    /// <summary>Script functions inside each other. Default: 64.</summary>
    public int MaxDepth { get; init; } = 64;

    /// <summary>Bytes of text and containers built in the whole run; what became garbage counts too. Default: 64 MiB.</summary>
    public long MaxAllocatedBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Characters that <c>print</c> and <c>debug</c> may write. Default: 65,536.</summary>
    public int MaxOutputChars { get; init; } = 65_536;

    /// <summary>Time that <c>sleep</c> may take in all; sleeping longer is an error that a script can catch. Default: 5 s.</summary>
    public TimeSpan MaxSleep { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Wall time with all waiting. Default: 60 s, so that one look-up or command can time out by itself first.</summary>
    public TimeSpan MaxTime { get; init; } = TimeSpan.FromSeconds(60);
}
