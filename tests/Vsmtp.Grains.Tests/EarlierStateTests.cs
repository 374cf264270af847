using Vsmtp.Contracts.Mail;

namespace Vsmtp.Grains.Tests;

public sealed class EarlierStateTests
{
    [Fact]
    public async Task A_mail_that_sleeps_without_a_visit_that_this_program_knows_has_its_stage_run_again()
    {
        await using var silo = await TestSilo.StartAsync(TestSilo.UnreachableService);
        var id = MailId.Create(TimeProvider.System);
        await silo.Mail(id).Accept(silo.Offer());
        var mail = await silo.WaitForAsync(id, "delegated");
        while (mail.State.Visits[0].Step is not DelegationStep.Retrying) mail = await silo.WaitForAsync(id, "delegated");

        // Due when its activation, which knows better, is gone.
        await silo.ChangeAsync(id, state => state with { Visits = [], IsBusy = false, WakeAt = DateTimeOffset.UtcNow.AddSeconds(5) });

        mail = await silo.WaitForAsync(id, "delegated");
        while (mail.State.Visits.IsEmpty) mail = await silo.WaitForAsync(id, "delegated");
        Assert.Equal(("scanner", 1), (mail.State.Visits[0].Service, mail.State.Visits[0].Attempt));
        Assert.Equal(2, mail.Events.Count(happened => happened is { What: "rule", Directive: "postq \"scan\"" }));
    }
}
