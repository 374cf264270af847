using System.Collections.Concurrent;
using SQLitePCL;
using Vsmtp.Rules.Services.Files;

namespace Vsmtp.Rules.Services.Sql;

/// <summary>A <c>db:sqlite</c> service: a few connections, each used by one statement at a time, on a thread of its own.</summary>
internal sealed class SqliteDatabase(string name, SqliteOptions options) : SqlDatabase(name, options.Timeout, options.Connections)
{
    private readonly ConcurrentBag<SqliteConnection> _idle = [];
    private volatile bool _isRetired;

    static SqliteDatabase() => Batteries_V2.Init();

    public override void Retire()
    {
        _isRetired = true;
        while (_idle.TryTake(out var connection)) connection.Dispose();
    }

    // SQLite waits for disks and locks on the thread that calls it, so that must not be one that others need.
    protected override Task<SqlAnswer> RunAsync(SqlRequest request, CancellationToken cancellationToken) => Task.Factory.StartNew(
        () => Run(request, cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private SqlAnswer Run(SqlRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var connection = Take();
        var isGood = false;
        try
        {
            var answer = connection.Run(request, cancellationToken);
            isGood = true;
            return answer;
        }
        finally
        {
            if (isGood && !_isRetired) _idle.Add(connection);
            else connection.Dispose();
            if (_isRetired) Retire();                          // it may have been retired between the two
        }
    }

    /// <summary>One that is open, unless another file has been put in the place of the one that it has open.</summary>
    private SqliteConnection Take()
    {
        while (_idle.TryTake(out var idle))
        {
            if (FileStamp.Of(options.Path) is { } now && now.IsSameFile(idle.File)) return idle;
            idle.Dispose();
        }

        if (DatabaseFile.IsStore(options.Path, options.Store)) throw new SqlFailedException($"`{options.Path}` is the store of this server's mails");
        return SqliteConnection.Open(options.Path, options.IsReadOnly);
    }
}
