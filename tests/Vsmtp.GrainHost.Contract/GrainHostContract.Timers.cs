using Vsmtp.GrainHost.Contract.Grains;

namespace Vsmtp.GrainHost.Contract;

public abstract partial class GrainHostContract
{
    [ContractFact]
    public async Task A_timer_ticks_until_it_is_disposed()
    {
        await using var host = await StartAsync();
        var grain = host.Grain<ITickingGrain>("m-tick");
        await grain.Start(interleave: false, keepAlive: true);
        await Witness.Told("tick 3");
        await grain.Stop();
        Witness.Gate("open").SetResult();
        await grain.TicksDuring("open");
        var ticks = Witness.Events.Count;
        await Task.Delay(100);
        Assert.Equal(ticks, Witness.Events.Count);
    }

    [ContractFact]
    public async Task A_timer_can_be_wound_up_again()
    {
        await using var host = await StartAsync();
        var grain = host.Grain<ITickingGrain>("m-tick");
        await grain.OnceMore();
        await Witness.Told("tick 1");
        await grain.OnceMore();
        await Witness.Told("tick 2");
        await Task.Delay(100);
        Assert.Equal(2, Witness.Events.Count);
    }

    [ContractFact]
    public async Task A_tick_waits_for_the_call_that_runs()
    {
        await using var host = await StartAsync();
        var grain = host.Grain<ITickingGrain>("m-tick");
        await grain.Start(interleave: false, keepAlive: true);
        await Witness.Told("tick 2");
        var during = grain.TicksDuring("gate");
        await Task.Delay(100);
        Witness.Gate("gate").SetResult();
        Assert.Equal(0, await during);
    }

    [ContractFact]
    public async Task A_tick_that_interleaves_does_not_wait()
    {
        await using var host = await StartAsync();
        var grain = host.Grain<ITickingGrain>("m-tick");
        await grain.Start(interleave: true, keepAlive: true);
        await grain.WaitForTick();
    }

    [ContractFact]
    public async Task A_tick_that_fails_does_not_stop_the_timer()
    {
        await using var host = await StartAsync();
        await host.Grain<ITickingGrain>("m-tick").FailAtFirst();
        await Witness.Told("tick 3");
    }

    [ContractFact]
    public async Task A_tick_that_runs_sees_the_end_of_its_timer()
    {
        await using var host = await StartAsync();
        var grain = host.Grain<ITickingGrain>("m-tick");
        await grain.WaitForCancel();
        await Witness.Told("waits");
        await grain.Stop();
        await Witness.Told("cancelled");
    }

    [ContractFact]
    public async Task Ticks_keep_a_grain_alive_only_if_the_timer_says_so()
    {
        await using var host = await StartAsync(new HostWishes { CollectionAge = TimeSpan.FromMilliseconds(500) });
        await host.Grain<ITickingGrain>("m-dies").Start(interleave: false, keepAlive: false);
        await Witness.Told("deactivated");
        await host.Grain<ITickingGrain>("m-lives").Start(interleave: false, keepAlive: true);
        await Witness.Told("tick 150");
        Assert.Equal(1, Witness.Count("deactivated"));
    }
}
