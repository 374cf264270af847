using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Npgsql;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Stores;
using Vsmtp.Storage.Health;

namespace Vsmtp.Storage.Postgres.Writing;

/// <summary>Writes of the process over one connection: a batch is what queued up while the batch before was synced; one round trip, one COMMIT.</summary>
/// <remarks>
/// A caller's task ends after its batch is committed. When one of its units fails, the batch is rolled back and run again with a
/// subtransaction for each, so that this unit is undone alone (<see cref="PostgresBatch"/>); when the server refuses even that, each unit
/// is tried alone. When the connection is lost, nobody knows what of the last batch was committed, and all writes fail until the store is
/// taken again (<see cref="PostgresKeeper"/>): a repeated one finds out.
/// </remarks>
internal sealed partial class PostgresGroupCommit : IAsyncDisposable
{
    /// <summary>When one fails each is a subtransaction, and beyond 64 of them other sessions have to look on disk for what became of it.</summary>
    private const int MostUnits = 60;

    private readonly PostgresClaim _claim;
    private readonly bool _counts;
    private readonly StoreHealth _health;
    private readonly WriteClock _clock;
    private readonly ILogger _log;
    private readonly Channel<PostgresUnit> _queued;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Task _writing;
    private NpgsqlConnection _connection;
    private CancellationTokenSource _leaving = new();
    private volatile Exception? _absence;

    /// <param name="connection">Belongs to this object from now on.</param>
    /// <param name="claim">Broken when the connection is.</param>
    /// <param name="counts">Whether units move counters.</param>
    /// <param name="health">Told what becomes of batches.</param>
    /// <param name="maxQueued">Units that may wait for the batch before.</param>
    /// <param name="log">For failed batches.</param>
    public PostgresGroupCommit(NpgsqlConnection connection, PostgresClaim claim, bool counts, StoreHealth health, int maxQueued, ILogger log)
    {
        _connection = connection;
        _claim = claim;
        _counts = counts;
        _health = health;
        _clock = health.NewClock();
        _log = log;
        _queued = Channel.CreateBounded<PostgresUnit>(new BoundedChannelOptions(maxQueued) { SingleReader = true });
        _writing = Task.Run(WriteBatchesAsync);
    }

    /// <summary>Batches committed so far.</summary>
    public long Commits { get; private set; }

    /// <summary>Calls one of the functions and commits it with what else is queued.</summary>
    /// <param name="sql">A call that returns one row.</param>
    /// <param name="bind">Adds the values of <c>$1, $2…</c>; may be called twice.</param>
    /// <param name="read">The result; may be called twice.</param>
    /// <param name="faults">What faults mean to the caller.</param>
    /// <exception cref="OperationCanceledException">Cancelled before the work began: nothing was written. Later it goes on.</exception>
    /// <exception cref="StoreFullException">The disk is full.</exception>
    /// <exception cref="StoreAwayException">The store is away; whether this was written is not known.</exception>
    /// <exception cref="StoreUnusableException">The store is lost for good; whether this was written is not known.</exception>
    /// <exception cref="ObjectDisposedException">The store is closed.</exception>
    public async Task<T> RunAsync<T>(
        string sql, Action<NpgsqlParameterCollection> bind, Func<NpgsqlDataReader, T> read, PostgresFaults faults,
        CancellationToken cancellationToken = default)
    {
        var unit = new PostgresUnit<T>(sql, bind, read, faults, cancellationToken);
        try
        {
            await _queued.Writer.WriteAsync(unit, cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException("The mail store");
        }

        return await unit.Done.ConfigureAwait(false);
    }

    /// <summary>Takes no more work, writes what is queued and closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        _queued.Writer.TryComplete();
        await _writing.ConfigureAwait(false);
        await _connection.DisposeAsync().ConfigureAwait(false);
        _leaving.Dispose();
        _turn.Dispose();
    }

    /// <summary>What callers are told while the store is away, or when a process that shares it has lost it.</summary>
    public Exception Absence(string reason) => _claim.Mode is ClaimMode.Exclusive
        ? new StoreAwayException($"The mail store is away: {reason}")
        : new StoreUnusableException($"The mail store is lost: {reason}");

    /// <summary>Fails all writes from now on, the one under way too, and closes the connection.</summary>
    public async Task SuspendAsync(string reason)
    {
        _absence ??= Absence(reason);
        await _leaving.CancelAsync().ConfigureAwait(false);
        await _turn.WaitAsync().ConfigureAwait(false);
        await _connection.DisposeAsync().ConfigureAwait(false);
        _turn.Release();
    }

    /// <summary>Goes on over another connection, which belongs to this object from now on.</summary>
    public void Resume(NpgsqlConnection connection)
    {
        _connection = connection;
        _leaving.Dispose();
        _leaving = new CancellationTokenSource();
        _absence = null;
    }

    private async Task WriteBatchesAsync()
    {
        var batch = new List<PostgresUnit>(MostUnits);
        while (await _queued.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            batch.Clear();
            while (batch.Count < MostUnits && _queued.Reader.TryRead(out var unit))
            {
                if (unit.Begin()) batch.Add(unit);
            }

            if (batch.Count == 0) continue;
            await _turn.WaitAsync().ConfigureAwait(false);
            _clock.Begin();
            await TryWriteAsync(batch).ConfigureAwait(false);
            _clock.End();
            _turn.Release();
        }
    }

    private async Task TryWriteAsync(IReadOnlyList<PostgresUnit> batch)
    {
        try
        {
            if (_absence is null && _claim.Session.Broken is { IsCompletedSuccessfully: true } broken) _absence = Absence(await broken.ConfigureAwait(false));
            if (_absence is not null) throw _absence;
            await WriteAsync(batch, _leaving.Token).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            await AbandonAsync(batch, fault).ConfigureAwait(false);
        }
    }

    private async Task WriteAsync(IReadOnlyList<PostgresUnit> batch, CancellationToken leaving)
    {
        var transaction = new PostgresBatch(_connection, batch, _counts ? _claim.Incarnation.Name : null);
        try
        {
            await transaction.WriteTogetherAsync(leaving).ConfigureAwait(false);
        }
        catch (PostgresException fault) when (batch.Count > 1 && !PostgresFaults.IsFatal(fault))
        {
            await RollBackAsync().ConfigureAwait(false);
            await transaction.WriteApartAsync(leaving).ConfigureAwait(false);
        }

        Commits++;
        _health.Succeeded();
        foreach (var unit in batch)
        {
            if (unit.Refusal is { } refusal) Fail(unit, refusal);
            else unit.Succeed();
        }
    }

    /// <summary>What one unit asked for is its own; else, if the connection lives, each unit is tried alone.</summary>
    private async Task AbandonAsync(IReadOnlyList<PostgresUnit> batch, Exception fault)
    {
        if (fault is PostgresException refused && !PostgresFaults.IsFatal(refused) && await TryRollBackAsync().ConfigureAwait(false))
        {
            if (batch.Count == 1)
            {
                Fail(batch[0], refused);
                return;
            }

            LogBatchFailed(fault, batch.Count);
            foreach (var unit in batch)
            {
                unit.Refusal = null;
                await TryWriteAsync([unit]).ConfigureAwait(false);
            }

            return;
        }

        if (_absence is null) LogBatchFailed(fault, batch.Count);
        _absence ??= Absence(fault.Message);
        _claim.Session.Break(fault.Message);
        foreach (var unit in batch) unit.Fail(_absence);
    }

    private void Fail(PostgresUnit unit, PostgresException fault)
    {
        unit.Fail(fault);
        if (fault.SqlState is PostgresErrorCodes.DiskFull) _health.Failed(new StoreFullException($"The disk of the database is full: {fault.Message}"));
    }

    private async Task RollBackAsync()
    {
        using var rollback = new NpgsqlCommand("ROLLBACK", _connection);
        await rollback.ExecuteNonQueryAsync().ConfigureAwait(false);
    }

    private async Task<bool> TryRollBackAsync()
    {
        try
        {
            await RollBackAsync().ConfigureAwait(false);
            return true;
        }
        catch (Exception fault) when (fault is NpgsqlException or InvalidOperationException)
        {
            return false;
        }
    }

    [LoggerMessage(EventId = StoreEvents.BatchFailed, Level = LogLevel.Error,
        Message = "A batch of {Units} writes failed as a whole")]
    private partial void LogBatchFailed(Exception fault, int units);
}
