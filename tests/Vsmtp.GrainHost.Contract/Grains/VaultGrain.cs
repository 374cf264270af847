using Orleans;
using Orleans.Runtime;

namespace Vsmtp.GrainHost.Contract.Grains;

public sealed class VaultGrain([PersistentState("vault", TestStorage.Name)] IPersistentState<VaultState> vault, Witness witness) : Grain, IVaultGrain
{
    private string _seenFirst = "";

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _seenFirst = vault.State.Text;
        witness.Tell("activated " + this.GetPrimaryKeyString());
        return Task.CompletedTask;
    }

    public Task<string> SeenFirst() => Task.FromResult(_seenFirst);

    public Task<string> Get() => Task.FromResult(vault.State.Text);

    public async Task Put(string text)
    {
        vault.State = vault.State with { Text = text };
        await vault.WriteStateAsync();
    }

    public async Task<string> TryPut(string text)
    {
        try
        {
            await Put(text);
            return "nothing";
        }
        catch (Exception caught)
        {
            return caught.GetType().Name;
        }
    }

    public Task PutThrough(string otherKey, string text) => GrainFactory.GetGrain<IVaultGrain>(otherKey).Put(text);

    public async Task PutTwice(string first, string second)
    {
        vault.State = vault.State with { Text = first };
        var writing = vault.WriteStateAsync();
        vault.State = vault.State with { Text = second };
        await Task.WhenAll(writing, vault.WriteStateAsync());
    }

    public Task Clear() => vault.ClearStateAsync();

    public Task<string> PutAstray() => Task.Run(async () =>
    {
        try
        {
            await vault.WriteStateAsync();
            return "nothing";
        }
        catch (InvalidOperationException refused)
        {
            return refused.Message;
        }
    });
}
