using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Vsmtp.Embedded.Activations;

namespace Vsmtp.Embedded.Timers;

/// <summary>A timer of one activation. The pause between ticks begins when a tick has ended, so ticks never overlap.</summary>
internal sealed partial class GrainTimer : IGrainTimer
{
    private readonly Lock _gate = new();
    private readonly Activation _activation;
    private readonly Func<CancellationToken, Task> _callback;
    private readonly bool _interleaves;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopped = new();
    private readonly ITimer _clock;
    private TimeSpan _period;
    private bool _isFiring;         // a tick is on its way or runs
    private TimeSpan? _changedTo;   // while firing: when the next tick comes, in place of the period

    public GrainTimer(
        Activation activation, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options, TimeProvider time, ILogger logger)
    {
        _activation = activation;
        _callback = callback;
        _interleaves = options.Interleave || activation.Class.IsReentrant;
        _logger = logger;
        _period = options.Period;
        KeepsAlive = options.KeepAlive;
        _clock = time.CreateTimer(static timer => ((GrainTimer)timer!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>A tick puts off the collection of the idle activation.</summary>
    public bool KeepsAlive { get; }

    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        Check(dueTime, nameof(dueTime));
        Check(period, nameof(period));
        lock (_gate)
        {
            _period = period;
            if (_isFiring) _changedTo = dueTime;
            else _clock.Change(dueTime, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        Stop();
        _activation.Forget(this);
    }

    /// <summary>No tick begins any more; one that runs sees its token cancelled.</summary>
    public void Stop()
    {
        _clock.Dispose();

        // Elsewhere: what the grain has registered with the token must not run under the lock of the activation.
        _ = _stopped.CancelAsync();
    }

    /// <summary>Runs the callback, in a turn of the activation.</summary>
    public Task TickAsync() => _stopped.IsCancellationRequested ? Task.CompletedTask : _callback(_stopped.Token);

    /// <summary>A tick has ended, or was never begun.</summary>
    public void Ended(Exception? failure)
    {
        if (failure is not null && !_stopped.IsCancellationRequested) LogTimerFailed(failure, _activation.GrainId);
        lock (_gate)
        {
            _clock.Change(_changedTo ?? _period, Timeout.InfiniteTimeSpan);
            _changedTo = null;
            _isFiring = false;
        }
    }

    /// <summary>Timers count in milliseconds up to 49 days.</summary>
    public static void Check(TimeSpan time, string name)
    {
        if (time == Timeout.InfiniteTimeSpan) return;
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(time, TimeSpan.FromMilliseconds(uint.MaxValue - 1), name);
    }

    private void Fire()
    {
        lock (_gate) _isFiring = true;
        _activation.TryTake(new TimerTick(this, _interleaves));
    }

    [LoggerMessage(EventId = EmbeddedEvents.TimerFailed, Level = LogLevel.Error, Message = "{Grain}: a timer's callback failed; the timer goes on")]
    private partial void LogTimerFailed(Exception failure, GrainId grain);
}
