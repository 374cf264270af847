using Vsmtp.Contracts.Mail;

namespace Vsmtp.Delivery.Delegation.Gates;

/// <summary>Tells the mail that breaks a service from those that were there when the service broke.</summary>
/// <remarks>
/// That the service greets us is no proof that it works: clamsmtpd does so while clamd hangs, and then every mail stalls. So nothing
/// counts against a mail, beyond the first break, but what happened while the service worked through others.
/// </remarks>
internal static class SuspectRules
{
    /// <summary>So many breaks that were this mail's alone set it apart: one may be anybody's kill.</summary>
    private const int MostAlone = 2;

    /// <summary>So many breaks, the first among others included, set a mail apart even where others broke with it: it takes them down.</summary>
    private const int MostShared = 4;

    /// <summary>A conversation broke or stalled after the content began.</summary>
    /// <param name="before">What was known of the mail.</param>
    /// <param name="scene">What else went on with the service.</param>
    /// <param name="isPoison">It is to be set apart.</param>
    public static MailSuspicion JudgeBreak(MailSuspicion before, Scene scene, out bool isPoison)
    {
        isPoison = false;
        var after = before with { At = scene.EndedAt };
        // A service that hangs answered others too, before it hung; one that crashes is back when it has answered others since.
        if (before.Breaks > 0 && !(scene.OthersDecidedAt >= (scene.IsStall ? scene.StartedAt : before.At))) return after;
        after = after with { Breaks = before.Breaks + 1, BreaksAlone = before.BreaksAlone + (scene.OthersFailed ? 0 : 1) };
        isPoison = after.BreaksAlone >= MostAlone || after.Breaks >= MostShared;
        return after;
    }

    /// <summary>The service said 4yz to the dot.</summary>
    public static MailSuspicion JudgeDeferral(MailSuspicion before, Scene scene) => before with
    {
        Deferrals = before.Deferrals + (scene.OthersDecidedAt >= before.At ? 1 : 0),
        At = scene.EndedAt,
    };

    /// <summary>What went on with the service around an attempt.</summary>
    /// <param name="StartedAt">When the attempt's turn began.</param>
    /// <param name="EndedAt">When it ended.</param>
    /// <param name="IsStall">It ended by time-out.</param>
    /// <param name="OthersDecidedAt">When the service last said 2yz or 5yz to a dot of another mail; null: never.</param>
    /// <param name="OthersFailed">While it ran or just after, another mail's conversation broke or found no service.</param>
    internal readonly record struct Scene(
        DateTimeOffset StartedAt, DateTimeOffset EndedAt, bool IsStall, DateTimeOffset? OthersDecidedAt, bool OthersFailed);
}
