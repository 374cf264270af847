using Vsmtp.Rules;
using Vsmtp.Smtp.Replies;
using Vsmtp.Smtp.Server;

namespace Vsmtp.Gateway.Clients;

/// <summary>What rules say, in the words of the session (spec/vsl-stages-and-status.md sections 4 and 12).</summary>
internal static class RuleVerdicts
{
    public static SessionVerdict Of(Stage stage, StageOutcome outcome, SmtpReply denied) => outcome.Status switch
    {
        RuleStatusKind.Deny => SessionVerdict.RefuseAndClose(ReplyOf(outcome.Reply) ?? denied),
        RuleStatusKind.Info => Inform(stage, ReplyOf(outcome.Reply)!),
        RuleStatusKind.Accept or RuleStatusKind.ForceAccept when HonoursCode(stage) && ReplyOf(outcome.Reply) is { } reply =>
            SessionVerdict.ContinueWith(reply),
        _ => SessionVerdict.Continue,
    };

    public static SmtpReply? ReplyOf(RuleReply? reply) => reply is null ? null : new SmtpReply(
        reply.Code, EnhancedCode.TryParse(reply.Enhanced, out var enhanced) ? enhanced : null, reply.Text);

    /// <summary>A client that has just connected waits for one reply, the greeting: a good one replaces it, a bad one refuses.</summary>
    private static SessionVerdict Inform(Stage stage, SmtpReply reply) => stage is not Stage.Connect
        ? SessionVerdict.Inform(reply)
        : reply.IsNegative ? SessionVerdict.RefuseAndClose(reply) : SessionVerdict.ContinueWith(reply);

    private static bool HonoursCode(Stage stage) => stage is Stage.Mail or Stage.Rcpt;
}
