using Orleans;

namespace Vsmtp.GrainHost.Contract.Grains;

/// <summary>A grain with its state by inheritance.</summary>
[Alias("test.old-style")]
public interface IOldStyleGrain : IGrainWithIntegerKey
{
    [Alias("put")]
    Task Put(string text);

    [Alias("get")]
    Task<string> Get();

    [Alias("end")]
    Task End();
}

public sealed class OldStyleGrain : Grain<VaultState>, IOldStyleGrain
{
    private string _seenFirst = "";

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _seenFirst = State.Text;
        return Task.CompletedTask;
    }

    public Task Put(string text)
    {
        State = new VaultState { Text = text };
        return WriteStateAsync();
    }

    public Task<string> Get() => Task.FromResult(_seenFirst);

    public Task End()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}
