namespace Vsmtp.Vsl.Evaluation;

/// <summary>The counters of one run. Every method gives null, or the error that ends the run.</summary>
internal sealed class Budget
{
    private const int StepsBetweenClockReads = 256;
    private const int BytesPerItem = 24;

    private readonly BudgetLimits _limits;
    private readonly TimeProvider _time;
    private readonly CancellationToken _cancellation;
    private readonly long _started;
    private long _steps;
    private long _stepsToClock = StepsBetweenClockReads;
    private long _bytes;
    private long _outputChars;
    private TimeSpan _slept;
    private int _depth;

    public Budget(BudgetLimits limits, TimeProvider time, CancellationToken cancellation)
    {
        _limits = limits;
        _time = time;
        _cancellation = cancellation;
        _started = time.GetTimestamp();
    }

    /// <summary>The first limit that was hit; a run that has hit one never goes on.</summary>
    public ScriptError? Spent { get; private set; }

    public TimeSpan TimeLeft
    {
        get
        {
            var left = _limits.MaxTime - _time.GetElapsedTime(_started);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    public long BytesLeft => Math.Max(0, _limits.MaxAllocatedBytes - _bytes);

    /// <param name="weight">More than one for work that grows with its operands.</param>
    public ScriptError? ChargeStep(SourceSpan span, long weight = 1)
    {
        if (Spent is not null) return Spent;
        _steps += weight;
        if (_steps > _limits.MaxSteps) return Fail($"Script ran too long: more than {_limits.MaxSteps} steps", span);
        if ((_stepsToClock -= weight) > 0) return null;
        _stepsToClock = StepsBetweenClockReads;
        return CheckClock(span);
    }

    /// <summary>Looks at the clock and the token; after every wait, and every few hundred steps.</summary>
    public ScriptError? CheckClock(SourceSpan span)
    {
        if (_cancellation.IsCancellationRequested) return Fail("Script was cancelled", span);
        return TimeLeft == TimeSpan.Zero ? Fail($"Script ran too long: more than {_limits.MaxTime.TotalSeconds} s", span) : null;
    }

    /// <summary>Counted before the memory is taken, so that an absurd size fails without being tried.</summary>
    public ScriptError? ChargeBytes(long bytes)
    {
        if (Spent is not null) return Spent;
        _bytes = bytes > _limits.MaxAllocatedBytes ? bytes : _bytes + bytes;
        return _bytes > _limits.MaxAllocatedBytes
            ? Fail($"Script needs too much memory: more than {_limits.MaxAllocatedBytes} bytes", SourceSpan.None)
            : null;
    }

    public ScriptError? ChargeItems(long count) =>
        ChargeBytes(count > long.MaxValue / BytesPerItem ? long.MaxValue : count * BytesPerItem);

    public ScriptError? ChargeOutput(int chars)
    {
        if (Spent is not null) return Spent;
        return (_outputChars += chars) > _limits.MaxOutputChars
            ? Fail($"Script prints too much: more than {_limits.MaxOutputChars} characters", SourceSpan.None)
            : null;
    }

    /// <summary>Takes time to sleep from what is left of it.</summary>
    public bool TrySleep(TimeSpan time)
    {
        if (time > _limits.MaxSleep - _slept) return false;
        _slept += time;
        return true;
    }

    public TimeSpan MaxSleep => _limits.MaxSleep;

    /// <summary>Goes one call deeper; each null answer is paired with one <see cref="Leave"/>.</summary>
    public ScriptError? Enter(SourceSpan span)
    {
        if (Spent is not null) return Spent;
        if (_depth >= _limits.MaxDepth) return Fail($"Too many calls inside each other: more than {_limits.MaxDepth}", span);
        _depth++;
        return null;
    }

    public void Leave() => _depth--;

    public ScriptError Fail(string message, SourceSpan span) => Spent ??= ScriptError.FromLimit(message, span);
}
