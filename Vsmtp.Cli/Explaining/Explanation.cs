using System.Collections.Immutable;

namespace Vsmtp.Cli.Explaining;

/// <summary>What the rules do with one mail.</summary>
/// <param name="Stages">Those that ran, in order; rcpt once for each recipient.</param>
/// <param name="End">What becomes of the mail, in words.</param>
/// <param name="Queue">Where it would be then, as <c>queue list</c> calls it: <c>deliver</c>, <c>quarantine/NAME</c>, <c>delegated</c>, <c>dead</c>; null: the client keeps it.</param>
internal sealed record Explanation(
    ImmutableArray<ExplainedStage> Stages, string End, string? Queue, string Sender, ImmutableArray<ExplainedRecipient> Recipients);

/// <param name="Subject">What it is about: the recipient in rcpt, the service that answered; else null.</param>
/// <param name="Status">What the stage said.</param>
/// <param name="Reply">The rule's own for the client; null for the usual one.</param>
/// <param name="DecidedAt">Where the status was made that decided, or the directive stands, as <c>main.vsl:12:9</c>; null when none did.</param>
/// <param name="Line">The text of that line.</param>
/// <param name="Changes">Of envelope and headers, in words.</param>
internal sealed record ExplainedStage(
    string Stage,
    string? Subject,
    string Status,
    string? Reply,
    string? DecidedAt,
    string? Line,
    string? Reason,
    ImmutableArray<ExplainedDirective> Directives,
    ImmutableArray<string> Changes);

/// <param name="Status">Null: a script error ended it.</param>
/// <param name="Seen">What its conditions saw.</param>
internal sealed record ExplainedDirective(
    string Kind, string Name, string At, string? Status, string? Handler, ImmutableArray<SeenValue> Seen);

/// <param name="At">As <c>main.vsl:12:9</c>.</param>
/// <param name="Expression">Its text in the source, in one line.</param>
/// <param name="IsCondition">A whole condition; else a call within one.</param>
internal sealed record SeenValue(string At, string Expression, string Value, bool IsCondition);

/// <param name="Transport">As <c>deliver</c> or <c>forward to 192.0.2.1:25</c>.</param>
internal sealed record ExplainedRecipient(string Address, string Transport);
