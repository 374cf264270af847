namespace Vsmtp.Storage.Sqlite.Writing;

/// <summary>One caller's share of a batch: all of it is committed, or nothing.</summary>
internal abstract class WriteUnit
{
    /// <summary>False: its caller has gone, and it has not been and will not be run.</summary>
    public abstract bool Begin();

    /// <summary>Runs on the writer's thread, inside its transaction; a second time if that was undone for another's fault.</summary>
    public abstract void Execute(SqliteSession writer);

    /// <summary>The batch is committed and synced. Changes nothing for a unit that has an outcome.</summary>
    public abstract void Succeed();

    /// <summary>Nothing of this unit is in the store.</summary>
    public abstract void Fail(Exception fault);
}

/// <summary>A unit with a result.</summary>
internal sealed class WriteUnit<T>(Func<SqliteSession, T> work, CancellationToken cancellationToken) : WriteUnit
{
    // Callers go on elsewhere: the writer's thread belongs to the next batch.
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    public Task<T> Done => _done.Task;

    public override bool Begin()
    {
        if (!cancellationToken.IsCancellationRequested) return true;
        _done.TrySetCanceled(cancellationToken);
        return false;
    }

    public override void Execute(SqliteSession writer) => _result = work(writer);

    public override void Succeed() => _done.TrySetResult(_result!);

    public override void Fail(Exception fault) => _done.TrySetException(fault);
}
