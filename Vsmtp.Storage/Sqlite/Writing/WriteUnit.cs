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

    /// <summary>Nothing of this unit is in the store. Changes nothing for a unit that has an outcome.</summary>
    public abstract void Fail(Exception fault);

    /// <summary>Tells the caller the outcome, and may run what it does next: not for the writer's thread, which belongs to the next batch.</summary>
    public abstract void Tell();
}

/// <summary>A unit with a result.</summary>
internal sealed class WriteUnit<T>(Func<SqliteSession, T> work, CancellationToken cancellationToken) : WriteUnit
{
    private readonly TaskCompletionSource<T> _done = new();
    private T? _result;
    private Outcome _outcome;
    private Exception? _fault;

    private enum Outcome
    {
        None,
        Succeeded,
        Failed,
        Cancelled,
    }

    public Task<T> Done => _done.Task;

    public override bool Begin()
    {
        if (_outcome is Outcome.None && cancellationToken.IsCancellationRequested) _outcome = Outcome.Cancelled;
        return _outcome is Outcome.None;
    }

    public override void Execute(SqliteSession writer) => _result = work(writer);

    public override void Succeed()
    {
        if (_outcome is Outcome.None) _outcome = Outcome.Succeeded;
    }

    public override void Fail(Exception fault)
    {
        if (_outcome is Outcome.None) (_outcome, _fault) = (Outcome.Failed, fault);
    }

    public override void Tell()
    {
        if (_outcome is Outcome.Succeeded) _done.TrySetResult(_result!);
        else if (_outcome is Outcome.Cancelled) _done.TrySetCanceled(cancellationToken);
        else _done.TrySetException(_fault!);
    }
}
