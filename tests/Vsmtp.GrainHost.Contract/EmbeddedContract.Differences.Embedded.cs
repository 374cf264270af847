using Vsmtp.GrainHost.Contract.Grains;

namespace Vsmtp.GrainHost.Contract;

/// <content>Where this host is kinder than Orleans (docs/design/001): no grain may rely on it. Its twin says what Orleans does.</content>
public sealed partial class EmbeddedContract
{
    [ContractFact]
    public async Task A_grain_that_asks_for_its_end_at_once_still_serves()
    {
        await using var host = await StartAsync();
        var grain = host.Grain<IMortalGrain>("m-hasty");
        await Task.WhenAll(Enumerable.Range(0, 10).Select(number => grain.Tell($"n{number}")));
        Assert.Equal(10, Witness.Events.Count(what => what.StartsWith('n')));
        Assert.Equal(0, Witness.Count("two at once"));
    }

    [ContractFact]
    public async Task A_call_that_the_ending_grain_waits_for_still_runs()
    {
        await using var host = await StartAsync();
        Assert.Equal(1, await host.Grain<IMortalGrain>("m-peek").EndAndPeek());
    }

    [ContractFact]
    public async Task A_failed_activation_fails_all_calls_that_wait_at_once()
    {
        await using var host = await StartAsync();
        var grain = host.Grain<IFragileGrain>("m-fragile");
        var waiting = Enumerable.Range(0, 5).Select(_ => grain.Hello()).ToList();
        await Witness.Told("activating");
        Witness.Gate("go on").SetResult();
        foreach (var call in waiting) await Assert.ThrowsAsync<TestException>(() => call);
        Assert.Equal(1, Witness.Count("activating"));
        Witness.Tell("mended");
        Assert.Equal("hello", await grain.Hello());
        Assert.Equal(2, Witness.Count("activating"));
    }

    [ContractFact]
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

    [ContractFact]
    public async Task Shutdown_lets_calls_that_wait_and_the_calls_of_grains_end_too()
    {
        await using var host = await StartAsync();
        var grain = host.Grain<ICounterGrain>("m-last");
        await host.Grain<ICounterGrain>("m-quiet").Activation();
        var running = grain.AskAfter("gate", "m-other");
        var waiting = grain.AddSlowly();
        await Witness.Told("waits for gate");

        var stopping = host.StopAsync();
        await Witness.Told("deactivated m-quiet");
        Assert.False(stopping.IsCompleted);
        Witness.Gate("gate").SetResult();
        await stopping;

        Assert.Equal(1, await running);
        Assert.Equal(1, await waiting);
        Assert.Equal(1, Witness.Count("deactivated m-last"));
        Assert.Equal(1, Witness.Count("deactivated m-other"));
    }

    [ContractFact]
    public async Task Every_write_that_is_not_awaited_is_carried_out()
    {
        await using var host = await StartAsync();
        await host.Grain<IVaultGrain>("m-vault").PutTwice("first", "second");
        Assert.Equal(2, Storage.Writes);
    }
}
