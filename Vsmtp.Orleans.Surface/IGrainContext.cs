namespace Orleans.Runtime;

/// <summary>One activation, as the host sees it.</summary>
public interface IGrainContext
{
    /// <summary>The identity of the grain.</summary>
    GrainId GrainId { get; }

    /// <summary>The grain object; null until it has been made.</summary>
    object? GrainInstance { get; }

    /// <summary>The services of the activation.</summary>
    IServiceProvider ActivationServices { get; }

    /// <summary>Ends the activation once the calls that it has are done.</summary>
    void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default);
}
