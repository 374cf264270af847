using Orleans;

namespace Vsmtp.GrainHost.Contract.Grains;

public sealed class CounterGrain(Witness witness) : Grain, ICounterGrain
{
    private int _activation;
    private int _value;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        _activation = witness.Tell("activated " + this.GetPrimaryKeyString());
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await Task.Yield();
        witness.Tell("deactivated " + this.GetPrimaryKeyString());
    }

    public Task<int> Activation() => Task.FromResult(_activation);

    public async Task<int> AddSlowly()
    {
        var before = _value;
        await Task.Yield();
        _value = before + 1;
        return _value;
    }

    public ValueTask<int> Value() => ValueTask.FromResult(_value);

    public Task<int> Peek() => Task.FromResult(_value);

    public async Task WaitFor(string gate)
    {
        witness.Tell("waits for " + gate);
        await witness.Gate(gate).Task;
    }

    public Task ReadDuring(string gate) => WaitFor(gate);

    public async Task<string> ComeBack()
    {
        var home = TaskScheduler.Current;
        List<string> lost = [];
        void Note(string how)
        {
            if (TaskScheduler.Current != home) lost.Add(how);
        }

        await Task.Delay(5);
        Note("Delay");
        await Task.Yield();
        Note("Yield");
        await Task.Run(() => Thread.Sleep(5)).ConfigureAwait(true);
        Note("Run");
        await Nested();
        Note("Nested");
        return home == TaskScheduler.Default ? "was never home" : string.Join(' ', lost);

        async Task Nested()
        {
            await Task.Delay(5);
            Note("inner");
        }
    }

    public async Task Fail(string text)
    {
        await Task.Yield();
        throw new TestException(text);
    }

    public Task FailAtOnce(string text) => throw new TestException(text);

    public Task FailOneWay() => throw new TestException("nobody hears");

    public async Task TellLater(string gate, string what)
    {
        await witness.Gate(gate).Task;
        witness.Tell(what);
    }

    public async Task WaitBriefly(string gate)
    {
        await WaitFor(gate);
        witness.Tell("brief call went on");
    }

    public Task End()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task<int> Round(string otherKey) =>
        GrainFactory.GetGrain<ICounterGrain>(otherKey).Ask(this.GetPrimaryKeyString());

    public async Task<int> AskAfter(string gate, string key)
    {
        await WaitFor(gate);
        return await GrainFactory.GetGrain<ICounterGrain>(key).AddSlowly();
    }

    public Task<int> Ask(string key) => GrainFactory.GetGrain<ICounterGrain>(key).Peek();

    public Task<string> OwnKey() => Task.FromResult(this.GetPrimaryKeyString());

    public async Task Tell(string what)
    {
        await Task.Yield();
        witness.Tell(what);
    }
}
