using System.Collections.Immutable;
using Vsmtp.Vsl;

namespace Vsmtp.Rules;

/// <summary>What the directives of one stage said.</summary>
public sealed record StageOutcome
{
    /// <summary>No directive, or all said next.</summary>
    public static StageOutcome Next { get; } = new() { Status = RuleStatusKind.Next };

    /// <summary><see cref="RuleStatusKind.Deny"/> too when <see cref="Failure"/> is set.</summary>
    public required RuleStatusKind Status { get; init; }

    /// <summary>The rule's own reply; null for the usual one of status and stage.</summary>
    public RuleReply? Reply { get; init; }

    /// <summary>The name under which to set aside, '/'-separated and safe as a path; null for other statuses.</summary>
    public string? Quarantine { get; init; }

    /// <summary>The password that a rule gave; null for other statuses than <see cref="RuleStatusKind.Packet"/>.</summary>
    public HiddenText? Packet { get; init; }

    /// <summary>Null for other statuses than <see cref="RuleStatusKind.Delegate"/>.</summary>
    public DelegateRequest? Delegate { get; init; }

    /// <summary>The directive that decided; null when all said next.</summary>
    public string? Directive { get; init; }

    /// <summary>Where that directive stands, as <c>main.vsl:12:9</c>; null when all said next.</summary>
    public string? Source { get; init; }

    /// <summary>Where the call stands that made the status, as <c>main.vsl:17:13</c>; null where no script made it, and for next.</summary>
    public string? SaidAt { get; init; }

    /// <summary>Why, in words, where no script said so: a delegation without a handler for its end. Else null.</summary>
    public string? Reason { get; init; }

    /// <summary>
    /// A handler let the mail go on while other services of its delegate are awaited: the stage sleeps on. Where
    /// <see cref="Status"/> is not next it has consented, which counts when all are in.
    /// </summary>
    public bool IsAwaiting { get; init; }

    /// <summary>A script error, which is no verdict: before the 250 the mail is refused, after it kept in quarantine.</summary>
    public ScriptError? Failure { get; init; }

    public ImmutableArray<DirectiveTrace> Trace { get; init; } = [];
}
