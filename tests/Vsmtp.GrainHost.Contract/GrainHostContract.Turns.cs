using Orleans;
using Vsmtp.GrainHost.Contract.Grains;

namespace Vsmtp.GrainHost.Contract;

public abstract partial class GrainHostContract
{
    [ContractFact]
    public async Task A_thousand_first_calls_at_once_make_one_activation()
    {
        await using var host = await StartAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => Task.Run(() => host.Grain<ICounterGrain>("m-one").Activation())));
        Assert.All(answers, answer => Assert.Equal(1, answer));
        Assert.Equal(1, Witness.Count("activated m-one"));
    }

    [ContractFact]
    public async Task Turns_of_one_grain_never_interleave()
    {
        await using var host = await StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => Task.Run(() => host.Grain<ICounterGrain>("m-count").AddSlowly())));
        Assert.Equal(1000, await host.Grain<ICounterGrain>("m-count").Value());
    }

    [ContractFact]
    public async Task An_await_comes_back_to_the_activation()
    {
        await using var host = await StartAsync();
        Assert.Equal("", await host.Grain<ICounterGrain>("m-await").ComeBack());
    }

    [ContractFact]
    public async Task A_grain_and_its_reference_know_the_key()
    {
        await using var host = await StartAsync();
        var grain = host.Grain<ICounterGrain>("m-key");
        Assert.Equal("m-key", await grain.OwnKey());
        Assert.Equal("m-key", grain.GetPrimaryKeyString());
        Assert.Equal(grain, host.Grain<ICounterGrain>("m-key"));
        Assert.NotEqual(grain, host.Grain<ICounterGrain>("m-other"));
    }

    [ContractFact]
    public async Task Calls_of_one_caller_run_in_their_order()
    {
        await using var host = await StartAsync();
        var grain = host.Grain<ICounterGrain>("m-order");
        await Task.WhenAll(Enumerable.Range(0, 300).Select(number => grain.Tell($"n{number}")));
        AssertInOrder(Enumerable.Range(0, 300).Select(number => $"n{number}"), Witness.Events.Where(what => what.StartsWith('n')));
    }

    [ContractFact]
    public async Task Calls_of_a_reentrant_grain_interleave()
    {
        await using var host = await StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => host.Grain<IMeetingGrain>("m-meet").Meet(20)));
    }

    [ContractFact]
    public async Task A_method_that_always_interleaves_runs_while_another_waits()
    {
        await using var host = await StartAsync();
        var grain = host.Grain<ICounterGrain>("m-peek");
        var waiting = grain.WaitFor("gate");
        await Witness.Told("waits for gate");
        Assert.Equal(0, await grain.Peek());
        Assert.False(waiting.IsCompleted);
        Witness.Gate("gate").SetResult();
        await waiting;
    }

    [ContractFact]
    public async Task Calls_that_only_read_run_together_and_a_write_waits_for_them()
    {
        await using var host = await StartAsync();
        var grain = host.Grain<ICounterGrain>("m-read");
        Task[] reading = [grain.ReadDuring("one"), grain.ReadDuring("two")];
        await Witness.Told("waits for one");
        await Witness.Told("waits for two");
        var writing = grain.AddSlowly();
        for (var i = 0; i < 20; i++) await grain.Peek();
        Witness.Gate("one").SetResult();
        await reading[0];
        for (var i = 0; i < 20; i++) Assert.Equal(0, await grain.Peek());
        Assert.False(writing.IsCompleted);
        Witness.Gate("two").SetResult();
        Assert.Equal(1, await writing);
    }

    [ContractFact]
    public async Task A_call_may_come_back_to_a_waiting_grain_where_the_method_interleaves()
    {
        await using var host = await StartAsync();
        Assert.Equal(0, await host.Grain<ICounterGrain>("m-here").Round("m-there"));
    }

    [ContractFact]
    public async Task A_call_that_comes_back_to_a_waiting_grain_times_out()
    {
        var time = new ManualTime();
        await using var host = await StartAsync(new HostWishes { Time = time, ResponseTimeout = Patience });
        Witness.Gate("open").SetResult();
        var call = host.Grain<ICounterGrain>("m-self").AskAfter("open", "m-self");
        await Witness.Told("waits for open");
        await host.Grain<ICounterGrain>("m-self").Peek();
        time.Advance(TimeSpan.FromSeconds(31));
        await Assert.ThrowsAsync<TimeoutException>(() => call);
    }

    [ContractFact]
    public async Task A_stateless_worker_has_as_many_activations_as_it_needs_up_to_its_number()
    {
        await using var host = await StartAsync();
        var worker = host.Grain<IWorkerGrain>("w");
        var first = worker.Work("gate");
        await Witness.Told("working");
        var working = Enumerable.Range(0, 8).Select(_ => worker.Work("gate")).Append(first).ToList();
        await Witness.Told("working", 3);
        Witness.Gate("gate").SetResult();
        var numbers = await Task.WhenAll(working);
        Assert.Equal([1, 2, 3], numbers.Distinct().Order());
        Assert.Equal(3, Witness.Count("worker"));
    }
}
