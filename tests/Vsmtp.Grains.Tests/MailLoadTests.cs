using Vsmtp.Contracts.Mail;
using Vsmtp.Grains.Mail;

namespace Vsmtp.Grains.Tests;

public sealed class MailLoadTests
{
    [Fact]
    public async Task A_mail_for_which_there_is_no_room_is_not_taken_and_leaves_no_trace()
    {
        await using var silo = await TestSilo.StartAsync("#{}", grainOptions: new MailGrainOptions { MaxRunning = 0 });
        var id = MailId.Create(TimeProvider.System);

        Assert.Equal(AcceptAnswer.Crowded, await silo.Mail(id).Accept(silo.Offer()));

        Assert.Null(await silo.Queries.FindAsync(id, CancellationToken.None));
        Assert.Equal(0, (await silo.Queries.CountAsync(CancellationToken.None))["total/accepted"]);
    }

    [Fact]
    public async Task Of_many_mails_at_once_all_are_taken_by_those_who_come_again()
    {
        await using var silo = await TestSilo.StartAsync("#{}", grainOptions: new MailGrainOptions { MaxRunning = 2 });
        var ids = Enumerable.Range(0, 100).Select(_ => MailId.Create(TimeProvider.System)).ToArray();

        await Task.WhenAll(ids.Select(async id =>
        {
            while (await silo.Mail(id).Accept(silo.Offer()) is AcceptAnswer.Crowded) await Task.Delay(10);
        }));

        foreach (var id in ids) await silo.WaitForAsync(id, "delivered");
        Assert.Equal(100, (await silo.Queries.CountAsync(CancellationToken.None))["total/accepted"]);
    }

    [Fact]
    public async Task A_delivery_for_which_there_is_no_room_waits_in_the_store_without_being_at_work()
    {
        await using var silo = await TestSilo.StartAsync("#{}", grainOptions: new MailGrainOptions { WorkLease = TimeSpan.FromMilliseconds(50) });
        await silo.StopDeliveriesAsync();                      // it refuses all
        var id = MailId.Create(TimeProvider.System);
        await silo.Mail(id).Accept(silo.Offer());

        var mail = await silo.WaitForAsync(id, "deliver");
        while (mail.State.IsBusy) mail = await silo.WaitForAsync(id, "deliver");
        Assert.True(mail.State.WakeAt >= mail.State.Since + TimeSpan.FromSeconds(2));
    }
}
