using System.Collections.Concurrent;

namespace Vsmtp.Storage.Sqlite;

/// <summary>Sessions that read beside the writer; a few, made when first needed and kept.</summary>
internal sealed class ReaderPool(Func<SqliteSession> open) : IDisposable
{
    private readonly ConcurrentBag<SqliteSession> _idle = [];
    private readonly SemaphoreSlim _room = new(Math.Max(4, Environment.ProcessorCount));

    /// <summary>Reads on a thread of the pool, since SQLite blocks while the disk does.</summary>
    /// <remarks>The read is to be short: while it runs, the write-ahead log cannot start anew.</remarks>
    public async Task<T> ReadAsync<T>(Func<SqliteSession, T> read, CancellationToken cancellationToken = default)
    {
        await _room.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await Task.Run(() => Read(read), CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            _room.Release();
        }
    }

    public void Dispose()
    {
        while (_idle.TryTake(out var session)) session.Dispose();
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
