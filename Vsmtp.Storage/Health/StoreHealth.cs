using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using SQLitePCL;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Stores;

namespace Vsmtp.Storage.Health;

/// <summary>The one gate of a process before its store. It is told what became of each write, and asks with a small one whether trouble is over.</summary>
/// <param name="time">For pauses.</param>
/// <param name="log">One line when the condition gets worse, one when it is well again.</param>
/// <param name="room">Null: where it cannot be seen.</param>
internal sealed partial class StoreHealth(TimeProvider time, ILogger log, StoreRoom? room = null) : IStoreHealth
{
    /// <summary>A batch takes milliseconds; one that takes so long is on a disk or a server that hangs.</summary>
    public static readonly TimeSpan StallAfter = TimeSpan.FromSeconds(10);

    /// <summary>How long new mail is refused after a write has found no room: what is delivered meanwhile makes some.</summary>
    private static readonly TimeSpan FullFor = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan FirstProbe = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestProbe = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly List<WriteClock> _clocks = [];
    private volatile StoreCondition _condition;
    private TaskCompletionSource _back = Ended();
    private string? _gone;
    private string? _full;
    private long _fullAt;
    private long _changedAt = time.GetTimestamp();
    private bool _isHeld;
    private bool _isShort;
    private long _probedAt;
    private TimeSpan _probePause = FirstProbe;

    public StoreCondition Condition => _condition;

    public bool HasRoomFor(long bytes) => room is null || room.Has(bytes);

    public Task WhenBackAsync(CancellationToken cancellationToken)
    {
        lock (_gate) return _back.Task.WaitAsync(cancellationToken);
    }

    /// <summary>For a writer, which says on it when it begins and ends a batch.</summary>
    public WriteClock NewClock()
    {
        var clock = new WriteClock(time);
        lock (_gate) _clocks.Add(clock);
        return clock;
    }

    /// <summary>A batch is committed.</summary>
    public void Succeeded()
    {
        if (_condition is StoreCondition.Serving) return;
        lock (_gate)
        {
            if (!_isHeld) _gone = null;
            if (time.GetElapsedTime(_fullAt) >= FullFor) _full = null;
            Update();
        }
    }

    /// <summary>A batch or a unit of it failed; faults of the unit's own say nothing of the store.</summary>
    public void Failed(Exception fault)
    {
        lock (_gate)
        {
            if (fault is StoreFullException) (_full, _fullAt) = (fault.Message, time.GetTimestamp());
            else if (fault is StoreUnusableException || fault is SqliteException sqlite && IsTrouble(sqlite)) _gone = fault.Message;
            else return;
            Update();
        }
    }

    /// <summary>It is away until <see cref="Return"/>, whatever a write that was under way says.</summary>
    public void Leave(string why)
    {
        lock (_gate)
        {
            (_isHeld, _gone) = (true, why);
            Update();
        }
    }

    public void Return()
    {
        lock (_gate)
        {
            (_isHeld, _gone) = (false, null);
            Update();
        }
    }

    /// <summary>To be called often: sees a writer that hangs and a disk that fills, and probes.</summary>
    /// <param name="probe">A small write.</param>
    public async Task LookAsync(Func<Task> probe, CancellationToken cancellationToken)
    {
        if (room is not null) await LookAtRoomAsync(room, cancellationToken).ConfigureAwait(false);
        lock (_gate)
        {
            Update();
            if (_condition is StoreCondition.Serving || _isHeld || IsStalled || time.GetElapsedTime(_probedAt) < _probePause) return;
            _probedAt = time.GetTimestamp();
            _probePause = _probePause * 2 < LongestProbe ? _probePause * 2 : LongestProbe;
        }

        await probe().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);   // the writer says what became of it
    }

    private bool IsStalled => _clocks.Exists(static clock => clock.Running > StallAfter);

    private static bool IsTrouble(SqliteException fault) => fault.SqliteErrorCode is
        raw.SQLITE_IOERR or raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_CANTOPEN or raw.SQLITE_READONLY or raw.SQLITE_PROTOCOL
        or raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB;

    private void Update()
    {
        var isStalled = IsStalled;
        var now = _gone is not null || isStalled ? StoreCondition.Away : _full is not null ? StoreCondition.Full : StoreCondition.Serving;
        if (now == _condition) return;
        var lasted = time.GetElapsedTime(_changedAt);
        if (_condition is StoreCondition.Serving) _probePause = FirstProbe;
        (_condition, _changedAt) = (now, time.GetTimestamp());
        if (now is StoreCondition.Away)
        {
            _back = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            LogAway(_gone ?? $"a write has not ended for {StallAfter.TotalSeconds:0} s");
        }
        else
        {
            _back.TrySetResult();
            if (now is StoreCondition.Full) LogFull(_full!);
            else LogServing(lasted.TotalSeconds);
        }
    }

    private async Task LookAtRoomAsync(StoreRoom space, CancellationToken cancellationToken)
    {
        await space.LookAsync(cancellationToken).ConfigureAwait(false);
        var isShort = !space.Has(0);
        if (isShort == _isShort) return;
        _isShort = isShort;
        if (isShort) LogShort(space.Left, space.Least);
        else LogRoom(space.Left);
    }

    private static TaskCompletionSource Ended()
    {
        var ended = new TaskCompletionSource();
        ended.SetResult();
        return ended;
    }

    [LoggerMessage(EventId = StoreEvents.Away, Level = LogLevel.Error,
        Message = "The mail store is away: {Why}. New mail is answered 421 and 451, and no work is begun, until it is back")]
    private partial void LogAway(string why);

    [LoggerMessage(EventId = StoreEvents.Full, Level = LogLevel.Error, Message = "The mail store has no room: {Why} New mail is answered 452")]
    private partial void LogFull(string why);

    [LoggerMessage(EventId = StoreEvents.Serving, Level = LogLevel.Warning, Message = "The mail store is well again, after {Seconds:0.0} s")]
    private partial void LogServing(double seconds);

    [LoggerMessage(EventId = StoreEvents.Short, Level = LogLevel.Error,
        Message = "The mail store has {Left} bytes left, less than the {Least} of server.storage.free_space_min: new mail is answered 452")]
    private partial void LogShort(long left, long least);

    [LoggerMessage(EventId = StoreEvents.Room, Level = LogLevel.Warning, Message = "The mail store has {Left} bytes left, and new mail is taken again")]
    private partial void LogRoom(long left);
}
