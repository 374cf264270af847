namespace Vsmtp.Delivery.Delegation.Gates;

/// <summary>Whether mails are sent to a service.</summary>
internal enum BreakerState
{
    /// <summary>They are.</summary>
    Closed,

    /// <summary>The service failed too often in a row: it is left alone for a while.</summary>
    Open,

    /// <summary>The while is over: one mail goes and shows whether the service is well again.</summary>
    HalfOpen,
}

/// <summary>Opens after several failures in a row that are the service's; not for what it says of a mail. Not thread-safe.</summary>
/// <param name="failures">So many open it.</param>
/// <param name="firstPause">How long it stays open the first time; each further time twice as long.</param>
/// <param name="maxPause">The longest pause: short, since mails wait for the end of it after the service is well again.</param>
/// <param name="time">Its clock.</param>
internal sealed class CircuitBreaker(int failures, TimeSpan firstPause, TimeSpan maxPause, TimeProvider time)
{
    private int _failures;
    private bool _isOpen;
    private TimeSpan _pause;

    public BreakerState State =>
        !_isOpen ? BreakerState.Closed : time.GetUtcNow() < NextTryAt ? BreakerState.Open : BreakerState.HalfOpen;

    /// <summary>The first of the failures in a row.</summary>
    public DateTimeOffset DownSince { get; private set; }

    /// <summary>When it is half open.</summary>
    public DateTimeOffset NextTryAt { get; private set; }

    /// <summary>The newest failure.</summary>
    public string LastFault { get; private set; } = "";

    /// <summary>Nothing has failed since the last success.</summary>
    public bool IsWell => !_isOpen && _failures == 0;

    /// <summary>A conversation failed by the service's fault.</summary>
    /// <returns>True: this one opened it.</returns>
    public bool Fail(string why)
    {
        var now = time.GetUtcNow();
        var state = State;
        if (state is BreakerState.Open) return false;          // of a conversation that was under way when it opened
        LastFault = why;
        if (_failures++ == 0) DownSince = now;
        if (state is BreakerState.Closed && _failures < failures) return false;
        _pause = state is BreakerState.Closed ? firstPause : TimeSpan.FromTicks(Math.Min(_pause.Ticks * 2, maxPause.Ticks));
        NextTryAt = now + _pause;
        _isOpen = true;
        return state is BreakerState.Closed;
    }

    /// <summary>The service answered.</summary>
    /// <returns>True: this closed it.</returns>
    public bool Succeed()
    {
        var wasOpen = _isOpen;
        (_isOpen, _failures) = (false, 0);
        return wasOpen;
    }
}
