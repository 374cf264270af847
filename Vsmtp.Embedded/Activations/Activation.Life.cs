using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;
using Vsmtp.Embedded.Calls;
using Vsmtp.Embedded.Timers;

namespace Vsmtp.Embedded.Activations;

/// <content>How an activation begins and ends.</content>
internal sealed partial class Activation
{
    private AsyncServiceScope _scope;

    /// <summary>Ends the activation once the calls that run are done. Calls that wait go to the next one.</summary>
    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default)
    {
        lock (_gate) Ask(deactivationReason);
    }

    /// <summary>Begins with the calls that it was made with, unless a new one has set it going.</summary>
    public void Begin()
    {
        lock (_gate)
        {
            if (_phase is ActivationPhase.Fresh) BeginActivating();
        }
    }

    /// <summary>Ends the activation once it has nothing more to do; complete when it is gone.</summary>
    public Task DrainAsync()
    {
        lock (_gate)
        {
            if (_phase is ActivationPhase.Fresh) LeaveUnused();
            if (_phase is ActivationPhase.Gone) return Task.CompletedTask;
            _gone ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _endsWhenEmpty = true;
            StopTimers();
            Ask(new DeactivationReason(DeactivationReasonCode.ShuttingDown, "The host stops."));
            return _gone.Task;
        }
    }

    /// <summary>Fails all callers: the process ends before their calls do.</summary>
    public void Abandon(Exception why)
    {
        lock (_gate)
        {
            foreach (var call in _running.Concat(_waiting)) call.FailLater(why);
            _waiting.Clear();
        }
    }

    /// <summary>Makes a timer of this grain known, so that it ends with it.</summary>
    public void Keep(GrainTimer timer)
    {
        lock (_gate)
        {
            if (_phase is ActivationPhase.Ending or ActivationPhase.Gone || _endsWhenEmpty) timer.Stop();
            else _timers.Add(timer);
        }
    }

    public void Forget(GrainTimer timer)
    {
        lock (_gate) _timers.Remove(timer);
    }

    private void Ask(DeactivationReason reason)
    {
        _ending ??= reason;
        EndIfAsked();
    }

    private void EndIfAsked()
    {
        if (_ending is null || _phase is not ActivationPhase.Running || _running.Count > 0) return;
        if (_endsWhenEmpty && _waiting.Count > 0) return;
        _phase = ActivationPhase.Ending;
        StopTimers();
        _scheduler.Add(new Stage(EndAsync));
    }

    private void StopTimers()
    {
        foreach (var timer in _timers) timer.Stop();
        _timers.Clear();
    }

    private void BeginActivating()
    {
        _phase = ActivationPhase.Activating;
        VisitAt(_catalog.Now + _catalog.CollectionAge);
        _scheduler.Add(new Stage(BeginAsync));
    }

    private async Task BeginAsync()
    {
        try
        {
            _scope = _catalog.Services.CreateAsyncScope();
            await Class.MakeAsync(this, grain => GrainInstance = grain).ConfigureAwait(true);
            if (Class.HasOnActivate)
            {
                using var patience = _catalog.NewPatience();
                await ((IGrainBase)GrainInstance!).OnActivateAsync(patience.Token).ConfigureAwait(true);
            }
        }
        catch (Exception failure)
        {
            await FailAsync(failure).ConfigureAwait(true);
            return;
        }

        lock (_gate)
        {
            _phase = ActivationPhase.Running;
            _idleSince = _catalog.Now;

            // Asked to end while it was being made, it still serves one call: else a grain that always asks so serves none, for ever.
            if (_ending is not null && _waiting.TryDequeue(out var first)) Start(first);
            StartAllThatMay();
            EndIfAsked();
        }
    }

    /// <summary>What interleaves does not stand behind what waits; later on it never waits.</summary>
    private void StartAllThatMay()
    {
        for (var left = _waiting.Count; left > 0; left--)
        {
            var call = _waiting.Dequeue();
            if (MayStart(call)) Start(call);
            else _waiting.Enqueue(call);
        }
    }

    private async Task FailAsync(Exception failure)
    {
        _catalog.LogActivationFailed(GrainId, failure);
        Queue<GrainCall> failed;
        lock (_gate)
        {
            StopTimers();
            failed = Leave();
            Class.Remove(this);
        }

        foreach (var call in failed) call.Fail(failure);
        await DisposeAsync().ConfigureAwait(true);
        _gone?.TrySetResult();
    }

    private async Task EndAsync()
    {
        try
        {
            if (Class.HasOnDeactivate)
            {
                using var patience = _catalog.NewPatience();
                await ((IGrainBase)GrainInstance!).OnDeactivateAsync(_ending!.Value, patience.Token).ConfigureAwait(true);
            }
        }
        catch (Exception failure)
        {
            _catalog.LogDeactivationFailed(GrainId, failure);
        }

        await DisposeAsync().ConfigureAwait(true);
        lock (_gate)
        {
            var left = new Queue<GrainCall>(Leave().Where(call => call is not TimerTick));
            if (left.Count == 0) Class.Remove(this);
            else Class.Replace(this, new Activation(_catalog, Class, Key, left));
        }

        _gone?.TrySetResult();
    }

    /// <summary>Nobody came: one who comes now finds it gone and makes another.</summary>
    private void LeaveUnused()
    {
        Leave();
        Class.Remove(this);
    }

    /// <summary>From here on this takes no call. The catalog must be told under the same lock.</summary>
    private Queue<GrainCall> Leave()
    {
        _phase = ActivationPhase.Gone;
        _seat.Leave();
        var left = _waiting;
        _waiting = new Queue<GrainCall>();
        return left;
    }

    private async Task DisposeAsync()
    {
        try
        {
            if (GrainInstance is IAsyncDisposable asynchronous) await asynchronous.DisposeAsync().ConfigureAwait(true);
            else (GrainInstance as IDisposable)?.Dispose();
            await _scope.DisposeAsync().ConfigureAwait(true);
        }
        catch (Exception failure)
        {
            _catalog.LogDeactivationFailed(GrainId, failure);
        }
    }

    /// <summary>Beginning or ending as a turn.</summary>
    private sealed class Stage(Func<Task> body) : ITurn
    {
        public void Run() => _ = body();
    }
}
