using Orleans;
using Orleans.Runtime;

namespace Vsmtp.GrainHost.Contract.Grains;

/// <summary>A grain with timers.</summary>
[Alias("test.ticking")]
public interface ITickingGrain : IGrainWithStringKey
{
    /// <summary>Ticks every ten milliseconds, telling <c>tick N</c>.</summary>
    [Alias("start")]
    Task Start(bool interleave, bool keepAlive);

    [Alias("stop")]
    Task Stop();

    /// <summary>One tick soon, then none; with a timer that had none before.</summary>
    [Alias("once-more")]
    Task OnceMore();

    [Alias("fail-at-first")]
    Task FailAtFirst();

    /// <summary>Waits for a tick to be told while it runs.</summary>
    [Alias("wait-for-tick")]
    Task WaitForTick();

    /// <summary>Waits for the gate and says how many ticks came meanwhile.</summary>
    [Alias("ticks-during")]
    Task<int> TicksDuring(string gate);

    [Alias("wait-for-cancel")]
    Task WaitForCancel();

    [Alias("end")]
    Task End();
}

public sealed class TickingGrain(Witness witness) : Grain, ITickingGrain
{
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(10);

    private IGrainTimer? _timer;
    private int _ticks;

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        witness.Tell("deactivated");
        return Task.CompletedTask;
    }

    public Task Start(bool interleave, bool keepAlive)
    {
        _timer = this.RegisterGrainTimer(
            static (grain, _) => grain.Tick(), this, new() { DueTime = Often, Period = Often, Interleave = interleave, KeepAlive = keepAlive });
        return Task.CompletedTask;
    }

    public Task Stop()
    {
        _timer!.Dispose();
        return Task.CompletedTask;
    }

    public Task OnceMore()
    {
        _timer ??= this.RegisterGrainTimer(Tick, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(Often, Timeout.InfiniteTimeSpan);
        return Task.CompletedTask;
    }

    public Task FailAtFirst()
    {
        _timer = this.RegisterGrainTimer(
            async () =>
            {
                await Tick();
                if (_ticks == 1) throw new TestException("the first tick");
            },
            Often,
            Often);
        return Task.CompletedTask;
    }

    public Task WaitForTick() => witness.Told("tick 1");

    public async Task<int> TicksDuring(string gate)
    {
        var before = _ticks;
        await witness.Gate(gate).Task;
        return _ticks - before;
    }

    public Task WaitForCancel()
    {
        _timer = this.RegisterGrainTimer(
            async token =>
            {
                witness.Tell("waits");
                try
                {
                    await Task.Delay(Timeout.Infinite, token);
                }
                finally
                {
                    witness.Tell("cancelled");
                }
            },
            new() { DueTime = TimeSpan.Zero, Period = Timeout.InfiniteTimeSpan, Interleave = true });
        return Task.CompletedTask;
    }

    public Task End()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    private async Task Tick()
    {
        await Task.Yield();
        witness.Tell("tick " + ++_ticks);
    }
}
