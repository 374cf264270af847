using Vsmtp.GrainHost.Contract.Grains;

namespace Vsmtp.GrainHost.Contract;

public abstract partial class GrainHostContract
{
    private static readonly HostWishes Forgetful = new() { CollectionAge = TimeSpan.FromMilliseconds(100) };

    [ContractFact]
    public async Task A_failure_of_the_activation_fails_the_calls_that_wait_and_the_next_call_tries_again()
    {
        await using var host = await StartAsync();
        var grain = host.Grain<IFragileGrain>("m-fragile");
        var waiting = Enumerable.Range(0, 5).Select(_ => grain.Hello()).ToList();
        await Witness.Told("activating");
        Witness.Gate("go on").SetResult();
        foreach (var call in waiting) Assert.Equal("broken", (await Assert.ThrowsAsync<TestException>(() => call)).Message);
        Witness.Tell("mended");
        Assert.Equal("hello", await grain.Hello());
    }

    [ContractFact]
    public async Task A_constructor_that_throws_fails_the_call_and_its_exception_is_within()
    {
        await using var host = await StartAsync();
        Witness.Tell("breaks when made");
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => host.Grain<IFragileGrain>("m-made").Hello());
        Assert.Equal("broken when made", Assert.IsType<TestException>(failure.InnerException).Message);
    }

    [ContractFact]
    public async Task A_grain_may_ask_for_its_end_and_the_next_call_makes_a_new_activation()
    {
        await using var host = await StartAsync();
        var grain = host.Grain<IMortalGrain>("m-end");
        await grain.Tell("before");
        await grain.End();
        await grain.Tell("after");
        Assert.Equal(
            ["alive m-end", "before by 1", "ends m-end: ApplicationRequested", "dead m-end", "disposed m-end", "alive m-end", "after by 2"],
            Witness.Events);
    }

    [ContractFact]
    public async Task Calls_that_come_while_a_grain_ends_go_to_a_new_activation_in_order()
    {
        await using var host = await StartAsync();
        var grain = host.Grain<IMortalGrain>("m-slow");
        await grain.End();
        await Witness.Told("ends m-slow: ApplicationRequested");
        var calls = Enumerable.Range(0, 100).Select(number => grain.Tell($"n{number}")).ToList();
        Assert.Equal(0, Witness.Count("n0 by 2"));
        Witness.Gate("end").SetResult();
        await Task.WhenAll(calls);
        AssertInOrder(Enumerable.Range(0, 100).Select(number => $"n{number} by 2"), Witness.Events.Where(what => what.StartsWith('n')));
    }

    [ContractFact]
    public async Task No_call_is_lost_and_no_grain_lives_twice_however_often_grains_end()
    {
        const int Keys = 100, Callers = 8, Calls = 25;
        await using var host = await StartAsync(new HostWishes { MaxForwards = Callers * Calls });
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            for (var call = 0; call < Calls; call++)
                await Task.WhenAll(Enumerable.Range(0, Keys).Select(key => host.Grain<IMortalGrain>($"m-{key}").Count()));
        })));
        Assert.All(Enumerable.Range(0, Keys), key => Assert.Equal(Callers * Calls, Witness.Count($"counted m-{key}")));
        Assert.Equal(0, Witness.Count("two at once"));
        Assert.True(Witness.Count("alive m-0") > 10);
    }

    [ContractFact]
    public async Task An_idle_grain_is_collected()
    {
        await using var host = await StartAsync(Forgetful);
        await host.Grain<IMortalGrain>("m-idle").Tell("once");
        await Witness.Told("disposed m-idle");
        Assert.Equal(1, Witness.Count("ends m-idle: ActivationIdle"));
        await host.Grain<IMortalGrain>("m-idle").Tell("twice");
        Assert.Equal(1, Witness.Count("twice by 2"));
    }

    [ContractFact]
    public async Task A_grain_that_is_busy_is_not_collected()
    {
        await using var host = await StartAsync(Forgetful);
        var busy = host.Grain<ICounterGrain>("m-busy").WaitFor("gate");
        await Witness.Told("waits for gate");
        for (var round = 1; round <= 4; round++)
        {
            // A grain that became idle later and is collected shows that time enough has passed.
            await host.Grain<IMortalGrain>($"m-idle{round}").Tell("once");
            await Witness.Told($"disposed m-idle{round}");
        }

        Witness.Gate("gate").SetResult();
        await busy;
        Assert.Equal(1, await host.Grain<ICounterGrain>("m-busy").Activation());
    }
}
