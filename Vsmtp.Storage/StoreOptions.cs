namespace Vsmtp.Storage;

/// <summary>How much a store takes and how long it keeps what has ended; where it is, the record of each database says.</summary>
public abstract record StoreOptions
{
    /// <summary>Bytes of all messages that this process is taking or that wait in the store until a mail names them. Default: 1,073,741,824 (1 GiB).</summary>
    public long MaxStagedBytes { get; init; } = 1L << 30;

    /// <summary>How long a content may stay unnamed: longer than any transaction at the end of DATA. Default: 1 hour.</summary>
    public TimeSpan StagedRetention { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long the history of an ended mail is kept. Default: 24 hours.</summary>
    public TimeSpan EndedRetention { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Of how many ended mails the history is kept; the oldest go first. Default: 100,000.</summary>
    public int MaxEndedMails { get; init; } = 100_000;

    /// <summary>How long dead mails are kept with their contents (design rule 2). Default: 5 days.</summary>
    public TimeSpan DeadRetention { get; init; } = TimeSpan.FromDays(5);

    /// <summary>How long a rule set that was replaced and that no mail sleeps under is kept. Default: 1 day.</summary>
    public TimeSpan RuleSetRetention { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Pause between two rounds of the collector. Default: 1 minute.</summary>
    public TimeSpan CollectorPeriod { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Rows that the collector takes in one unit of work, so that mails do not wait for it. Default: 100.</summary>
    public int CollectorBatch { get; init; } = 100;

    /// <summary>Writes that may wait for the batch before; further callers wait outside. Default: 1,024.</summary>
    public int MaxQueuedWrites { get; init; } = 1024;
}
