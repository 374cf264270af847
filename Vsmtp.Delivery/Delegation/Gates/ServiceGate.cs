using System.Globalization;
using Vsmtp.Contracts.Mail;

namespace Vsmtp.Delivery.Delegation.Gates;

/// <summary>What a report of an attempt did to the breaker.</summary>
internal enum BreakerChange
{
    None,
    Opened,
    Closed,
}

/// <summary>One service as this process knows it: whether it is well, who waits for it, who may go. Thread-safe.</summary>
/// <remarks>
/// Suspects (<see cref="SuspectRules"/>) go in a queue of their own, one at a time. What they break after their content began says
/// nothing of the service, so they do not open the breaker.
/// </remarks>
internal sealed class ServiceGate
{
    /// <summary>Mails that may be called in advance for each that is under way.</summary>
    private const int WindowPerMail = 4;

    /// <summary>Mails that ask again by themselves in a second, about; so many more wait, so much longer they sleep.</summary>
    private const double AsksPerSecond = 200;

    private const double Jitter = 0.25;
    private const int RememberedFailures = 16;
    private static readonly TimeSpan MaxPause = TimeSpan.FromMinutes(4);

    private readonly string _service;
    private readonly TimeSpan _pause;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly CircuitBreaker _breaker;
    private readonly TurnQueue _common;
    private readonly TurnQueue _suspects;
    private readonly Queue<(string MailId, DateTimeOffset At)> _failures = new();

    /// <summary>Probes that failed since the breaker opened: it may be their fault, so others come first.</summary>
    private readonly HashSet<string> _failedProbes = [];
    private (string MailId, DateTimeOffset At)? _decided;
    private DateTimeOffset _usedAt;

    /// <summary>The mail that may go while the breaker is half open, and whether its job has begun.</summary>
    private string? _probe;
    private bool _isProbing;

    public ServiceGate(string service, int maxInFlight, DeliveryOptions options, TimeProvider time)
    {
        _service = service;
        _pause = options.TurnPause;
        _time = time;
        _usedAt = time.GetUtcNow();
        _breaker = new CircuitBreaker(options.BreakerFailures, options.BreakerFirstPause, options.BreakerMaxPause, time);
        _common = new TurnQueue(
            Math.Min(WindowPerMail * maxInFlight, options.MaxJobsPerService), options.MaxJobsPerService, new WaitingRoom(options.MaxWaiting));
        _suspects = new TurnQueue(window: 1, maxPlaces: 1, new WaitingRoom(options.MaxJobsPerService));
    }

    /// <summary>The service is down, in words for reasons and logs; null when it is not known to be.</summary>
    public string? Fault
    {
        get
        {
            lock (_gate) return _breaker.State is BreakerState.Closed ? null : DescribeFault();
        }
    }

    /// <summary>Asked before an attempt is committed. Refused, the mail is in the waiting room.</summary>
    public TurnAnswer Ask(string mailId, DateTimeOffset age, bool isSuspect)
    {
        lock (_gate)
        {
            var now = _usedAt = _time.GetUtcNow();
            var queue = QueueOf(isSuspect);
            if (_breaker.State is BreakerState.Closed)
            {
                return queue.Ask(mailId, age, now)
                    ? TurnAnswer.Granted
                    : TurnAnswer.Crowded($"waiting for {_service}: {(isSuspect ? "suspects go one by one" : "many mails are ahead")}", Pause(queue));
            }

            if (_breaker.State is BreakerState.HalfOpen && MayProbe(mailId, isSuspect))
            {
                _probe = mailId;
                queue.Grant(mailId, now);
                return TurnAnswer.Granted;
            }

            queue.Wait(mailId, age);
            return TurnAnswer.Down(DescribeFault(), Pause(queue));
        }
    }

    /// <summary>Has the mail wait without a question while the service is down.</summary>
    /// <returns>Null: it is not known to be.</returns>
    public TurnAnswer? WaitWhileDown(string mailId, DateTimeOffset age, bool isSuspect)
    {
        lock (_gate)
        {
            if (_breaker.State is BreakerState.Closed) return null;
            var queue = QueueOf(isSuspect);
            queue.Wait(mailId, age);
            return TurnAnswer.Down(DescribeFault(), Pause(queue));
        }
    }

    /// <summary>A job comes.</summary>
    /// <returns>False: there is no room for it.</returns>
    public bool Begin(string mailId, bool isSuspect)
    {
        lock (_gate)
        {
            if (!QueueOf(isSuspect).Begin(mailId)) return false;
            _isProbing |= _probe == mailId;
            return true;
        }
    }

    /// <summary>Its turn has come; the breaker may have opened meanwhile.</summary>
    public bool MayGo(string mailId)
    {
        lock (_gate) return _breaker.State is BreakerState.Closed || _probe == mailId;
    }

    /// <summary>What the attempt told of the service.</summary>
    public BreakerChange Report(string mailId, AttemptEnd end, bool isSuspect, string why)
    {
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            if (end is AttemptEnd.Decided) _decided = (mailId, now);
            if (end is AttemptEnd.ServiceFailed or AttemptEnd.BrokeOff or AttemptEnd.Stalled) Remember(mailId, now);
            switch (end)
            {
                case AttemptEnd.ServiceFailed:
                case AttemptEnd.BrokeOff or AttemptEnd.Stalled when !isSuspect:
                    // Conversations that began before it opened end as the service was then; only the probe tells how it is now.
                    if (_breaker.State is BreakerState.HalfOpen && _probe != mailId) return BreakerChange.None;
                    if (_probe == mailId) _failedProbes.Add(mailId);
                    return _breaker.Fail(why) ? BreakerChange.Opened : BreakerChange.None;
                case AttemptEnd.Answered or AttemptEnd.Decided or AttemptEnd.Deferred:
                    _failedProbes.Clear();
                    return _breaker.Succeed() ? BreakerChange.Closed : BreakerChange.None;
                default:
                    return BreakerChange.None;
            }
        }
    }

    /// <summary>Its job has ended, whatever it told.</summary>
    public void End(string mailId, bool isSuspect)
    {
        lock (_gate)
        {
            QueueOf(isSuspect).End();
            if (_probe == mailId) (_probe, _isProbing) = (null, false);
        }
    }

    /// <summary>What went on here around an attempt that has just ended.</summary>
    public SuspectRules.Scene Look(string mailId, DateTimeOffset startedAt, DateTimeOffset endedAt, bool isStall)
    {
        lock (_gate)
        {
            var othersFailed = _failures.Any(failure => failure.MailId != mailId && failure.At >= startedAt);
            return new SuspectRules.Scene(startedAt, endedAt, isStall, _decided?.At, othersFailed);
        }
    }

    /// <summary>The mails that are to ask now; each is told the end of its call (<see cref="EndCall"/>).</summary>
    public IReadOnlyList<string> Call()
    {
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            _common.Expire(now);
            _suspects.Expire(now);
            if (_probe is { } probe && !_isProbing && !_common.HasPlace(probe) && !_suspects.HasPlace(probe)) _probe = null;
            return _breaker.State switch
            {
                BreakerState.Closed => [.. CallAll(_common), .. CallAll(_suspects)],
                BreakerState.HalfOpen when _probe is null && !_common.HasCalls && !_suspects.HasCalls => CallProbe(),
                _ => [],
            };
        }
    }

    /// <summary>The mail has asked within its call, or will not.</summary>
    public void EndCall(string mailId)
    {
        lock (_gate)
        {
            _common.EndCall(mailId);
            _suspects.EndCall(mailId);
        }
    }

    /// <summary>There is nothing to remember of it.</summary>
    public bool IsForgettable(TimeSpan after)
    {
        lock (_gate) return _breaker.IsWell && _common.IsIdle && _suspects.IsIdle && _time.GetUtcNow() - _usedAt > after;
    }

    private TurnQueue QueueOf(bool isSuspect) => isSuspect ? _suspects : _common;

    private static List<string> CallAll(TurnQueue queue)
    {
        var called = new List<string>();
        while (queue.Call() is { } next) called.Add(next);
        return called;
    }

    private bool MayProbe(string mailId, bool isSuspect) =>
        _probe == mailId || (_probe is null && (_common.Waiting == 0 || _common.HasPlace(mailId) || !(isSuspect || _failedProbes.Contains(mailId))));

    private List<string> CallProbe()
    {
        if ((_common.CallOldest(_failedProbes) ?? _suspects.CallOldest(_failedProbes)) is not { } probe) return [];
        // All have been tried: another round.
        if (_failedProbes.Contains(probe)) _failedProbes.Clear();
        return [probe];
    }

    private void Remember(string mailId, DateTimeOffset at)
    {
        _failures.Enqueue((mailId, at));
        if (_failures.Count > RememberedFailures) _failures.Dequeue();
    }

    private TimeSpan Pause(TurnQueue queue)
    {
        var pause = Math.Clamp(queue.Waiting / AsksPerSecond, _pause.TotalSeconds, Math.Max(_pause.TotalSeconds, MaxPause.TotalSeconds));
        return TimeSpan.FromSeconds(pause * (1 - (Jitter * Random.Shared.NextDouble())));
    }

    private string DescribeFault()
    {
        var next = _breaker.State is BreakerState.Open ? $"tried again at {Clock(_breaker.NextTryAt)}" : "being tried again";
        return $"{_service} is down since {Clock(_breaker.DownSince)} and {next}; {_breaker.LastFault}";
    }

    private static string Clock(DateTimeOffset at) => at.ToString("HH:mm:ss", CultureInfo.InvariantCulture);
}
