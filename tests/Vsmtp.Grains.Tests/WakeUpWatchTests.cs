using Vsmtp.Contracts.Mail;
using Vsmtp.Contracts.Queues;
using Vsmtp.Grains.Mail;
using Vsmtp.Silo.Sweeping;

namespace Vsmtp.Grains.Tests;

/// <summary>The safety net where the sweep has stopped.</summary>
public sealed class WakeUpWatchTests
{
    private static readonly SweepOptions Stopped = new() { Pause = TimeSpan.FromDays(1) };

    [Fact]
    public async Task A_mail_that_no_sweep_takes_is_woken_by_the_watch_and_not_before_it_is_overdue()
    {
        await using var silo = await TestSilo.StartAsync("""
            service scanner smtp = #{ delegator: #{ address: "127.0.0.1:1", timeout: "2s" }, receiver: "127.0.0.1:2", retry: #{ first: "10ms", max: "10ms", give_up: "2h" } };
            #{ postq: [ delegate scanner "scan" || next() ] }
            """, sweep: Stopped);
        var id = MailId.Create(TimeProvider.System);
        await silo.Mail(id).Accept(silo.Offer());
        var mail = await silo.WaitForAsync(id, "delegated");
        while (mail.State.Visits[0].Step is not DelegationStep.Retrying) mail = await silo.WaitForAsync(id, "delegated");

        var watch = silo.Grains.GetGrain<IWakeUpWatch>(IWakeUpWatch.Key);
        await watch.Look();
        Assert.Equal(1, (await silo.WaitForAsync(id, "delegated")).State.Visits[0].Attempt);

        await silo.WakeUps.ClaimDueAsync(10, TimeSpan.FromMinutes(-2), CancellationToken.None);   // due two minutes ago
        await watch.Look();
        while (mail.State.Visits[0].Attempt < 2) mail = await silo.WaitForAsync(id, "delegated");
    }
}
