using Vsmtp.Contracts.Mail;
using Vsmtp.Contracts.TlsPolicies;

namespace Vsmtp.Grains.TlsPolicies;

/// <summary>One domain's policy, in the mail store.</summary>
public sealed class TlsPolicyGrain(
    [PersistentState(KeptTlsPolicy.StateName, MailStateStorage.ProviderName)] IPersistentState<KeptTlsPolicy> kept,
    TimeProvider time) : Grain, ITlsPolicyGrain
{
    public async Task<TlsPolicy?> Find()
    {
        if (kept.State.Policy is { } policy && policy.EndsAt <= time.GetUtcNow()) await Commit(kept.ClearStateAsync);
        return kept.State.Policy;
    }

    public async Task Keep(TlsPolicy policy)
    {
        // One from a future that a wrong clock saw stands in nobody's way.
        if (kept.State.Policy is { } present && present.FetchedAt >= policy.FetchedAt && present.FetchedAt <= time.GetUtcNow()) return;
        kept.State = new KeptTlsPolicy { Policy = policy };
        await Commit(kept.WriteStateAsync);
    }

    private async Task Commit(Func<Task> write)
    {
        try
        {
            await write();
        }
        catch
        {
            DeactivateOnIdle();                                // memory is ahead of the store: reload before the next call
            throw;
        }
    }
}
