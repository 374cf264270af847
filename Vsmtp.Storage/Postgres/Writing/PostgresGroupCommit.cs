using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Npgsql;
using Vsmtp.Contracts.Content;

namespace Vsmtp.Storage.Postgres.Writing;

/// <summary>Writes of the process over one connection: a batch is what queued up while the batch before was synced; one round trip, one COMMIT.</summary>
/// <remarks>
/// A caller's task ends after its batch is committed. A unit that fails is undone alone, by its function. When the server refuses
/// the batch as a whole, each unit is tried alone. When the connection is lost, nobody knows what of the last batch was
/// committed: the store takes no more writes, and the process ends by its claim; what is in the store is what the next one finds.
/// </remarks>
internal sealed partial class PostgresGroupCommit : IAsyncDisposable
{
    /// <summary>Each unit is a subtransaction, and beyond 64 of them other sessions have to look on disk for what became of it.</summary>
    private const int MostUnits = 60;

    private readonly NpgsqlConnection _connection;
    private readonly PostgresClaim _claim;
    private readonly ILogger _log;
    private readonly Channel<PostgresUnit> _queued;
    private readonly Task _writing;
    private StoreUnusableException? _failure;

    /// <param name="connection">Belongs to this object from now on.</param>
    /// <param name="claim">Lost when the connection is.</param>
    /// <param name="maxQueued">Units that may wait for the batch before.</param>
    /// <param name="log">For failed batches.</param>
    public PostgresGroupCommit(NpgsqlConnection connection, PostgresClaim claim, int maxQueued, ILogger log)
    {
        _connection = connection;
        _claim = claim;
        _log = log;
        _queued = Channel.CreateBounded<PostgresUnit>(new BoundedChannelOptions(maxQueued) { SingleReader = true });
        _writing = Task.Run(WriteBatchesAsync);
    }

    /// <summary>Batches committed so far.</summary>
    public long Commits { get; private set; }

    /// <summary>Calls one of the functions and commits it with what else is queued.</summary>
    /// <param name="sql">A call whose columns <c>fault</c> and <c>message</c> are the last two of its one row.</param>
    /// <param name="bind">Adds the values of <c>$1, $2…</c>; may be called twice.</param>
    /// <param name="read">The result, where there was no fault.</param>
    /// <param name="faults">What faults mean to the caller.</param>
    /// <exception cref="OperationCanceledException">Cancelled before the work began: nothing was written. Later it goes on.</exception>
    /// <exception cref="StoreFullException">The disk is full.</exception>
    /// <exception cref="StoreUnusableException">The store has failed for good; whether this was written is not known.</exception>
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
            throw _failure ?? (Exception)new ObjectDisposedException("The mail store");
        }

        return await unit.Done.ConfigureAwait(false);
    }

    /// <summary>Takes no more work, writes what is queued and closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        _queued.Writer.TryComplete();
        await _writing.ConfigureAwait(false);
        await _connection.DisposeAsync().ConfigureAwait(false);
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

            if (batch.Count > 0) await TryWriteAsync(batch).ConfigureAwait(false);
        }
    }

    private async Task TryWriteAsync(List<PostgresUnit> batch)
    {
        try
        {
            if (_failure is not null) throw _failure;
            if (_claim.Lost.IsCancellationRequested) throw new StoreUnusableException($"The claim on the mail store is lost: {_claim.Reason}");
            await WriteAsync(batch).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            await AbandonAsync(batch, fault).ConfigureAwait(false);
        }
    }

    private async Task WriteAsync(List<PostgresUnit> batch)
    {
        using var commands = _connection.CreateBatch();
        commands.BatchCommands.Add(new NpgsqlBatchCommand("BEGIN"));
        foreach (var unit in batch) commands.BatchCommands.Add(unit.CreateCommand());
        commands.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT"));
        var rows = await commands.ExecuteReaderAsync().ConfigureAwait(false);
        await using (rows.ConfigureAwait(false))
        {
            foreach (var unit in batch)
            {
                if (!await rows.ReadAsync().ConfigureAwait(false)) throw new InvalidOperationException("A write returned no row.");
                unit.Read(rows);
                await rows.NextResultAsync().ConfigureAwait(false);   // throws what COMMIT throws, after the last
            }
        }

        Commits++;
        foreach (var unit in batch) unit.Succeed();
    }

    private async Task AbandonAsync(List<PostgresUnit> batch, Exception fault)
    {
        if (_failure is null) LogBatchFailed(fault, batch.Count);
        if (fault is PostgresException refused && !IsFatal(refused) && await TryRollBackAsync().ConfigureAwait(false))
        {
            if (batch.Count == 1) batch[0].Fail(fault);
            else foreach (var unit in batch) await TryWriteAsync([unit]).ConfigureAwait(false);
            return;
        }

        Fail(fault);
        foreach (var unit in batch) unit.Fail(_failure!);
    }

    private async Task<bool> TryRollBackAsync()
    {
        try
        {
            using var rollback = new NpgsqlCommand("ROLLBACK", _connection);
            await rollback.ExecuteNonQueryAsync().ConfigureAwait(false);
            return true;
        }
        catch (Exception fault) when (fault is NpgsqlException or InvalidOperationException)
        {
            return false;
        }
    }

    private void Fail(Exception fault)
    {
        _failure ??= fault as StoreUnusableException ?? new StoreUnusableException(
            $"The mail store has failed and takes no more writes until a restart: {fault.Message}", fault);
        _queued.Writer.TryComplete();
        _claim.Lose(_failure.Message);
    }

    /// <summary>The server ends, its disk fails, or its data are damaged: to that nothing is added.</summary>
    private static bool IsFatal(PostgresException fault) =>
        fault.SqlState.StartsWith("57P", StringComparison.Ordinal)
        || fault.SqlState.StartsWith("58", StringComparison.Ordinal)
        || fault.SqlState.StartsWith("XX", StringComparison.Ordinal);

    [LoggerMessage(EventId = StoreEvents.BatchFailed, Level = LogLevel.Error,
        Message = "A batch of {Units} writes failed as a whole")]
    private partial void LogBatchFailed(Exception fault, int units);
}
