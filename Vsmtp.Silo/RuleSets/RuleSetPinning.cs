using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Vsmtp.Contracts.RuleSets;
using Vsmtp.Rules;

namespace Vsmtp.Silo.RuleSets;

/// <summary>At start: keeps the present rule set in the store, and loads every set that a mail sleeps under, so that its receivers are open (design rule 9).</summary>
internal sealed partial class RuleSetPinning(RuleSetCatalog catalog, IRuleSetStore store, ILogger<RuleSetPinning> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var current = catalog.Current;
        await store.PutAsync(new StoredRuleSet(current.Hash, current.MainPath, current.Files), cancellationToken).ConfigureAwait(false);
        foreach (var hash in await store.ListInUseAsync(cancellationToken).ConfigureAwait(false))
        {
            if (await catalog.FindAsync(hash, cancellationToken).ConfigureAwait(false) is null) LogRefused(hash);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(EventId = SiloEvents.RuleSetRefused, Level = LogLevel.Error,
        Message = "Mails sleep under the rule set {Hash}, which cannot be loaded; each is parked in quarantine/rule-set when it wakes")]
    private partial void LogRefused(string hash);
}
