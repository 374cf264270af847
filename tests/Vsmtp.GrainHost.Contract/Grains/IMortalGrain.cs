using Orleans;
using Orleans.Concurrency;

namespace Vsmtp.GrainHost.Contract.Grains;

/// <summary>A grain about whose life there is much to know.</summary>
[Alias("test.mortal")]
public interface IMortalGrain : IGrainWithStringKey
{
    /// <summary>Tells <c>WHAT by NUMBER</c>, the number being that of the activation.</summary>
    [Alias("tell")]
    Task Tell(string what);

    /// <summary>Asks for the end; OnDeactivateAsync then waits for the gate "end".</summary>
    [Alias("end")]
    Task End();

    /// <summary>Counts; at each fifth call it asks for its end.</summary>
    [Alias("count")]
    Task<int> Count();

    /// <summary>Asks for its end, then calls its own interleaving method and waits for that.</summary>
    [Alias("end-and-peek")]
    Task<int> EndAndPeek();

    [Alias("peek"), AlwaysInterleave]
    Task<int> Peek();
}

/// <summary>Tells when two of one key are alive.</summary>
public sealed class MortalGrain(Witness witness) : Grain, IMortalGrain, IAsyncDisposable
{
    private int _number;
    private int _counted;

    private string Me => this.GetPrimaryKeyString();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _number = witness.Tell("alive " + Me);
        if (_number - witness.Count("dead " + Me) != 1) witness.Tell("two at once");
        if (Me.StartsWith("m-hasty", StringComparison.Ordinal)) DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        witness.Tell($"ends {Me}: {reason.ReasonCode}");
        if (Me.StartsWith("m-slow", StringComparison.Ordinal)) await witness.Gate("end").Task;
        else await Task.Yield();
        witness.Tell("dead " + Me);
    }

    public ValueTask DisposeAsync()
    {
        witness.Tell("disposed " + Me);
        return ValueTask.CompletedTask;
    }

    public async Task Tell(string what)
    {
        await Task.Yield();
        witness.Tell($"{what} by {_number}");
    }

    public Task End()
    {
        this.DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public async Task<int> Count()
    {
        if (++_counted % 5 == 0) DeactivateOnIdle();
        await Task.Yield();
        return witness.Tell("counted " + Me);
    }

    public Task<int> EndAndPeek()
    {
        DeactivateOnIdle();
        return GrainFactory.GetGrain<IMortalGrain>(Me).Peek();
    }

    public Task<int> Peek() => Task.FromResult(_number);
}
