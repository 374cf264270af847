using System.Collections.Concurrent;

namespace Vsmtp.Storage.Sqlite;

/// <summary>Sessions that read beside the writer; a few, made when first needed and kept.</summary>
internal sealed class ReaderPool(Func<SqliteSession> open) : IAsyncDisposable
{
    private static readonly int Most = Math.Max(4, Environment.ProcessorCount);

    private readonly ConcurrentBag<SqliteSession> _idle = [];
    private readonly SemaphoreSlim _room = new(Most);
    private volatile bool _isClosed;

    /// <summary>Reads on a thread of the pool, since SQLite blocks while the disk does.</summary>
    /// <remarks>The read is to be short: while it runs, the write-ahead log cannot start anew.</remarks>
    /// <exception cref="ObjectDisposedException">The store is closed.</exception>
    public async Task<T> ReadAsync<T>(Func<SqliteSession, T> read, CancellationToken cancellationToken = default)
    {
        await _room.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            return await Task.Run(() => Read(read), CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            _room.Release();
        }
    }

    /// <summary>Waits for the reads that run, refuses those to come, and closes the sessions.</summary>
    public async ValueTask DisposeAsync()
    {
        _isClosed = true;
        for (var i = 0; i < Most; i++) await _room.WaitAsync().ConfigureAwait(false);
        while (_idle.TryTake(out var session)) session.Dispose();
        _room.Release(Most);
    }

    private T Read<T>(Func<SqliteSession, T> read)
    {
        if (!_idle.TryTake(out var session)) session = open();
        try
        {
            return read(session);
        }
        finally
        {
            _idle.Add(session);
        }
    }
}
