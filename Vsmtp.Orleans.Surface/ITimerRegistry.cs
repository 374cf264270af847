using Orleans.Runtime;

namespace Orleans.Timers;

/// <summary>Makes the timers of activations; the host's part of <see cref="GrainBaseExtensions"/>.</summary>
public interface ITimerRegistry
{
    IGrainTimer RegisterGrainTimer<TState>(
        IGrainContext grainContext, Func<TState, CancellationToken, Task> callback, TState state, GrainTimerCreationOptions options);
}
