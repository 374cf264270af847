namespace Vsmtp.Contracts.Pace;

/// <summary>What a worker tells <see cref="IPaceGrain"/>.</summary>
[GenerateSerializer, Immutable, Alias("vsmtp.pace-report")]
public sealed record PaceReport
{
    /// <summary>Who has the share: unique to a worker of a process.</summary>
    [Id(0)] public required string Holder { get; init; }

    /// <summary>Mails that are under way or wait, as many as the worker would send at once; 0 gives the share back.</summary>
    [Id(1)] public required int Wanted { get; init; }

    /// <summary>Mails that are under way.</summary>
    [Id(2)] public required int InUse { get; init; }

    /// <summary>With so many at once a destination begins of which nothing is known.</summary>
    [Id(3)] public required int First { get; init; }

    /// <summary>So many at once are the most, in all processes together.</summary>
    [Id(4)] public required int Most { get; init; }

    /// <summary>Mails that a server took, or refused for their own sake, since the last report.</summary>
    [Id(5)] public int Answered { get; init; }

    /// <summary>Mails to which a server said that it has enough.</summary>
    [Id(6)] public int Refused { get; init; }

    /// <summary>Mails for which nobody answered.</summary>
    [Id(7)] public int Unanswered { get; init; }

    /// <summary>The newest fault, where nobody answered.</summary>
    [Id(8)] public string Fault { get; init; } = "";
}
