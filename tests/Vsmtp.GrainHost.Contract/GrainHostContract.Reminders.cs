using Vsmtp.GrainHost.Contract.Grains;

namespace Vsmtp.GrainHost.Contract;

public abstract partial class GrainHostContract
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [ContractFact]
    public async Task A_reminder_ticks_when_due_and_at_each_period()
    {
        var wishes = new HostWishes { Time = new ManualTime(), ResponseTimeout = TimeSpan.FromHours(2) };
        await using var host = await StartAsync(wishes);
        await host.Grain<IRemindedGrain>("m-a").Remind("wake", Minute * 2, Minute * 5);
        await wishes.Time!.SetFor(Minute * 2);
        wishes.Time!.Advance(Minute);
        Assert.Empty(Witness.Events);
        wishes.Time!.Advance(Minute);
        await Witness.Told("m-a wake 00:02:00");
        await wishes.Time!.SetFor(Minute * 7);
        wishes.Time!.Advance(Minute * 5);
        await Witness.Told("m-a wake 00:07:00");
    }

    [ContractFact]
    public async Task Reminders_survive_a_restart_and_missed_ticks_are_not_made_up()
    {
        var wishes = new HostWishes { Time = new ManualTime(), ResponseTimeout = TimeSpan.FromHours(2) };
        await using (var host = await StartAsync(wishes)) await host.Grain<IRemindedGrain>("m-a").Remind("wake", Minute, Minute * 2);
        wishes.Time!.Advance(Minute * 10);
        await using var next = await StartAsync(wishes);
        await wishes.Time!.SetFor(Minute * 11);
        wishes.Time!.Advance(Minute);
        await Witness.Told("m-a wake 00:11:00");
        await wishes.Time!.SetFor(Minute * 13);
        wishes.Time!.Advance(Minute * 2);
        await Witness.Told("m-a wake 00:13:00");
        Assert.Equal(2, Witness.Events.Count);
    }

    [ContractFact]
    public async Task An_unregistered_reminder_is_gone_for_good()
    {
        var wishes = new HostWishes { Time = new ManualTime(), ResponseTimeout = TimeSpan.FromHours(2) };
        await using (var host = await StartAsync(wishes))
        {
            var grain = host.Grain<IRemindedGrain>("m-a");
            await grain.Remind("keep", Minute, Minute);
            await grain.Remind("drop", Minute, Minute);
            await host.Grain<IRemindedGrain>("m-b").Remind("other", Minute * 9, Minute);
            await grain.Forget("drop");
            Assert.Equal("keep", await grain.Known());
        }

        await using var next = await StartAsync(wishes);
        Assert.Equal("keep", await next.Grain<IRemindedGrain>("m-a").Known());
        await wishes.Time!.SetFor(Minute);
        wishes.Time!.Advance(Minute);
        await Witness.Told("m-a keep 00:01:00");
        Assert.Equal(0, Witness.Count("m-a drop 00:01:00"));
    }

    [ContractFact]
    public async Task A_reminder_that_is_registered_again_is_moved()
    {
        var wishes = new HostWishes { Time = new ManualTime(), ResponseTimeout = TimeSpan.FromHours(2) };
        await using var host = await StartAsync(wishes);
        await host.Grain<IRemindedGrain>("m-a").Remind("wake", Minute, Minute * 30);
        await host.Grain<IRemindedGrain>("m-a").Remind("wake", Minute * 3, Minute * 30);
        await wishes.Time!.SetFor(Minute * 3);
        wishes.Time!.Advance(Minute * 3);
        await Witness.Told("m-a wake 00:03:00");
        wishes.Time!.Advance(Minute);
        await host.Grain<IRemindedGrain>("m-a").Known();
        Assert.Single(Witness.Events);
    }

    [ContractFact]
    public async Task A_reminder_that_fails_comes_again()
    {
        var wishes = new HostWishes { Time = new ManualTime(), ResponseTimeout = TimeSpan.FromHours(2) };
        await using var host = await StartAsync(wishes);
        await host.Grain<IRemindedGrain>("m-a").Remind("fails", Minute, Minute);
        await wishes.Time!.SetFor(Minute);
        wishes.Time!.Advance(Minute);
        await Witness.Told("m-a fails 00:01:00");
        await host.Grain<IRemindedGrain>("m-a").Known();   // the failed tick has ended
        await wishes.Time!.SetFor(Minute * 2);
        wishes.Time!.Advance(Minute);
        await Witness.Told("m-a fails 00:02:00");
    }

    [ContractFact]
    public async Task The_shortest_period_of_a_reminder_is_a_minute()
    {
        await using var host = await StartAsync();
        await Assert.ThrowsAsync<ArgumentException>(
            () => host.Grain<IRemindedGrain>("m-a").Remind("often", TimeSpan.Zero, TimeSpan.FromSeconds(59)));
    }
}
