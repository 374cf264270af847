using Microsoft.Extensions.Logging;
using Npgsql;
using Vsmtp.Storage.Health;

namespace Vsmtp.Storage.Postgres;

/// <summary>Keeps a store through the absence of its database: nothing is written from then on, and it is taken again when it is back.</summary>
/// <remarks>
/// Two processes never work on one store. A hold that broke is given up whole, writers first; the next one is another incarnation, taken
/// as at a start: only if nobody has the lock, and after the last writer's session has ended. Whoever had the store in between has left
/// its name, and then this process is over: what waits in its memory may have been done by the other. What is in memory else may be
/// behind the store at most, and is found to be so by its version before it can act.
/// </remarks>
internal sealed partial class PostgresKeeper(
    PostgresStoreOptions options, PostgresClaim claim, PostgresCore core, StoreHealth health, ILogger<PostgresKeeper> log)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly ILogger _log = log;
    private string? _said;

    /// <summary>Until the store is closed, or lost for good.</summary>
    public async Task KeepAsync(CancellationToken closing)
    {
        try
        {
            while (!claim.Lost.IsCancellationRequested)
            {
                var reason = await claim.Session.Broken.WaitAsync(closing).ConfigureAwait(false);
                health.Leave(reason);
                if (claim.Mode is ClaimMode.Shared)
                {
                    // Silos of a cluster are known to each other by their incarnations: one that was cut off ends, and begins anew.
                    claim.Lose(reason);
                    return;
                }

                await SuspendAsync(reason).ConfigureAwait(false);
                await TakeAgainAsync(closing).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (closing.IsCancellationRequested)
        {
            // The store is closed.
        }
    }

    /// <summary>Nothing more is sent under the broken hold, and its sessions are closed.</summary>
    private async Task SuspendAsync(string reason)
    {
        core.Reads.Suspend(core.Writes.Absence(reason));
        await core.Writes.SuspendAsync(reason).ConfigureAwait(false);
        await core.ChunkWrites.SuspendAsync(reason).ConfigureAwait(false);
    }

    private async Task TakeAgainAsync(CancellationToken closing)
    {
        var former = claim.Incarnation;
        for (var pause = FirstPause; !claim.Lost.IsCancellationRequested; pause = Min(pause * 2, LongestPause))
        {
            await Task.Delay(pause, closing).ConfigureAwait(false);
            try
            {
                if (await Task.Run(() => TryTake(former), closing).ConfigureAwait(false)) return;
            }
            catch (Exception fault) when (fault is StoreUnusableException or NpgsqlException or InvalidOperationException)
            {
                if (fault.Message != _said) LogNotYet(_said = fault.Message);
            }
        }
    }

    /// <returns>False: the lock is still held by a session of ours of which the database has not seen the end.</returns>
    private bool TryTake(StoreIncarnation former)
    {
        if (claim.TryRenew() is { } holder)
        {
            if (holder == PostgresConnections.NameOf("claim")) return false;
            claim.Lose($"{holder} has taken it");
            return false;
        }

        if (PostgresWriters.Open(options, claim, former) is not { } writers)
        {
            claim.Lose("another process has had it");
            return false;
        }

        core.Writes.Resume(writers.Mails);
        core.ChunkWrites.Resume(writers.Chunks);
        core.Reads.Resume();
        _said = null;
        LogTaken(claim.Incarnation.Name);
        health.Return();
        return true;
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    [LoggerMessage(EventId = StoreEvents.ClaimRenewed, Level = LogLevel.Information, Message = "The mail store is taken again, as {Incarnation}")]
    private partial void LogTaken(string incarnation);

    [LoggerMessage(EventId = StoreEvents.ClaimNotRenewed, Level = LogLevel.Information, Message = "The mail store cannot be taken again yet: {Why}")]
    private partial void LogNotYet(string why);
}
