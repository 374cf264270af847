using Vsmtp.Rules;

namespace Vsmtp.Cli.Explaining;

/// <summary>What becomes of a mail.</summary>
/// <param name="Words">For a reader.</param>
/// <param name="Queue">Null: the client keeps it.</param>
internal sealed record MailEnd(string Words, string? Queue)
{
    /// <summary>The client is told no.</summary>
    public bool IsRefusal => Queue is null;

    /// <summary>And the connection is closed.</summary>
    public bool Closes { get; private init; }

    public static MailEnd Refused(string why) => new($"the client is refused: {why}", null) { Closes = true };

    public static MailEnd Delegated(DelegateRequest request) => new(
        $"it sleeps until {string.Join(" and ", request.Services.Select(s => $"{s.Name} at {s.Delegator}"))} has had it "
        + "(--returned FILE says what comes back)", "delegated");

    /// <summary>Null: the client goes on.</summary>
    public static MailEnd? OfClientStage(Stage stage, StageOutcome outcome) => outcome switch
    {
        { Failure: not null } => Refused("a script error"),
        { Status: RuleStatusKind.Deny } => Refused(ReplyOf(outcome)),
        { Status: RuleStatusKind.Info } when outcome.Reply is { Code: >= 400 } => new MailEnd(
            $"{(stage is Stage.Rcpt ? "the recipient" : "the client")} is refused: {ReplyOf(outcome)}", null) { Closes = stage is Stage.Connect },
        { Status: RuleStatusKind.ForceAccept } => new MailEnd("it is delivered, and no further rule runs", "deliver"),
        { Status: RuleStatusKind.Quarantine } => Kept(outcome),
        _ => null,
    };

    /// <summary>Null: the next stage.</summary>
    public static MailEnd? OfLaterStage(StageOutcome outcome) => outcome switch
    {
        { Failure: not null } => new MailEnd("a script error is no verdict: it is kept in quarantine/script-error", "quarantine/script-error"),
        { Status: RuleStatusKind.Deny } => new MailEnd("it is dropped by the rule: kept in dead for five days", "dead"),
        { Status: RuleStatusKind.Quarantine } => Kept(outcome),
        { Status: RuleStatusKind.ForceAccept } => new MailEnd("it is delivered, and no further rule runs", "deliver"),
        _ => null,
    };

    private static MailEnd Kept(StageOutcome outcome) =>
        new($"it is kept in quarantine/{outcome.Quarantine}{(outcome.Reason is { } why ? $": {why}" : "")}", $"quarantine/{outcome.Quarantine}");

    private static string ReplyOf(StageOutcome outcome) => outcome.Reply?.ToString() ?? "the site's usual reply";
}
