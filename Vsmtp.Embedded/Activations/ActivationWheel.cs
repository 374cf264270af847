namespace Vsmtp.Embedded.Activations;

/// <summary>Looks at each activation when something of it may be due: the patience of its callers, the end of its idle time.</summary>
/// <remarks>
/// One timer for all. Each activation stands in the slot of the tick at which it wants to be looked at, so a tick costs as many
/// visits as are due, whatever the number of activations; what a call costs is a comparison. Nothing is ever taken out: of an activation that is gone
/// the empty seat is left until its turn.
/// </remarks>
internal sealed class ActivationWheel : IDisposable
{
    private const int Slots = 64;

    private readonly TimeProvider _time;
    private readonly TimeSpan _tick;
    private readonly long _stampsPerTick;
    private readonly Lock _gate = new();
    private readonly List<Visit>?[] _slots = new List<Visit>?[Slots];
    private ITimer? _timer;
    private long _done;   // the last tick whose slot was visited

    public ActivationWheel(TimeProvider time, TimeSpan tick)
    {
        _time = time;
        _tick = tick;
        _stampsPerTick = Math.Max(1, (long)(tick.TotalSeconds * time.TimestampFrequency));
        _done = time.GetTimestamp() / _stampsPerTick;
    }

    public void Start() => _timer ??= _time.CreateTimer(static wheel => ((ActivationWheel)wheel!).Turn(), this, _tick, _tick);

    /// <summary>Has who sits on <paramref name="seat"/> visited at the first tick after <paramref name="when"/>, or before if that is far off.</summary>
    public void Add(WheelSeat seat, long when)
    {
        lock (_gate)
        {
            var tick = Math.Clamp((when / _stampsPerTick) + 1, _done + 1, _done + Slots - 1);
            (_slots[tick % Slots] ??= []).Add(new Visit(seat, when));
        }
    }

    public void Dispose() => _timer?.Dispose();

    private void Turn()
    {
        var now = _time.GetTimestamp();
        while (TakeDue(now) is { } due)
        {
            foreach (var visit in due)
            {
                if (visit.Seat.Activation is not { } activation) continue;
                if (visit.When > now) Add(visit.Seat, visit.When);   // it was too far off for the wheel
                else if (activation.Visit(now) is { } next) Add(visit.Seat, next);
            }
        }
    }

    /// <summary>The next slot whose time has come; null when there is none.</summary>
    private List<Visit>? TakeDue(long now)
    {
        lock (_gate)
        {
            var last = now / _stampsPerTick;
            while (_done < last)
            {
                _done = Math.Max(_done + 1, last - Slots + 1);
                ref var slot = ref _slots[_done % Slots];
                if (slot is not { } due) continue;
                slot = null;
                return due;
            }

            return null;
        }
    }

    private readonly record struct Visit(WheelSeat Seat, long When);
}
