using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Vsmtp.Contracts.RuleSets;
using Vsmtp.Rules;

namespace Vsmtp.Silo.RuleSets;

/// <summary>
/// At start: keeps the present rule set in the store, and loads every set that a mail sleeps under, so that its receivers are open
/// (design rule 9). Says from time to time that this process still accepts mails under its set: another process of the site, with newer
/// rules, has made it an earlier one, and earlier ones are collected.
/// </summary>
internal sealed partial class RuleSetPinning(RuleSetCatalog catalog, IRuleSetStore store, TimeProvider time, ILogger<RuleSetPinning> logger)
    : BackgroundService
{
    /// <summary>Far below the time for which a replaced set is kept.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await KeepAsync(cancellationToken).ConfigureAwait(false);
        foreach (var hash in await store.ListInUseAsync(cancellationToken).ConfigureAwait(false))
        {
            if (await catalog.FindAsync(hash, cancellationToken).ConfigureAwait(false) is null) LogRefused(hash);
        }

        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false)) await KeepAgainAsync(stoppingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task KeepAgainAsync(CancellationToken cancellationToken)
    {
        try
        {
            await KeepAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotKept(fault);
        }
    }

    private Task KeepAsync(CancellationToken cancellationToken) => store.PutAsync(
        new StoredRuleSet(catalog.Current.Hash, catalog.Current.MainPath, catalog.Current.Files), cancellationToken);

    [LoggerMessage(EventId = SiloEvents.RuleSetRefused, Level = LogLevel.Error,
        Message = "Mails sleep under the rule set {Hash}, which cannot be loaded; each is parked in quarantine/rule-set when it wakes")]
    private partial void LogRefused(string hash);

    [LoggerMessage(EventId = SiloEvents.RuleSetNotKept, Level = LogLevel.Warning, Message = "The present rule set could not be put into the store again; tried in an hour")]
    private partial void LogNotKept(Exception fault);
}
