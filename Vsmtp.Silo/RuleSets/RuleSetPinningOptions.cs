namespace Vsmtp.Silo.RuleSets;

/// <summary>How often a process looks after the rule sets of the store.</summary>
public sealed record RuleSetPinningOptions
{
    /// <summary>No other process accepts mails for the site.</summary>
    public required bool IsAlone { get; init; }

    /// <summary>Between two looks at which sets mails sleep under. Default: 1 minute.</summary>
    public TimeSpan LookPause { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Between two looks at which sets other processes of the site have put into the store; a set with a receiver that is new is put in
    /// force after two of them. Default: 5 s.
    /// </summary>
    public TimeSpan NewsPause { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// After this a process says again that its sets are in use: far below the time for which a replaced set is kept. Others take a set
    /// that nobody has said so of for twice as long for out of use. Default: 1 hour.
    /// </summary>
    public TimeSpan KeepPause { get; init; } = TimeSpan.FromHours(1);
}
