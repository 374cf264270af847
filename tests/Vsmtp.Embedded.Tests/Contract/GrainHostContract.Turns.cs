using Orleans;
using Vsmtp.Embedded.Tests.Grains;

namespace Vsmtp.Embedded.Tests.Contract;

public abstract partial class GrainHostContract
{
    [Fact]
    public async Task A_thousand_first_calls_at_once_make_one_activation()
    {
        await using var host = await StartAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => Task.Run(() => host.Grain<ICounterGrain>("m-one").Activation())));
        Assert.All(answers, answer => Assert.Equal(1, answer));
        Assert.Equal(1, Witness.Count("activated m-one"));
    }

    [Fact]
    public async Task Turns_of_one_grain_never_interleave()
    {
        await using var host = await StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => Task.Run(() => host.Grain<ICounterGrain>("m-count").AddSlowly())));
        Assert.Equal(1000, await host.Grain<ICounterGrain>("m-count").Value());
    }

    [Fact]
    public async Task An_await_comes_back_to_the_activation()
    {
        await using var host = await StartAsync();
        Assert.Equal("", await host.Grain<ICounterGrain>("m-await").ComeBack());
    }

    [Fact]
    public async Task A_grain_and_its_reference_know_the_key()
    {
        await using var host = await StartAsync();
        var grain = host.Grain<ICounterGrain>("m-key");
        Assert.Equal("m-key", await grain.OwnKey());
        Assert.Equal("m-key", grain.GetPrimaryKeyString());
        Assert.Equal(grain, host.Grain<ICounterGrain>("m-key"));
        Assert.NotEqual(grain, host.Grain<ICounterGrain>("m-other"));
    }
}
