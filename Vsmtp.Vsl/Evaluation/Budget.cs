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
    private readonly int _maxDepth;
    private long _stepsLeft;
    private long _stepsToClock;
    private long _bytes;
    private long _outputChars;
    private TimeSpan _slept;

    public Budget(BudgetLimits limits, TimeProvider time, CancellationToken cancellation)
    {
        _limits = limits;
        _time = time;
        _cancellation = cancellation;
        _started = time.GetTimestamp();
        _maxDepth = limits.MaxDepth;
        _stepsLeft = limits.MaxSteps;
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

    /// <summary>Script functions inside each other at this moment.</summary>
    public int Depth { get; private set; }

    public long BytesLeft => Math.Max(0, _limits.MaxAllocatedBytes - _bytes);

    /// <param name="weight">More than one for work that grows with its operands.</param>
    public ScriptError? ChargeStep(in SourceSpan span, long weight = 1) =>
        (_stepsToClock -= weight) >= 0 ? null : CountSteps(span);

    /// <summary>Looks at the clock and the token; after every wait, and every few hundred steps.</summary>
    public ScriptError? CheckClock(in SourceSpan span)
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
    public ScriptError? Enter(in SourceSpan span)
    {
        if (Depth >= _maxDepth)
            return Spent ?? Fail($"Too many calls inside each other: more than {_limits.MaxDepth}", span);
        Depth++;
        return null;
    }

    /// <summary>As <see cref="Enter"/> and a step, where nothing stands in the way and the stack need not be looked at.</summary>
    /// <param name="callsPerLook">A power of two: at every so many depths the stack is to be looked at.</param>
    public bool TryEnter(int callsPerLook)
    {
        var depth = Depth;
        if ((depth & (callsPerLook - 1)) == 0 || depth >= _maxDepth || _stepsToClock <= 0) return false;
        _stepsToClock--;
        Depth = depth + 1;
        return true;
    }

    public void Leave() => Depth--;

    public ScriptError Fail(string message, in SourceSpan span)
    {
        _stepsToClock = -1;                                    // so that no step goes on without asking
        return Spent ??= ScriptError.FromLimit(message, span);
    }

    /// <summary>Counts the steps since the last look at the clock, and looks at it.</summary>
    private ScriptError? CountSteps(in SourceSpan span)
    {
        if (Spent is not null) return Spent;
        _stepsLeft += _stepsToClock;
        _stepsToClock = 0;
        if (_stepsLeft < 0) return Fail($"Script ran too long: more than {_limits.MaxSteps} steps", span);
        _stepsToClock = Math.Min(StepsBetweenClockReads, _stepsLeft);
        _stepsLeft -= _stepsToClock;
        return CheckClock(span);
    }
}
