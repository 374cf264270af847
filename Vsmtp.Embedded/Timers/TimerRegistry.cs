using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Orleans.Timers;
using Vsmtp.Embedded.Activations;

namespace Vsmtp.Embedded.Timers;

/// <summary>Makes the timers of activations.</summary>
internal sealed class TimerRegistry(TimeProvider time, ILogger<TimerRegistry> logger) : ITimerRegistry
{
    public IGrainTimer RegisterGrainTimer<TState>(
        IGrainContext grainContext, Func<TState, CancellationToken, Task> callback, TState state, GrainTimerCreationOptions options)
    {
        ArgumentNullException.ThrowIfNull(callback);
        GrainTimer.Check(options.DueTime, nameof(options));
        GrainTimer.Check(options.Period, nameof(options));
        var activation = (Activation)grainContext;
        var timer = new GrainTimer(activation, token => callback(state, token), options, time, logger);
        activation.Keep(timer);
        timer.Change(options.DueTime, options.Period);
        return timer;
    }
}
