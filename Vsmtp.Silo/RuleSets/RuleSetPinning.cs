using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Vsmtp.Contracts.RuleSets;
using Vsmtp.Rules;

namespace Vsmtp.Silo.RuleSets;

/// <summary>
/// Keeps the present rule set in the store, and knows every set that a mail sleeps under, so that its receivers are open (design rule 9).
/// Says from time to time that this process still accepts mails under its set: another process of the site, with newer rules, has made
/// it an earlier one, and earlier ones are collected.
/// </summary>
public sealed partial class RuleSetPinning(
    RuleSetCatalog catalog, IRuleSetStore store, IRuleSetReports reports, RuleSetPinningOptions options, TimeProvider time, ILogger<RuleSetPinning> logger)
    : BackgroundService
{
    // One at a time puts sets into the store: else the hour's turn could make a set the earlier one that has just become the present one.
    private readonly SemaphoreSlim _gate = new(1, 1);
    private ImmutableHashSet<string> _refused = [];
    private DateTimeOffset _keptAt;
    private DateTimeOffset _lookedAt;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await KeepAsync(cancellationToken).ConfigureAwait(false);
        await LoadInUseAsync(cancellationToken).ConfigureAwait(false);
        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Makes another rule set the present one, at once for all that begins from now on. It is in the store before: a mail that is
    /// accepted under it can be resumed by any process of the site.
    /// </summary>
    /// <returns>What an operator should know of the mails that wait under other rules, in words.</returns>
    public async Task<ImmutableArray<string>> ReplaceAsync(RuleSet next, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await store.PutAsync(Stored(next), cancellationToken).ConfigureAwait(false);
            // A mail of the new rules may come back to another process: it must know the receiver by then.
            if (!options.IsAlone && HasNewReceiver(next)) await Task.Delay(options.NewsPause * 2, time, cancellationToken).ConfigureAwait(false);
            catalog.Replace(next);
        }
        finally
        {
            _gate.Release();
        }

        try
        {
            return await TellWaitingAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            LogNoStore(fault);                                 // the rules are in force all the same
            return [];
        }
    }

    public override void Dispose()
    {
        _gate.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.IsAlone ? options.LookPause : options.NewsPause, time);
        try
        {
            await TryAsync(() => TellWaitingAsync(stoppingToken), stoppingToken).ConfigureAwait(false);
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
                await TryAsync(() => LookAsync(stoppingToken), stoppingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        if (!options.IsAlone)
            await catalog.KeepAsync(await store.ListRecentAsync(options.KeepPause * 2, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        if (options.IsAlone || time.GetUtcNow() - _lookedAt >= options.LookPause) await LoadInUseAsync(cancellationToken).ConfigureAwait(false);
        if (time.GetUtcNow() - _keptAt >= options.KeepPause) await KeepAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task TryAsync(Func<Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            LogNoStore(fault);
        }
    }

    /// <summary>The present set last, so that it is the one that was put last; before it those under which a session still brings mails.</summary>
    private async Task KeepAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            foreach (var set in catalog.StillHeld.Add(catalog.Current))
                await store.PutAsync(Stored(set), cancellationToken).ConfigureAwait(false);
            _keptAt = time.GetUtcNow();
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Those that mails sleep under and, where the site has other processes, those under which these may still accept mails.</summary>
    private async Task LoadInUseAsync(CancellationToken cancellationToken)
    {
        _lookedAt = time.GetUtcNow();
        var inUse = await store.ListInUseAsync(cancellationToken).ConfigureAwait(false);
        var recent = options.IsAlone ? [] : await store.ListRecentAsync(options.KeepPause * 2, cancellationToken).ConfigureAwait(false);
        var refused = await catalog.KeepAsync(inUse.Union(recent), cancellationToken).ConfigureAwait(false);
        foreach (var hash in refused.Intersect(inUse).Except(_refused)) LogRefused(hash);
        _refused = [.. refused];
    }

    private bool HasNewReceiver(RuleSet next)
    {
        var known = catalog.Services.Select(service => service.Receiver).ToHashSet();
        return next.Services.Values.Any(service => !known.Contains(service.Receiver));
    }

    private async Task<ImmutableArray<string>> TellWaitingAsync(CancellationToken cancellationToken)
    {
        var words = WaitingWords.Of(await reports.ListAsync(cancellationToken).ConfigureAwait(false));
        foreach (var line in words) LogWaiting(line);
        return words;
    }

    private static StoredRuleSet Stored(RuleSet set) => new(set.Hash, set.MainPath, set.Files);

    [LoggerMessage(EventId = SiloEvents.RuleSetRefused, Level = LogLevel.Error,
        Message = "Mails sleep under the rule set {Hash}, which cannot be loaded; each is parked in quarantine/rule-set when it wakes")]
    private partial void LogRefused(string hash);

    [LoggerMessage(EventId = SiloEvents.RuleSetNotKept, Level = LogLevel.Warning, Message = "The store did not take or give its rule sets; tried again")]
    private partial void LogNoStore(Exception fault);

    [LoggerMessage(EventId = SiloEvents.RuleSetWaiting, Level = LogLevel.Warning, Message = "{Waiting}")]
    private partial void LogWaiting(string waiting);
}
