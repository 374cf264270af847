using Vsmtp.Contracts.RuleSets;
using Vsmtp.Rules;

namespace Vsmtp.Silo.RuleSets;

/// <summary>The store as the archive of earlier rule sets.</summary>
internal sealed class StoredRuleSetArchive(IRuleSetStore store) : IRuleSetArchive
{
    public async Task<ArchivedRuleSet?> FindAsync(string hash, CancellationToken cancellationToken) =>
        await store.FindAsync(hash, cancellationToken).ConfigureAwait(false) is { } stored
            ? new ArchivedRuleSet(stored.MainPath, stored.Files)
            : null;
}
