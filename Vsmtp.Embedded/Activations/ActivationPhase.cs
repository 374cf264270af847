namespace Vsmtp.Embedded.Activations;

/// <summary>Where an activation is in its life; it only moves downwards.</summary>
internal enum ActivationPhase
{
    /// <summary>Nobody has called it.</summary>
    Fresh,

    /// <summary>Being made: calls wait.</summary>
    Activating,

    /// <summary>Calls run.</summary>
    Running,

    /// <summary>No call runs any more; those that come wait for the next activation.</summary>
    Ending,

    /// <summary>Takes nothing.</summary>
    Gone,
}
