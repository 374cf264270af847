using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using SQLitePCL;
using Vsmtp.Contracts.Content;
using Vsmtp.Storage.Sqlite;
using Vsmtp.Storage.Sqlite.Writing;

namespace Vsmtp.Storage.Tests.Sqlite;

public sealed class GroupCommitTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private readonly SqliteFile _file;
    private readonly Checkpointer _checkpointer;
    private readonly GroupCommit _writes;

    public GroupCommitTests()
    {
        _file = new SqliteFile(_folder.File("test.db"));
        _file.Create();
        var writer = _file.OpenWriter();
        writer.Run("CREATE TABLE t (n INTEGER PRIMARY KEY)");
        _checkpointer = new Checkpointer(_file.OpenCheckpointer(), 1 << 20, NullLogger.Instance);
        _writes = new GroupCommit(writer, _checkpointer, maxQueued: 1000, NullLogger.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await _writes.DisposeAsync();
        _checkpointer.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_queued_up_while_the_writer_was_busy_is_one_commit()
    {
        using var gate = new ManualResetEventSlim();
        var first = HoldAsync(gate);
        var rest = Enumerable.Range(0, 500).Select(InsertAsync).ToArray();
        Assert.All(rest, write => Assert.False(write.IsCompleted));
        gate.Set();
        await first;
        await Task.WhenAll(rest);

        Assert.Equal(2, _writes.Commits);
        Assert.Equal(500, Count());
    }

    [Fact]
    public async Task A_write_is_seen_by_others_when_its_task_ends()
    {
        for (var i = 0; i < 20; i++)
        {
            await InsertAsync(i);
            Assert.Equal(i + 1, Count());
        }
    }

    [Fact]
    public async Task A_unit_that_fails_fails_alone_in_its_batch()
    {
        using var gate = new ManualResetEventSlim();
        var first = HoldAsync(gate);
        var good = InsertAsync(1);
        var bad = RunAsync(writer =>
        {
            Insert(writer, 2);
            throw new InvalidDataException("no");
        });
        var double1 = InsertAsync(1);
        var alsoGood = InsertAsync(3);
        gate.Set();

        await Task.WhenAll(first, good, alsoGood);
        await Assert.ThrowsAsync<InvalidDataException>(() => bad);
        await Assert.ThrowsAsync<SqliteException>(() => double1);
        Assert.Equal(2, _writes.Commits);
        Assert.Equal([1, 3], Rows());
    }

    [Fact]
    public async Task When_the_commit_fails_nobody_is_told_of_success_and_the_next_batch_goes_on()
    {
        using var gate = new ManualResetEventSlim();
        var first = HoldAsync(gate);
        var writes = Enumerable.Range(0, 10).Select(InsertAsync).ToList();
        writes.Add(RunAsync(writer => raw.sqlite3_commit_hook(writer.Handle, _ => 1, null)));
        gate.Set();
        await first;
        foreach (var write in writes) await Assert.ThrowsAsync<SqliteException>(() => write);
        Assert.Equal(0, Count());

        await RunAsync(writer =>
        {
            raw.sqlite3_commit_hook(writer.Handle, null!, null);
            Insert(writer, 77);
        });
        Assert.Equal([77], Rows());
    }

    [Fact]
    public async Task When_sqlite_gives_the_transaction_up_the_whole_batch_fails()
    {
        using var gate = new ManualResetEventSlim();
        var first = HoldAsync(gate);
        var before = InsertAsync(1);
        var culprit = RunAsync(writer =>
        {
            // What a full disk does to a transaction in the midst of a statement.
            writer.Run("ROLLBACK");
            throw new SqliteException("database or disk is full", raw.SQLITE_FULL);
        });
        var after = InsertAsync(2);
        gate.Set();
        await first;

        foreach (var write in new[] { before, culprit, after }) await Assert.ThrowsAsync<StoreFullException>(() => write);
        Assert.Equal(0, Count());
        await InsertAsync(3);
        Assert.Equal([3], Rows());
    }

    [Fact]
    public async Task A_file_that_may_not_grow_is_a_full_store_and_takes_writes_again_when_it_may()
    {
        await RunAsync(writer => Scalar(writer, "PRAGMA max_page_count=10"));
        await Assert.ThrowsAsync<StoreFullException>(() => RunAsync(Fill));
        Assert.Equal(0, Count());

        await RunAsync(writer => Scalar(writer, "PRAGMA max_page_count=100000"));
        await RunAsync(Fill);
        Assert.Equal(1, Count());

        static void Fill(SqliteSession writer)
        {
            writer.Run("CREATE TABLE IF NOT EXISTS big (b BLOB)");
            writer.Run("INSERT INTO big VALUES (zeroblob(1000000))");
            Insert(writer, 1);
        }
    }

    [Fact]
    public async Task After_damage_the_store_takes_no_more_writes()
    {
        using var gate = new ManualResetEventSlim();
        var first = HoldAsync(gate);
        var damage = RunAsync(writer =>
        {
            writer.Run("ROLLBACK");
            throw new SqliteException("database disk image is malformed", raw.SQLITE_CORRUPT);
        });
        gate.Set();
        await first;

        await Assert.ThrowsAsync<StoreUnusableException>(() => damage);
        await Assert.ThrowsAsync<StoreUnusableException>(() => InsertAsync(1));
        Assert.Equal(0, Count());
    }

    [Fact]
    public async Task A_unit_cancelled_in_the_queue_is_not_written()
    {
        using var gate = new ManualResetEventSlim();
        using var cancel = new CancellationTokenSource();
        var first = HoldAsync(gate);
        var cancelled = RunAsync(writer => Insert(writer, 1), cancel.Token);
        var other = InsertAsync(2);
        await cancel.CancelAsync();
        gate.Set();
        await Task.WhenAll(first, other);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.Equal([2], Rows());
    }

    [Fact]
    public async Task When_the_queue_is_full_callers_wait_outside_and_may_give_up()
    {
        using var gate = new ManualResetEventSlim();
        using var cancel = new CancellationTokenSource();
        var first = HoldAsync(gate);
        var queued = Enumerable.Range(0, 1000).Select(InsertAsync).ToArray();
        var outside = RunAsync(writer => Insert(writer, 5000), cancel.Token);
        var waiting = InsertAsync(5001);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => outside);
        gate.Set();
        await Task.WhenAll([first, waiting, .. queued]);

        Assert.Equal(1001, Count());
    }

    [Fact]
    public async Task Closing_writes_what_was_taken_and_refuses_what_comes_later()
    {
        using var gate = new ManualResetEventSlim();
        var first = HoldAsync(gate);
        var queued = Enumerable.Range(0, 100).Select(InsertAsync).ToArray();
        var closing = _writes.DisposeAsync().AsTask();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => InsertAsync(1000));
        gate.Set();
        await Task.WhenAll([first, closing, .. queued.Cast<Task>()]);

        Assert.Equal(100, Count());
    }

    [Fact]
    public async Task Callers_do_not_go_on_on_the_writers_thread()
    {
        var writer = await _writes.RunAsync(_ => Environment.CurrentManagedThreadId);
        for (var i = 0; i < 50; i++)
        {
            var continued = await InsertAsync(i).ContinueWith(
                static _ => Environment.CurrentManagedThreadId, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            Assert.NotEqual(writer, continued);
        }
    }

    [Fact]
    public async Task The_log_stays_bounded_under_steady_writes_with_readers()
    {
        await RunAsync(writer => writer.Run("CREATE TABLE big (n INTEGER PRIMARY KEY, b BLOB)"));
        using var reader = _file.OpenReader();
        var largest = 0L;
        for (var i = 0; i < 400; i++)
        {
            await RunAsync(writer => writer.Use("INSERT OR REPLACE INTO big VALUES (?, randomblob(250000))").With(i % 20).Run());
            using (var count = reader.Use("SELECT count(*) FROM big")) count.Step();
            largest = Math.Max(largest, new FileInfo(_file.LogPath).Length);
        }

        // 100 MB went through it; it is copied back from 1 MiB on.
        Assert.InRange(largest, 1, 30_000_000);
    }

    private static void Insert(SqliteSession writer, long number) => writer.Use("INSERT INTO t VALUES (?)").With(number).Run();

    private static void Scalar(SqliteSession writer, string sql)
    {
        using var row = writer.Use(sql);
        row.Step();
    }

    /// <summary>Keeps the writer busy, in a batch that has begun when this returns.</summary>
    private Task<bool> HoldAsync(ManualResetEventSlim gate)
    {
        using var begun = new ManualResetEventSlim();
        var hold = RunAsync(_ =>
        {
            begun.Set();
            Assert.True(gate.Wait(Patience));
        });
        Assert.True(begun.Wait(Patience));
        return hold;
    }

    private Task<bool> InsertAsync(int number) => RunAsync(writer => Insert(writer, number));

    private Task<bool> RunAsync(Action<SqliteSession> work, CancellationToken cancellationToken = default) => _writes.RunAsync(
        writer =>
        {
            work(writer);
            return true;
        },
        cancellationToken);

    private int Count() => Rows().Count;

    private List<long> Rows()
    {
        using var session = _file.OpenReader();
        using var row = session.Use("SELECT n FROM t ORDER BY n");
        var rows = new List<long>();
        while (row.Step()) rows.Add(row.Number(0));
        return rows;
    }
}
