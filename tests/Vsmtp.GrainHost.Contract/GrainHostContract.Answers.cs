using Vsmtp.GrainHost.Contract.Grains;

namespace Vsmtp.GrainHost.Contract;

public abstract partial class GrainHostContract
{
    [ContractFact]
    public async Task An_exception_reaches_the_caller_with_its_type()
    {
        await using var host = await StartAsync();
        var failure = await Assert.ThrowsAsync<TestException>(() => host.Grain<ICounterGrain>("m-fail").Fail("why"));
        Assert.Equal("why", failure.Message);
    }

    [ContractFact]
    public async Task An_exception_before_the_first_await_reaches_the_caller_through_the_task()
    {
        await using var host = await StartAsync();
        var call = host.Grain<ICounterGrain>("m-fail").FailAtOnce("at once");
        var failure = await Assert.ThrowsAsync<TestException>(() => call);
        Assert.Equal("at once", failure.Message);
        Assert.Equal(1, await host.Grain<ICounterGrain>("m-fail").Activation());
    }

    [ContractFact]
    public async Task A_one_way_call_returns_at_once_and_is_carried_out()
    {
        await using var host = await StartAsync();
        var call = host.Grain<ICounterGrain>("m-way").TellLater("gate", "done");
        Assert.True(call.IsCompletedSuccessfully);
        Witness.Gate("gate").SetResult();
        await Witness.Told("done");
    }

    [ContractFact]
    public async Task The_failure_of_a_one_way_call_is_nobodys()
    {
        await using var host = await StartAsync();
        await host.Grain<ICounterGrain>("m-way").FailOneWay();
        Assert.Equal(1, await host.Grain<ICounterGrain>("m-way").Activation());
    }

    [ContractFact]
    public async Task A_call_that_never_ends_times_out_for_its_caller_and_for_those_behind_it()
    {
        var time = new ManualTime();
        await using var host = await StartAsync(new HostWishes { Time = time, ResponseTimeout = Patience });
        var grain = host.Grain<ICounterGrain>("m-stuck");
        var stuck = grain.WaitFor("gate");
        await Witness.Told("waits for gate");
        var behind = grain.AddSlowly();
        time.Advance(Patience - TimeSpan.FromSeconds(1));
        Assert.False(stuck.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(2));
        await Assert.ThrowsAsync<TimeoutException>(() => stuck);
        await Assert.ThrowsAsync<TimeoutException>(() => behind);
        Witness.Gate("gate").SetResult();
    }

    [ContractFact]
    public async Task A_call_whose_caller_has_given_up_is_not_begun()
    {
        var time = new ManualTime();
        await using var host = await StartAsync(new HostWishes { Time = time, ResponseTimeout = Patience });
        var grain = host.Grain<ICounterGrain>("m-late");
        var stuck = grain.WaitFor("gate");
        await Witness.Told("waits for gate");
        var behind = grain.AddSlowly();
        time.Advance(Patience - TimeSpan.FromSeconds(1));
        Assert.False(stuck.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(2));
        await Assert.ThrowsAsync<TimeoutException>(() => stuck);
        await Assert.ThrowsAsync<TimeoutException>(() => behind);
        Witness.Gate("gate").SetResult();
        Assert.Equal(1, await grain.AddSlowly());
    }

    [ContractFact]
    public async Task A_call_is_not_begun_too_late_even_behind_one_that_is_not_too_late()
    {
        var time = new ManualTime();
        await using var host = await StartAsync(new HostWishes { Time = time });
        var grain = host.Grain<ICounterGrain>("m-middle");
        var stuck = grain.WaitFor("gate");
        await Witness.Told("waits for gate");
        var behind = grain.AddSlowly();
        var brief = grain.WaitBriefly("other gate");
        time.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<TimeoutException>(() => brief);
        Witness.Gate("gate").SetResult();
        await stuck;
        Assert.Equal(1, await behind);
        Assert.Equal(2, await grain.AddSlowly());
        Assert.Equal(0, Witness.Count("waits for other gate"));
    }

    [ContractFact]
    public async Task A_call_that_has_timed_out_goes_on()
    {
        var time = new ManualTime();
        await using var host = await StartAsync(new HostWishes { Time = time });
        var brief = host.Grain<ICounterGrain>("m-brief").WaitBriefly("gate");
        await Witness.Told("waits for gate");
        time.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<TimeoutException>(() => brief);
        Witness.Gate("gate").SetResult();
        await Witness.Told("brief call went on");
    }
}
