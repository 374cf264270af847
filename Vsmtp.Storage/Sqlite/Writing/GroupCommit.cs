using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using SQLitePCL;
using Vsmtp.Contracts.Content;
using Vsmtp.Storage.Health;
using Vsmtp.Storage.Sqlite.Mails;

namespace Vsmtp.Storage.Sqlite.Writing;

/// <summary>All writes of the process: one thread, one connection, one sync for what queued up during the sync before.</summary>
/// <remarks>
/// A caller's task ends after its batch is committed and synced. A unit that fails is rolled back alone. When the commit fails,
/// or SQLite gives the transaction up, every unit of the batch fails: nobody is told of a success that the disk does not know.
/// </remarks>
internal sealed partial class GroupCommit : IAsyncDisposable
{
    private readonly SqliteSession _writer;
    private readonly Checkpointer _checkpointer;
    private readonly ILogger _log;
    private readonly StoreHealth? _health;
    private readonly WriteClock? _clock;
    private readonly Action<string>? _onLost;
    private readonly SemaphoreSlim _room;
    private readonly object _gate = new();
    private readonly Thread _thread;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private List<WriteUnit> _queued = [];
    private Exception? _closed;
    private StoreUnusableException? _failure;

    /// <param name="writer">Belongs to this object from now on.</param>
    /// <param name="checkpointer">Told of every commit.</param>
    /// <param name="maxQueued">Units that may wait for the batch before.</param>
    /// <param name="log">For failed batches.</param>
    /// <param name="health">Told what becomes of batches.</param>
    /// <param name="onLost">Told why it takes no more writes until a restart.</param>
    public GroupCommit(
        SqliteSession writer, Checkpointer checkpointer, int maxQueued, ILogger log, StoreHealth? health = null, Action<string>? onLost = null)
    {
        (_health, _clock, _onLost) = (health, health?.NewClock(), onLost);
        _writer = writer;
        _checkpointer = checkpointer;
        _log = log;
        _room = new SemaphoreSlim(maxQueued);
        _thread = new Thread(WriteBatches) { Name = "vsmtp store writer", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Batches committed so far.</summary>
    public long Commits { get; private set; }

    /// <summary>Runs the work on the writer's thread and commits it with what else is queued.</summary>
    /// <exception cref="OperationCanceledException">Cancelled before the work began: nothing was written. Later it goes on.</exception>
    /// <exception cref="StoreFullException">The disk is full.</exception>
    /// <exception cref="StoreUnusableException">The store has failed for good.</exception>
    /// <exception cref="ObjectDisposedException">The store is closed.</exception>
    public async Task<T> RunAsync<T>(Func<SqliteSession, T> work, CancellationToken cancellationToken = default)
    {
        await _room.WaitAsync(cancellationToken).ConfigureAwait(false);
        var unit = new WriteUnit<T>(work, cancellationToken);
        lock (_gate)
        {
            if (_closed is not null)
            {
                _room.Release();
                throw _closed;
            }

            _queued.Add(unit);
            Monitor.Pulse(_gate);
        }

        return await unit.Done.ConfigureAwait(false);
    }

    /// <summary>Takes no more work, writes what is queued and closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        Close(new ObjectDisposedException("The mail store"));
        await _ended.Task.ConfigureAwait(false);
    }

    private void Close(Exception why)
    {
        lock (_gate)
        {
            _closed ??= why;
            Monitor.Pulse(_gate);
        }
    }

    private void WriteBatches()
    {
        var batch = new List<WriteUnit>();
        while (TakeQueued(ref batch))
        {
            _clock?.Begin();
            try
            {
                if (_failure is not null) throw _failure;
                Write(batch);
            }
            catch (Exception fault)
            {
                Abandon(batch, fault);
            }

            _clock?.End();
            batch.Clear();
        }

        _writer.Dispose();
        _ended.SetResult();
    }

    /// <summary>Waits for work; false when closed and none is left.</summary>
    private bool TakeQueued(ref List<WriteUnit> batch)
    {
        lock (_gate)
        {
            while (_queued.Count == 0 && _closed is null) Monitor.Wait(_gate);
            (batch, _queued) = (_queued, batch);
        }

        if (batch.Count > 0) _room.Release(batch.Count);
        return batch.Count > 0;
    }

    /// <summary>One after the other on one thread of the pool: what callers do at once is short, and most of it goes to another queue.</summary>
    private static void Tell(List<WriteUnit> batch) => ThreadPool.UnsafeQueueUserWorkItem(
        static told =>
        {
            foreach (var unit in told) unit.Tell();
        },
        batch.ToArray(),
        preferLocal: false);

    private void Write(List<WriteUnit> batch)
    {
        if (!TryWriteTogether(batch)) WriteApart(batch);
        Commits++;
        _health?.Succeeded();

        // A unit that failed alone or was cancelled keeps that outcome.
        foreach (var unit in batch) unit.Succeed();
        Tell(batch);
        _checkpointer.Committed(_writer);
    }

    /// <summary>Nearly all units succeed, so that they need no savepoints, for which SQLite would copy each page before it changes.</summary>
    /// <returns>False: one has failed, and nothing is written.</returns>
    private bool TryWriteTogether(List<WriteUnit> batch)
    {
        Begin();
        try
        {
            foreach (var unit in batch)
            {
                if (unit.Begin()) unit.Execute(_writer);
            }

            Counters.WriteMoves(_writer);
        }
        catch (Exception) when (_writer.IsInTransaction)
        {
            _writer.Run("ROLLBACK");
            return false;
        }

        _writer.Run("COMMIT");
        return true;
    }

    /// <summary>Each in a savepoint of its own: the one that fails is undone alone.</summary>
    private void WriteApart(List<WriteUnit> batch)
    {
        Begin();
        foreach (var unit in batch)
        {
            if (unit.Begin()) Execute(unit);
        }

        _writer.Run("COMMIT");
    }

    private void Begin()
    {
        _writer.CounterMoves.Clear();
        _writer.Run("BEGIN IMMEDIATE");
    }

    private void Execute(WriteUnit unit)
    {
        _writer.Run("SAVEPOINT unit");
        try
        {
            unit.Execute(_writer);
            Counters.WriteMoves(_writer);
        }
        catch (Exception fault)
        {
            // Without the transaction, the units before this one are undone too.
            if (!_writer.IsInTransaction) throw;
            _writer.CounterMoves.Clear();
            _writer.Run("ROLLBACK TO unit");
            Fail(unit, Translate(fault));
        }

        _writer.Run("RELEASE unit");
    }

    private void Abandon(List<WriteUnit> batch, Exception fault)
    {
        LogBatchFailed(fault, batch.Count);
        try
        {
            if (_writer.IsInTransaction) _writer.Run("ROLLBACK");
            if (fault is SqliteException sqlite && IsFatal(sqlite)) Fail(sqlite);
        }
        catch (SqliteException rollback)
        {
            Fail(rollback);
        }

        var told = _failure ?? Translate(fault);
        foreach (var unit in batch) unit.Fail(told);
        Tell(batch);
        _health?.Failed(told);
        // The log cannot grow: written back, it begins anew where it is, and what the file has to reuse is of use.
        if (told is StoreFullException && _failure is null) _checkpointer.MakeRoom(_writer);
    }

    private void Fail(WriteUnit unit, Exception fault)
    {
        unit.Fail(fault);
        _health?.Failed(fault);
    }

    private void Fail(SqliteException fault)
    {
        _failure = new StoreUnusableException(
            $"The mail store has failed and takes no more writes until a restart: {fault.Message}", fault);
        Close(_failure);
        _onLost?.Invoke(_failure.Message);
    }

    /// <summary>After a failed sync nobody knows what the disk has, and to damage nothing is added: a restart looks.</summary>
    private static bool IsFatal(SqliteException fault) =>
        fault.SqliteErrorCode is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB
        || fault.SqliteExtendedErrorCode is raw.SQLITE_IOERR_FSYNC or raw.SQLITE_IOERR_DIR_FSYNC;

    private static Exception Translate(Exception fault) => fault is SqliteException { SqliteErrorCode: raw.SQLITE_FULL }
        ? new StoreFullException($"The disk of the mail store is full: {fault.Message}")
        : fault;
}
