using Vsmtp.Delivery.Work;

namespace Vsmtp.Delivery.Exchanges;

/// <summary>
/// How many mails go to a destination at once: more while it takes them, half as many when it says that it has enough, and none for a
/// while when nobody answers there. Thread-safe.
/// </summary>
internal sealed class DestinationPace : IDisposable
{
    private const int First = 2;
    private const int FailuresBeforePause = 2;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan MaxPause = TimeSpan.FromMinutes(5);

    private readonly int _most;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _slots;
    private readonly Lock _gate = new();
    private int _limit;
    private int _owed;          // turns that end without giving their slot back
    private int _streak;
    private int _failures;
    private long _pausedAt;
    private TimeSpan _pause;
    private string _why = "";

    /// <param name="most">So many at once are the most.</param>
    public DestinationPace(int most, TimeProvider time)
    {
        (_most, _time, _limit) = (most, time, Math.Min(First, most));
        _slots = new SemaphoreSlim(_limit);
    }

    /// <summary>Mails that may go at once.</summary>
    public int Limit
    {
        get
        {
            lock (_gate) return _limit;
        }
    }

    /// <summary>It has learnt something that would be forgotten with it.</summary>
    public bool IsPaused => WhyPaused is not null;

    /// <summary>Nobody is to be asked now: why, in words; null: go on.</summary>
    public string? WhyPaused
    {
        get
        {
            lock (_gate) return _pause > TimeSpan.Zero && _time.GetElapsedTime(_pausedAt) < _pause ? $"not tried for now, since no server there could be used: {_why}" : null;
        }
    }

    /// <summary>Waits for a turn; disposing what it gives ends the turn.</summary>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new Slot(this);
    }

    /// <summary>A server took a mail, or refused it for its own sake.</summary>
    public void Answered()
    {
        lock (_gate)
        {
            (_failures, _pause) = (0, TimeSpan.Zero);
            if (++_streak < _limit || _limit == _most) return;
            (_streak, _limit) = (0, _limit + 1);
            if (_owed > 0) _owed--;
            else _slots.Release();
        }
    }

    /// <summary>A server said that it has enough.</summary>
    public void Refused()
    {
        lock (_gate)
        {
            _failures = 0;
            LowerTo(Math.Max(1, _limit / 2));
        }
    }

    /// <summary>No server of the destination answered.</summary>
    public void Unreachable(string why)
    {
        lock (_gate)
        {
            LowerTo(1);
            if (++_failures < FailuresBeforePause) return;
            _pause = _pause == TimeSpan.Zero ? FirstPause : _pause * 2 < MaxPause ? _pause * 2 : MaxPause;
            (_pausedAt, _why) = (_time.GetTimestamp(), why);
        }
    }

    public void Dispose() => _slots.Dispose();

    private void LowerTo(int limit)
    {
        _owed += _limit - limit;
        (_limit, _streak) = (limit, 0);
        while (_owed > 0 && _slots.Wait(0)) _owed--;
    }

    private void Leave()
    {
        lock (_gate)
        {
            if (_owed > 0) _owed--;
            else _slots.Release();
        }
    }

    private sealed class Slot(DestinationPace pace) : IDisposable
    {
        private DestinationPace? _pace = pace;

        public void Dispose() => Interlocked.Exchange(ref _pace, null)?.Leave();
    }
}
