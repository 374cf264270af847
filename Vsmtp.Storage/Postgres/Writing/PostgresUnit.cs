using Npgsql;

namespace Vsmtp.Storage.Postgres.Writing;

/// <summary>One caller's share of a batch: a call of a function of <c>0005-speed.sql</c>, which is committed whole or not at all.</summary>
internal abstract class PostgresUnit
{
    /// <summary>Why this unit alone was undone, where the others of its batch were committed.</summary>
    public PostgresException? Refusal { get; set; }

    /// <summary>False: its caller has gone, and it has not been and will not be run.</summary>
    public abstract bool Begin();

    /// <summary>The call, made anew for each try; it returns one row.</summary>
    public abstract NpgsqlBatchCommand CreateCommand();

    /// <summary>Takes the row; of the last try.</summary>
    public abstract void Read(NpgsqlDataReader row);

    /// <summary>The batch is committed and synced.</summary>
    public abstract void Succeed();

    /// <summary>Nothing of this unit is in the store; or, when the connection was lost, nobody knows.</summary>
    public abstract void Fail(Exception fault);
}

/// <summary>A unit with a result.</summary>
/// <param name="sql">A call that returns one row.</param>
/// <param name="bind">Adds the values of <c>$1, $2…</c>.</param>
/// <param name="read">The result.</param>
/// <param name="faults">What faults mean to the caller.</param>
/// <param name="cancellationToken">Looked at when the unit's turn comes, and not after.</param>
internal sealed class PostgresUnit<T>(
    string sql, Action<NpgsqlParameterCollection> bind, Func<NpgsqlDataReader, T> read, PostgresFaults faults, CancellationToken cancellationToken)
    : PostgresUnit
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    public Task<T> Done => _done.Task;

    public override bool Begin()
    {
        if (!cancellationToken.IsCancellationRequested) return true;
        _done.TrySetCanceled(cancellationToken);
        return false;
    }

    public override NpgsqlBatchCommand CreateCommand()
    {
        var command = new NpgsqlBatchCommand(sql);
        bind(command.Parameters);
        return command;
    }

    public override void Read(NpgsqlDataReader row) => _result = read(row);

    public override void Succeed() => _done.TrySetResult(_result!);

    public override void Fail(Exception fault) => _done.TrySetException(
        fault is PostgresException refused ? faults.Explain(refused.SqlState, refused.MessageText) : fault);
}
