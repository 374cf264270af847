using Vsmtp.Contracts.Pace;
using Vsmtp.Delivery.Work;

namespace Vsmtp.Delivery.Pace;

/// <summary>This process' share of a pace (<see cref="IPaceGrain"/>): how many of its mails may go at once. Thread-safe.</summary>
/// <remarks>
/// It asks the grain when the first mail comes, once a second while there are mails, and at once when more come than it has asked for, or when
/// something was learnt. While the grain does not answer, one mail goes at a time: mail flows, and no destination is flooded.
/// </remarks>
internal sealed class LeasedPace : ITurns
{
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(1);

    private readonly PaceTerms _terms;
    private readonly string _holder;
    private readonly Func<PaceReport, Task<PaceLease>> _lease;
    private readonly Action<Exception> _onFault;
    private readonly TimeProvider _time;
    private readonly ITimer _clock;
    private readonly Lock _gate = new();
    private readonly LinkedList<TaskCompletionSource> _waiting = [];
    private int _width;
    private int _used;
    private bool _isKnown;          // the grain counts a share of ours, or is to be told something
    private bool _isAsking;
    private bool _asksAgain;
    private bool _isShort;          // the newest lease is less than was wanted
    private bool _hasFailed;        // the newest call; of one call at a time
    private TimeSpan _duration = TimeSpan.FromSeconds(5);
    private PaceReport _news;
    private long _pausedAt;
    private TimeSpan _pause;
    private string _fault = "";

    /// <param name="terms">The grain's bounds and this process'.</param>
    /// <param name="holder">Under which the grain knows this share.</param>
    /// <param name="lease">Asks the grain.</param>
    /// <param name="onFault">Told of the first of several calls in a row that failed.</param>
    /// <param name="time">Its clock.</param>
    public LeasedPace(PaceTerms terms, string holder, Func<PaceReport, Task<PaceLease>> lease, Action<Exception> onFault, TimeProvider time)
    {
        (_terms, _holder, _lease, _onFault, _time) = (terms, holder, lease, onFault, time);
        _news = NoNews;
        _clock = time.CreateTimer(static pace => ((LeasedPace)pace!).Ask(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>It must not be forgotten: the grain counts on it.</summary>
    public bool IsKept
    {
        get
        {
            lock (_gate) return _isKnown;
        }
    }

    /// <summary>Nobody is to be asked now: why, in words; null: go on.</summary>
    public string? WhyPaused
    {
        get
        {
            lock (_gate) return _time.GetElapsedTime(_pausedAt) < _pause ? $"not tried for now, since no server there could be used: {_fault}" : null;
        }
    }

    private int Wanted => Math.Min(_used + _waiting.Count, _terms.MostHere);

    private PaceReport NoNews => new() { Holder = _holder, Wanted = 0, InUse = 0, First = _terms.First, Most = _terms.Most };

    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        TaskCompletionSource turn;
        lock (_gate)
        {
            if (_used < _width && _waiting.Count == 0)
            {
                _used++;
                return new Slot(this);
            }

            turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.AddLast(turn);
        }

        using var impatience = cancellationToken.UnsafeRegister(_ => GiveUp(turn, cancellationToken), null);
        if (IsWorthAsking()) Ask();
        await turn.Task.ConfigureAwait(false);
        return new Slot(this);
    }

    /// <summary>A server took a mail, or refused it for its own sake.</summary>
    public void Answered()
    {
        lock (_gate)
        {
            _news = _news with { Answered = _news.Answered + 1 };
            // The grain may let more go by now.
            if (!_isShort || _waiting.Count == 0 || _news.Answered < _width) return;
        }

        Ask();
    }

    /// <summary>A server said that it has enough.</summary>
    public void Refused()
    {
        lock (_gate)
        {
            _width = Math.Max(1, _width / 2);
            _news = _news with { Refused = _news.Refused + 1 };
        }

        Ask();
    }

    /// <summary>No server of the destination answered.</summary>
    public void Unanswered(string fault)
    {
        lock (_gate)
        {
            _width = 1;
            _news = _news with { Unanswered = _news.Unanswered + 1, Fault = fault };
        }

        Ask();
    }

    public void Dispose() => _clock.Dispose();

    /// <summary>The grain has given all that it was asked for, or was not asked yet.</summary>
    private bool IsWorthAsking()
    {
        lock (_gate) return !(_isKnown && _isShort);
    }

    private void Ask() => _ = AskAsync();

    private async Task AskAsync()
    {
        lock (_gate)
        {
            _asksAgain = _isAsking;
            if (_isAsking) return;
            _isAsking = _isKnown = true;
        }

        for (var isOver = false; !isOver;)
        {
            // A pause counts from here: the grain says what is left of it, and its answer may be long under way.
            var askedAt = _time.GetTimestamp();
            var report = TakeReport();
            var lease = await LeaseAsync(report, askedAt).ConfigureAwait(false);
            isOver = Apply(report, lease, askedAt);
        }
    }

    private PaceReport TakeReport()
    {
        lock (_gate)
        {
            var report = _news with { Wanted = Wanted, InUse = _used };
            (_news, _asksAgain) = (NoNews, false);
            return report;
        }
    }

    private async Task<PaceLease> LeaseAsync(PaceReport report, long askedAt)
    {
        try
        {
            // Before the grain gives the share to others.
            var lease = await _lease(report).WaitAsync(_duration - Renewal, _time).ConfigureAwait(false);
            _hasFailed = false;
            _duration = lease.Duration;
            return lease;
        }
        catch (Exception fault)
        {
            if (!_hasFailed) _onFault(fault);
            _hasFailed = true;
            return LeaseWithout(report, askedAt);
        }
    }

    /// <summary>Without the grain what is known holds on, and what it was to be told waits.</summary>
    private PaceLease LeaseWithout(PaceReport report, long askedAt)
    {
        lock (_gate)
        {
            _news = _news with
            {
                Answered = _news.Answered + report.Answered,
                Refused = _news.Refused + report.Refused,
                Unanswered = _news.Unanswered + report.Unanswered,
                Fault = _news.Fault.Length > 0 ? _news.Fault : report.Fault,
            };
            var left = _pause - _time.GetElapsedTime(_pausedAt, askedAt);
            return new PaceLease(Math.Min(1, report.Wanted), _duration, left > TimeSpan.Zero ? left : TimeSpan.Zero, _fault);
        }
    }

    /// <returns>Whether there is nothing to ask at once.</returns>
    private bool Apply(PaceReport report, PaceLease lease, long askedAt)
    {
        lock (_gate)
        {
            (_width, _isShort) = (lease.Width, lease.Width < report.Wanted);
            (_pausedAt, _pause, _fault) = (askedAt, lease.Pause, lease.Fault);
            LetGo();
            if (_asksAgain || (!_isShort && Wanted > report.Wanted)) return false;
            _isAsking = false;
            _isKnown = report.Wanted > 0 || _hasFailed;
            _clock.Change(_isKnown ? Renewal : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return true;
        }
    }

    /// <summary>Under the lock.</summary>
    private void LetGo()
    {
        while (_used < _width && _waiting.First is { } first)
        {
            _waiting.RemoveFirst();
            _used++;
            first.Value.SetResult();
        }
    }

    private void GiveUp(TaskCompletionSource turn, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_waiting.Remove(turn)) turn.SetCanceled(cancellationToken);
        }
    }

    private void Leave()
    {
        lock (_gate)
        {
            _used--;
            LetGo();
        }
    }

    private sealed class Slot(LeasedPace pace) : IDisposable
    {
        private LeasedPace? _pace = pace;

        public void Dispose() => Interlocked.Exchange(ref _pace, null)?.Leave();
    }
}
