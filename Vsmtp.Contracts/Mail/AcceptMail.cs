using System.Collections.Immutable;
using Vsmtp.Contracts.Content;

namespace Vsmtp.Contracts.Mail;

/// <summary>A mail that a gateway offers to its grain.</summary>
[GenerateSerializer, Immutable, Alias("vsmtp.accept-mail")]
public sealed record AcceptMail
{
    [Id(0)] public MailEnvelope Envelope { get; init; } = new();

    [Id(1)] public required StagedContent Content { get; init; }

    [Id(2)] public string RuleSet { get; init; } = "";

    [Id(3)] public string Subject { get; init; } = "";

    /// <summary>What rules before the queue changed in the headers.</summary>
    [Id(4)] public ImmutableArray<HeaderChange> HeaderChanges { get; init; } = [];

    /// <summary>A rule before the queue said faccept.</summary>
    [Id(5)] public bool SkipsRules { get; init; }

    /// <summary>A rule before the queue put it there; null to go on to postq.</summary>
    [Id(6)] public string? Quarantine { get; init; }

    /// <summary>The rule that said so, as <c>main.vsl:12:9</c>.</summary>
    [Id(7)] public string? Source { get; init; }

    /// <summary>The history up to here: the connection, the rules of each stage.</summary>
    [Id(8)] public ImmutableArray<MailEvent> Events { get; init; } = [];

    /// <summary>It is a notification of this program's.</summary>
    [Id(9)] public bool IsNotification { get; init; }
}
