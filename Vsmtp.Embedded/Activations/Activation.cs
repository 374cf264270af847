using Orleans;
using Orleans.Runtime;
using Vsmtp.Embedded.Calls;
using Vsmtp.Embedded.Classes;
using Vsmtp.Embedded.Timers;

namespace Vsmtp.Embedded.Activations;

/// <summary>One grain in memory: the calls that run, those that wait, and where it is in its life.</summary>
/// <remarks>
/// All fields are guarded by one lock, under which no code of a grain or caller runs. Calls are started here and run as turns of
/// the <see cref="ActivationScheduler"/>, so this file may be entered from any thread and the grain never is.
/// </remarks>
internal sealed partial class Activation : IGrainContext
{
    private readonly Lock _gate = new();
    private readonly ActivationCatalog _catalog;
    private readonly ActivationScheduler _scheduler;
    private readonly WheelSeat _seat;
    private readonly List<GrainCall> _running = [];
    private readonly List<GrainTimer> _timers = [];
    private Queue<GrainCall> _waiting;
    private ActivationPhase _phase;
    private DeactivationReason? _ending;   // asked for, and not yet begun while calls run
    private bool _endsWhenEmpty;           // the calls that wait still run here
    private int _blocking;                 // running calls that do not interleave
    private int _writing;                  // those of them that may change state
    private long _idleSince;
    private long _nextVisit = long.MaxValue;
    private TaskCompletionSource? _gone;

    /// <summary>Makes one that nobody knows yet.</summary>
    /// <param name="inherited">Calls that the activation before it took and did not begin, in order.</param>
    public Activation(ActivationCatalog catalog, GrainClass grainClass, ActivationKey key, Queue<GrainCall>? inherited = null)
    {
        _waiting = inherited ?? new Queue<GrainCall>();
        foreach (var call in _waiting) call.Activation = this;
        _catalog = catalog;
        _scheduler = new ActivationScheduler(this);
        _seat = new WheelSeat(this);
        Class = grainClass;
        Key = key;
    }

    public GrainClass Class { get; }

    public ActivationKey Key { get; }

    public GrainId GrainId => new(Class.Type, IdSpan.Create(Key.Key));

    public object? GrainInstance { get; private set; }

    public IServiceProvider ActivationServices => _scope.ServiceProvider;

    /// <summary>Calls that run and wait; read without the lock, to choose among stateless workers.</summary>
    public int Load => _running.Count + _waiting.Count;

    private bool IsEmpty => _running.Count == 0 && _waiting.Count == 0;

    /// <summary>Takes a call, to be run now or later.</summary>
    /// <returns>False when this activation is gone: the catalog has another by now, or makes one.</returns>
    public bool TryTake(GrainCall call)
    {
        lock (_gate)
        {
            if (_phase is ActivationPhase.Gone) return false;
            call.Activation = this;
            if (_phase is ActivationPhase.Fresh) BeginActivating();
            if (_phase is ActivationPhase.Running && (call.Interleaves ? MayPass() : _waiting.Count == 0 && MayStart(call))) Start(call);
            else _waiting.Enqueue(call);
            if (call.Deadline < _nextVisit) VisitAt(call.Deadline);
        }

        return true;
    }

    /// <summary>A call has ended, whatever its outcome.</summary>
    public void Ended(GrainCall call)
    {
        lock (_gate)
        {
            _running[call.Slot] = _running[^1];
            _running[call.Slot].Slot = call.Slot;
            _running.RemoveAt(_running.Count - 1);
            if (!call.Interleaves) _blocking--;
            if (!call.Interleaves && !call.IsReadOnly) _writing--;
            if (call.CountsAsUse) _idleSince = _catalog.Now;
            StartWaiting();
            EndIfAsked();
        }
    }

    /// <summary>Ends this activation if <paramref name="failure"/> says that its memory is behind the store.</summary>
    public void DropIfStale(Exception? failure)
    {
        if (failure is not Orleans.Storage.InconsistentStateException { IsSourceActivation: true } stale) return;
        stale.IsSourceActivation = false;
        _catalog.LogStateWasStale(GrainId, stale);
        Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationError, "The state was stale."));
    }

    /// <summary>Fails the calls whose callers no longer wait, and ends the activation when it has been idle for long enough.</summary>
    /// <returns>When to look again, as a time stamp; null when it is gone.</returns>
    public long? Visit(long now)
    {
        lock (_gate)
        {
            if (_phase is ActivationPhase.Gone) return null;
            if (now < _nextVisit) return null;   // an earlier call's visit; the one that counts is still to come
            var next = long.MaxValue;
            foreach (var call in _running) next = Math.Min(next, Expire(call, now));
            foreach (var call in _waiting) next = Math.Min(next, Expire(call, now));
            while (_waiting.TryPeek(out var first) && first.Deadline <= now) _waiting.Dequeue();

            if (_phase is ActivationPhase.Running && IsEmpty && _ending is null)
            {
                var end = _idleSince + _catalog.CollectionAge;
                if (now >= end) Ask(new DeactivationReason(DeactivationReasonCode.ActivationIdle, "Nobody called it."));
                else next = Math.Min(next, end);
            }

            _nextVisit = Math.Min(next, now + _catalog.CollectionAge);
            return _nextVisit;
        }
    }

    private static long Expire(GrainCall call, long now)
    {
        if (call.Deadline > now) return call.Deadline;
        if (call.IsOverdue) return long.MaxValue;
        call.IsOverdue = true;
        call.FailLater(new TimeoutException($"{call.Activation!.GrainId}: no answer to {call.Name} in time. It may still be carried out."));
        return long.MaxValue;
    }

    private void VisitAt(long when)
    {
        _nextVisit = when;
        _catalog.Wheel.Add(_seat, when);
    }

    /// <summary>Whether an interleaving call may start; once the end is near only those that a running call may be waiting for.</summary>
    private bool MayPass() => _ending is null || _endsWhenEmpty || (_running.Count > 0 && RuntimeContext.Current == this);

    private bool MayStart(GrainCall call) =>
        (_ending is null || _endsWhenEmpty) && (call.Interleaves || _blocking == 0 || (call.IsReadOnly && _writing == 0));

    private void StartWaiting()
    {
        while (_phase is ActivationPhase.Running && _waiting.TryPeek(out var call) && (call.Deadline <= _catalog.Now || MayStart(call)))
        {
            _waiting.Dequeue();
            if (call.Deadline > _catalog.Now) Start(call);
            else Expire(call, call.Deadline);
        }
    }

    private void Start(GrainCall call)
    {
        call.Slot = _running.Count;
        _running.Add(call);
        if (!call.Interleaves) _blocking++;
        if (!call.Interleaves && !call.IsReadOnly) _writing++;
        _scheduler.Add(call);
    }
}
