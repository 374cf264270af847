using Orleans.Runtime;
using Vsmtp.GrainHost.Contract.Grains;

namespace Vsmtp.GrainHost.Contract;

public abstract partial class GrainHostContract
{
    [ContractFact]
    public async Task Shutdown_lets_the_call_that_runs_end_and_deactivates_all()
    {
        await using var host = await StartAsync();
        await host.Grain<ICounterGrain>("m-quiet").Activation();
        var running = host.Grain<ICounterGrain>("m-last").WaitFor("gate");
        await Witness.Told("waits for gate");

        var stopping = host.StopAsync();
        await Witness.Told("deactivated m-quiet");
        Assert.False(stopping.IsCompleted);
        Witness.Gate("gate").SetResult();
        await stopping;

        await running;
        Assert.Equal(1, Witness.Count("deactivated m-last"));
    }

    [ContractFact]
    public async Task A_grain_is_told_that_it_ends_because_the_host_stops()
    {
        await using var host = await StartAsync();
        await host.Grain<IMortalGrain>("m-quiet").Tell("once");
        await host.StopAsync();
        Assert.Equal(["ends m-quiet: ShuttingDown", "dead m-quiet", "disposed m-quiet"], Witness.Events.TakeLast(3));
    }

    [ContractFact]
    public async Task Calls_after_the_stop_fail_clearly()
    {
        await using var host = await StartAsync();
        var grain = host.Grain<ICounterGrain>("m-after");
        await grain.Activation();
        await host.StopAsync();
        var failure = await Assert.ThrowsAnyAsync<OrleansException>(() => grain.Activation());
        Assert.Contains(SaysThatItStops, failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, Witness.Count("activated m-after"));
    }

    [ContractFact]
    public async Task Calls_from_outside_fail_while_the_host_stops()
    {
        await using var host = await StartAsync();
        var running = host.Grain<ICounterGrain>("m-run").WaitFor("gate");
        await Witness.Told("waits for gate");
        await host.Grain<ICounterGrain>("m-quiet").Activation();
        var stopping = host.StopAsync();
        await Witness.Told("deactivated m-quiet");
        await Assert.ThrowsAnyAsync<OrleansException>(() => host.Grain<ICounterGrain>("m-new").Activation());
        Witness.Gate("gate").SetResult();
        await running;
        await stopping;
    }

    [ContractFact]
    public async Task A_call_that_never_ends_does_not_hold_up_the_stop_for_ever()
    {
        await using var host = await StartAsync();
        var stuck = host.Grain<ICounterGrain>("m-stuck").WaitFor("never");
        await Witness.Told("waits for never");
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await host.StopAsync(patience.Token).WaitAsync(TimeSpan.FromSeconds(10));
        await Assert.ThrowsAnyAsync<OrleansException>(() => stuck.WaitAsync(TimeSpan.FromSeconds(10)));
    }
}
