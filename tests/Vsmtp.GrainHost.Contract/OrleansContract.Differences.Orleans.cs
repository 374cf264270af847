using Vsmtp.GrainHost.Contract.Grains;

namespace Vsmtp.GrainHost.Contract;

/// <content>Where Orleans does less than the host of one process (docs/design/001): no grain may rely on more. Its twin says what that does.</content>
public sealed partial class OrleansContract
{
    [ContractFact]
    public async Task A_grain_that_asks_for_its_end_at_once_serves_nobody()
    {
        await using var host = await StartAsync();
        var failure = await Assert.ThrowsAsync<OrleansMessageRejectionException>(() => host.Grain<IMortalGrain>("m-hasty").Tell("n"));
        Assert.Contains("Forwarding failed", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, Witness.Events.Count(what => what.StartsWith('n')));
        Assert.Equal(0, Witness.Count("dead m-hasty"));   // nor is its OnDeactivateAsync called
    }

    [ContractFact]
    public async Task A_call_that_the_ending_grain_waits_for_times_out()
    {
        await using var host = await StartAsync(new HostWishes { ResponseTimeout = Patience });
        await Assert.ThrowsAsync<TimeoutException>(() => host.Grain<IMortalGrain>("m-peek").EndAndPeek());
    }

    [ContractFact]
    public async Task A_tick_that_runs_does_not_see_the_end_of_its_grain_and_holds_it_up()
    {
        await using var host = await StartAsync();
        var grain = host.Grain<ITickingGrain>("m-tick");
        await grain.WaitForCancel();
        await Witness.Told("waits");
        await grain.End();
        await host.Grain<ICounterGrain>("m-other").Activation();
        Assert.Equal(0, Witness.Count("cancelled"));
        Assert.Equal(0, Witness.Count("deactivated"));
        await StopWithin(host, TimeSpan.FromMilliseconds(200));
    }

    [ContractFact]
    public async Task Shutdown_may_refuse_calls_that_wait_and_calls_of_grains_and_says_so()
    {
        await using var host = await StartAsync();
        var grain = host.Grain<ICounterGrain>("m-last");
        await host.Grain<ICounterGrain>("m-quiet").Activation();
        var running = grain.AskAfter("gate", "m-other");
        var waiting = grain.AddSlowly();
        await Witness.Told("waits for gate");

        var stopping = host.StopAsync();
        await Witness.Told("deactivated m-quiet");
        Witness.Gate("gate").SetResult();
        await stopping;

        foreach (var call in new[] { running, waiting })
        {
            var refusal = await Record.ExceptionAsync(() => call.WaitAsync(TimeSpan.FromSeconds(20)));
            if (refusal is not null) Assert.IsType<OrleansException>(refusal, exactMatch: false);
        }

        Assert.Equal(1, Witness.Count("deactivated m-last"));
    }

    [ContractFact]
    public async Task Writes_that_are_not_awaited_are_merged_into_one()
    {
        await using var host = await StartAsync();
        await host.Grain<IVaultGrain>("m-vault").PutTwice("first", "second");
        Assert.Equal(1, Storage.Writes);
    }

    private static async Task StopWithin(RunningHost host, TimeSpan time)
    {
        using var patience = new CancellationTokenSource(time);
        await host.StopAsync(patience.Token);
    }
}
