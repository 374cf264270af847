using Vsmtp.Contracts.Mail;
using Vsmtp.Delivery.Delegation.Gates;

namespace Vsmtp.Delivery.Tests.Delegation.Gates;

public sealed class SuspectRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 9, 0, 0, TimeSpan.Zero);
    private static readonly MailSuspicion Suspect = new() { Breaks = 1, BreaksAlone = 1, At = Now.AddMinutes(-1) };

    [Fact]
    public void The_first_break_makes_a_suspect_whatever_else_went_on()
    {
        foreach (var othersFailed in (bool[])[true, false])
        {
            var after = SuspectRules.JudgeBreak(MailSuspicion.None, Scene(decidedAgo: 1, othersFailed), out var isPoison);
            Assert.Equal((true, 1, false), (after.IsSuspect, after.Breaks, isPoison));
        }
    }

    [Fact]
    public void The_second_break_while_others_pass_sets_it_apart()
    {
        var after = SuspectRules.JudgeBreak(Suspect, Scene(decidedAgo: 30), out var isPoison);
        Assert.Equal((2, true), (after.Breaks, isPoison));
    }

    [Fact]
    public void Whose_first_break_was_one_of_many_is_set_apart_by_the_second_that_is_its_own()
    {
        var suspicion = SuspectRules.JudgeBreak(MailSuspicion.None, Scene(decidedAgo: 1, othersFailed: true), out _);
        suspicion = SuspectRules.JudgeBreak(suspicion with { At = Now.AddMinutes(-1) }, Scene(decidedAgo: 30), out var isPoison);
        Assert.False(isPoison);                                // the service was killed once with others, once with it
        SuspectRules.JudgeBreak(suspicion with { At = Now.AddMinutes(-1) }, Scene(decidedAgo: 30), out isPoison);
        Assert.True(isPoison);
    }

    [Fact]
    public void A_break_counts_only_where_the_service_has_worked_through_another_mail_since_the_last_one()
    {
        foreach (var decidedAgo in (int?[])[null, 61])
        {
            var after = SuspectRules.JudgeBreak(Suspect, Scene(decidedAgo), out var isPoison);
            Assert.Equal((1, false, Now), (after.Breaks, isPoison, after.At));
        }
    }

    [Fact]
    public void A_stall_counts_only_where_another_mail_passed_while_it_lasted()
    {
        SuspectRules.JudgeBreak(Suspect, Scene(decidedAgo: 11) with { IsStall = true }, out var isPoison);
        Assert.False(isPoison);                                // it hung from 10 s ago on, perhaps with all it had
        SuspectRules.JudgeBreak(Suspect, Scene(decidedAgo: 9) with { IsStall = true }, out isPoison);
        Assert.True(isPoison);
    }

    [Fact]
    public void What_breaks_with_others_is_set_apart_only_after_it_was_there_each_time()
    {
        var suspicion = Suspect with { BreaksAlone = 0 };
        for (var breaks = 2; breaks <= 4; breaks++)
        {
            suspicion = SuspectRules.JudgeBreak(suspicion with { At = Now.AddMinutes(-1) }, Scene(decidedAgo: 30, othersFailed: true), out var isPoison);
            Assert.Equal((breaks, breaks == 4), (suspicion.Breaks, isPoison));
        }
    }

    [Fact]
    public void Deferrals_make_a_suspect_where_others_pass_and_not_in_an_outage()
    {
        var passing = MailSuspicion.None;
        var outage = MailSuspicion.None;
        for (var i = 1; i <= 3; i++)
        {
            passing = SuspectRules.JudgeDeferral(passing, new SuspectRules.Scene(At(i), At(i), false, At(i - 0.5), false));
            outage = SuspectRules.JudgeDeferral(outage, new SuspectRules.Scene(At(i), At(i), false, At(0), false));
        }

        Assert.Equal((true, false), (passing.IsSuspect, outage.IsSuspect));
    }

    private static DateTimeOffset At(double minutes) => Now.AddMinutes(minutes);

    /// <summary>An attempt that began 10 s ago and ends now.</summary>
    private static SuspectRules.Scene Scene(int? decidedAgo, bool othersFailed = false) =>
        new(Now.AddSeconds(-10), Now, IsStall: false, decidedAgo is { } ago ? Now.AddSeconds(-ago) : null, othersFailed);
}
