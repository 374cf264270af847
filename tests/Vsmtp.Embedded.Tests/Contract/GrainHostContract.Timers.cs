using Vsmtp.Embedded.Tests.Grains;

namespace Vsmtp.Embedded.Tests.Contract;

public abstract partial class GrainHostContract
{
    [Fact]
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

    [Fact]
    public async Task A_change_sets_the_next_tick_and_the_period()
    {
        await using var host = await StartAsync();
        var grain = host.Grain<ITickingGrain>("m-tick");
        await grain.Start(interleave: false, keepAlive: true);
        await Witness.Told("tick 1");
        await grain.OnceMore();
        var ticks = Witness.Events.Count;
        await Task.Delay(150);
        Assert.Equal(ticks + 1, Witness.Events.Count);
    }

    [Fact]
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

    [Fact]
    public async Task A_tick_that_interleaves_does_not_wait()
    {
        await using var host = await StartAsync();
        var grain = host.Grain<ITickingGrain>("m-tick");
        await grain.Start(interleave: true, keepAlive: true);
        await grain.WaitForTick();
    }

    [Fact]
    public async Task A_tick_that_fails_does_not_stop_the_timer()
    {
        await using var host = await StartAsync();
        await host.Grain<ITickingGrain>("m-tick").FailAtFirst();
        await Witness.Told("tick 3");
    }

    [Fact]
    public async Task A_timer_sees_the_end_of_its_grain()
    {
        await using var host = await StartAsync();
        var grain = host.Grain<ITickingGrain>("m-tick");
        await grain.WaitForCancel();
        await Witness.Told("waits");
        var stopping = host.StopAsync();
        await Witness.Told("cancelled");
        await stopping;
    }

    [Fact]
    public async Task Ticks_keep_a_grain_alive_only_if_the_timer_says_so()
    {
        await using var host = await StartAsync(Forgetful);
        await host.Grain<ITickingGrain>("m-dies").Start(interleave: false, keepAlive: false);
        await Witness.Told("deactivated");
        await host.Grain<ITickingGrain>("m-lives").Start(interleave: false, keepAlive: true);
        await Task.Delay(Forgetful.CollectionAge * 4);
        Assert.Equal(1, Witness.Count("deactivated"));
    }
}
