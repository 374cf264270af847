namespace Vsmtp.Embedded.Activations;

/// <summary>By which the <see cref="ActivationWheel"/> knows an activation, so that one that is gone can be collected before the wheel comes to it.</summary>
internal sealed class WheelSeat(Activation activation)
{
    private volatile Activation? _activation = activation;

    /// <summary>Null: it is gone.</summary>
    public Activation? Activation => _activation;

    public void Leave() => _activation = null;
}
