namespace Vsmtp.Silo.Sweeping;

/// <summary>How the sweep looks for mails that are due.</summary>
public sealed record SweepOptions
{
    /// <summary>The pause after a look that found fewer than a batch. Default: 500 ms.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Mails taken at once. Default: 200.</summary>
    public int BatchSize { get; init; } = 200;

    /// <summary>The least time between two batches, so that a flood of due mails leaves room for new ones. Default: 20 ms.</summary>
    public TimeSpan BatchPause { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// After this a mail that was woken and did nothing is woken again, as when the call went to a silo that has died. Default: 5 s.
    /// </summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Between two looks for what ended processes were busy with. Default: 1 s.</summary>
    public TimeSpan RecoveryPause { get; init; } = TimeSpan.FromSeconds(1);
}
