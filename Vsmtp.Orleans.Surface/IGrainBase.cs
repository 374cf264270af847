using Orleans.Runtime;

namespace Orleans;

/// <summary>What every grain class is: its context and its life.</summary>
public interface IGrainBase
{
    /// <summary>The activation that this grain object belongs to.</summary>
    IGrainContext GrainContext { get; }

    /// <summary>Called once, after the state facets were read, before the first call.</summary>
    Task OnActivateAsync(CancellationToken token) => Task.CompletedTask;

    /// <summary>Called once, after the last call.</summary>
    Task OnDeactivateAsync(DeactivationReason reason, CancellationToken token) => Task.CompletedTask;
}
